"""Records as FHIR documents, and what the checker says of official ones, good and broken."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.fhir.export import export, resources
from ehr_prehospital.exchange.fhir.validation import validate, validate_resource
from ehr_prehospital.exchange.nemsis.importing import import_document
from tests.rules.elina import DIFFERS, compared, examples, short_name, values_equal
from tests.rules.full_record import empty, full, small
from tests.rules.nemsis_files import STANDARDS, stories

needs_fhir = pytest.mark.skipif(
    not (STANDARDS / "fhir-r4").is_dir(),
    reason="the official FHIR files are not beside this checkout",
)
CASES = STANDARDS / "fhir-r4" / "validator-cases"
# What this checker finds of the official broken cases; the others need a terminology server or
# definitions of search parameters and questionnaires.
CAUGHT, ALARMED = 18, 1


@pytest.fixture(autouse=True)
def standards(settings: Settings) -> None:
    settings.STANDARDS_DIR = STANDARDS if STANDARDS.is_dir() else None


def official_bundles() -> Iterator[Path]:
    for folder in ("ihe-mpsc", "ch-ems"):
        yield from sorted((STANDARDS / folder / "examples").glob("*.json"))


@needs_fhir
@pytest.mark.parametrize("kind", ["clinical_subset", "complete"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("record", [full(), small(), empty()], ids=["full", "small", "empty"])
def test_a_record_of_ours_is_a_valid_document(
    record: CanonicalRecord, kind: Any, language: Any
) -> None:
    bundle = json.loads(export(record, kind=kind, language=language))
    assert validate_resource(bundle) == ()


@needs_fhir
@pytest.mark.parametrize("path", list(stories()), ids=lambda path: path.stem)
def test_an_official_case_is_a_valid_document(path: Path) -> None:
    (record,) = import_document(path.read_bytes())
    assert validate_resource(json.loads(export(record))) == ()


@needs_fhir
@pytest.mark.parametrize("path", list(official_bundles()), ids=lambda path: path.stem)
def test_an_official_example_raises_no_alarm(path: Path) -> None:
    assert [one for one in validate(path).findings if one.level == "error"] == []


@needs_fhir
def test_of_the_official_broken_cases_so_many_are_found() -> None:
    with (CASES / "expected.tsv").open(encoding="utf-8") as file:
        known = csv.DictReader(file, delimiter="\t")
        rows = [row for row in known if (CASES / row["file"]).exists()]
    verdicts = [(row["expected"] == "ok", validate(CASES / row["file"]).valid) for row in rows]
    assert sum(not good and not valid for good, valid in verdicts) >= CAUGHT
    assert sum(good and not valid for good, valid in verdicts) <= ALARMED


@needs_fhir
@pytest.mark.parametrize("path", examples(), ids=short_name)
def test_elina_has_the_values_of_the_ihe_examples(path: Path) -> None:
    _equal, differs = compared(path)
    assert not differs or short_name(path) in DIFFERS, sorted(differs)


@needs_fhir
def test_every_named_difference_is_one() -> None:
    differ = {short_name(path) for path in examples() if compared(path)[1]}
    assert set(DIFFERS) == differ
    assert values_equal() >= 277


def test_nothing_that_was_said_is_left_out() -> None:
    text = export(full()).decode()
    for said in full().statements:
        if said.element in ("signature.image", "identity.age_years", "identity.id_type"):
            continue
        assert not said.value or said.value in text or said.en in text, said


def test_the_same_record_gives_the_same_bytes_and_stable_ids() -> None:
    assert export(full()) == export(full())
    ids = [one["id"] for one in resources(full())]
    assert len(ids) == len(set(ids))


@needs_fhir
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda bundle: bundle["entry"].pop(1), "reference"),
        (lambda bundle: bundle["entry"][0]["resource"].pop("subject"), "min"),
        (lambda bundle: bundle["entry"][0]["resource"]["section"].pop(0), "min"),
        (lambda bundle: bundle["entry"].insert(0, bundle["entry"].pop()), "bdl-11"),
        (lambda bundle: bundle.pop("identifier"), "bdl-9"),
        (lambda bundle: bundle["entry"][0]["resource"].update(confidentiality="Z"), "binding"),
        (lambda bundle: bundle["entry"][1]["resource"].update(colour="red"), "structure"),
        (lambda bundle: bundle["entry"].append(bundle["entry"][3]), "bdl-7"),
    ],
)
def test_a_document_with_a_fault_is_found_out(change: Any, rule: str) -> None:
    bundle = json.loads(export(full()))
    change(bundle)
    assert rule in {one.rule for one in validate_resource(bundle)}


@needs_fhir
@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"[" * 5000 + b"]" * 5000, "deeper"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"<a/>", "Expecting value"),
        (b"[]", "object"),
    ],
)
def test_what_is_no_fhir_is_refused(content: bytes, text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    (finding,) = validate(path).findings
    assert text in finding.text
