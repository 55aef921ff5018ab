"""Where the clinical numbers come from: a row that changed since its check is not checked."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from config.source_table import files
from dispatch import sources
from ehr_prehospital.record.form_files import forms, forms_bytes
from ehr_prehospital.record.formulary import formulary, formulary_bytes

ROW = """
[drug.aspirin]
unit = "mg"

[[drug.aspirin.uses]]
id = "acs"
adult = {{ fixed = [{dose}] }}
source = "a guideline"
checked = "2026-11-23"
checked_against = "its table 3"
checked_digest = "{digest}"
"""


def raw(file: Path) -> sources.Table:
    return tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)


def written(folder: Path, dose: str, digest: str) -> Path:
    file = folder / "drugs.toml"
    file.write_text(ROW.format(dose=dose, digest=digest), encoding="utf-8")
    return file


@pytest.mark.parametrize("file", list(files()), ids=lambda file: file.name)
def test_what_is_called_checked_still_says_what_was_checked(file: Path) -> None:
    changed = {
        name or file.name: sources.digest(row)
        for name, row in sources.sourced(raw(file))
        if row.get("checked") and not sources.standing(row)
    }

    assert changed == {}, (
        "compare these rows with their sources again and write the day, what was seen and this "
        'digest beside them, or `checked = ""`'
    )


@pytest.mark.parametrize("file", list(files()), ids=lambda file: file.name)
def test_every_row_says_whether_it_was_checked(file: Path) -> None:
    rows = list(sources.sourced(raw(file)))

    assert rows
    assert [name for name, row in rows if "checked" not in row] == []


def test_a_dose_that_changes_is_not_checked_any_more(tmp_path: Path) -> None:
    fresh = sources.rows(sources.read(written(tmp_path, "300.0", "")))
    [(_, row)] = sources.sourced(raw(written(tmp_path, "300.0", "")))
    digest = sources.digest(row)

    [kept] = sources.rows(sources.read(written(tmp_path, "300.0", digest)))
    [changed] = sources.rows(sources.read(written(tmp_path, "900.0", digest)))

    assert [one.checked for one in fresh] == [""]
    assert (kept.name, kept.checked) == ("drug.aspirin.acs", "2026-11-23")
    assert changed.checked == ""


def test_a_check_without_what_was_seen_is_none(tmp_path: Path) -> None:
    file = written(tmp_path, "300.0", "")
    [(_, row)] = sources.sourced(raw(file))
    text = ROW.format(dose="300.0", digest=sources.digest(row)).replace("its table 3", "")
    file.write_text(text, encoding="utf-8")

    assert [one.checked for one in sources.rows(sources.read(file))] == [""]


def test_the_tablet_hears_which_rows_were_checked() -> None:
    uses = {f"{drug.code}.{use.id}": use for drug in formulary().values() for use in drug.uses}

    assert uses["aspirin.acs"].checked
    assert not uses["midazolam.seizure_vein"].checked
    assert forms()["race"].checked
    assert not forms()["psychiatric"].checked
    assert b'"checked":"2026' in formulary_bytes()
    assert b'"checked":""' in forms_bytes()


def test_every_bound_of_a_drug_names_its_source() -> None:
    bounded = [drug for drug in formulary().values() if drug.bounds or drug.never_with]

    assert bounded
    assert [drug.code for drug in bounded if not drug.source] == []
