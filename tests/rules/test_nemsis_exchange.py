"""NEMSIS documents come in and go out again without a loss, through the record's own words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from ehr_prehospital.exchange.nemsis.agency import Agency
from ehr_prehospital.exchange.nemsis.export import Incomplete, export
from ehr_prehospital.exchange.nemsis.importing import import_document
from ehr_prehospital.exchange.nemsis.mapping import table
from ehr_prehospital.exchange.nemsis.structure import FILE, nodes
from ehr_prehospital.exchange.nemsis.validation import validate
from ehr_prehospital.exchange.safe_xml import Unreadable
from tests.rules.full_record import full
from tests.rules.nemsis_files import NEMSIS, STANDARDS, canonical, needs_files, samples
from tests.rules.nemsis_structure import printed
from tests.rules.records import grouped

IN_A_DOCUMENT = b'<EMSDataSet xmlns="http://www.nemsis.org"><Header>%s</Header></EMSDataSet>'
SOME_UUID = b"a1500a8d-f414-4ca3-84bc-4e0a7d0ccb15"
STORY = NEMSIS / "compliance-2025" / "full" / "2025-EMS-1-Overdose_v351.xml"


@needs_files
@pytest.mark.parametrize("path", list(samples()), ids=lambda path: path.stem)
def test_every_official_document_comes_out_as_it_came_in(path: Path) -> None:
    content = path.read_bytes()
    (record,) = import_document(content)
    assert canonical(export(record)) == canonical(content)


@needs_files
@pytest.mark.parametrize("path", list(samples()), ids=lambda path: path.stem)
def test_every_document_that_comes_out_is_valid(
    path: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.STANDARDS_DIR = STANDARDS
    (record,) = import_document(path.read_bytes())
    written = tmp_path / path.name
    written.write_bytes(export(record))
    assert [one for one in validate(written).findings if one.level == "error"] == []


@needs_files
def test_a_changed_statement_changes_its_element_and_nothing_else() -> None:
    content = STORY.read_bytes()
    (record,) = import_document(content)
    for element, value, was, now in (
        ("vital.heart_rate", "71", "<eVitals.10>44</eVitals.10>", "<eVitals.10>71</eVitals.10>"),
        ("situation.complaint", "Fell", "Appears intoxicated", "Fell"),
        ("nemsis:eScene.17", "213416", "213415", "213416"),
    ):
        at = next(n for n, one in enumerate(record.statements) if one.element == element)
        said = list(record.statements)
        said[at] = replace(said[at], value=value)
        before, after = canonical(content), canonical(export(replace(record, statements=said)))
        changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
        assert len(changed) == 1
        assert changed[0][0].replace(was, now) == changed[0][1]


@needs_files
def test_what_everybody_reads_is_in_our_words() -> None:
    (record,) = import_document(STORY.read_bytes())
    assert record.value("identity.sex") == "female"
    assert record.value("situation.acuity") == "emergent"
    assert [one.value for one in record.every("crew.role")][:2] != []
    vitals = list(record.groups("vital"))
    assert [v["vital.heart_rate"][0].value for v in vitals] == ["44", "46", "45"]
    assert vitals[0]["vital.etco2"][0].unit == "%"
    assert vitals[0]["vital.glucose"][0].unit == "mg/dL"
    assert vitals[2]["vital.pain"][0].pertinent_negative == "unable_to_complete"


@needs_files
def test_the_structure_is_the_official_one() -> None:
    assert FILE.read_text(encoding="utf-8") == printed(NEMSIS)


def test_every_row_names_an_element_of_a_report() -> None:
    for name, rows in table().rows.items():
        assert nodes()[name].is_element
        assert all(row.group in ("", *nodes()) for row in rows)


def test_what_is_mandatory_and_unsaid_is_listed() -> None:
    complete = full()
    agency = Agency("S1", "A1", "09")
    without = [one for one in complete.statements if one.element != "response.call_sign"]
    with pytest.raises(Incomplete) as caught:
        export(replace(complete, statements=without), agency=agency)
    assert caught.value.missing == ("eResponse.14",)
    with pytest.raises(Incomplete) as caught:
        export(complete)
    assert caught.value.missing == ("dAgency.01", "dAgency.02", "dAgency.04")


@pytest.mark.parametrize(
    "content",
    [
        b"<a/>",
        IN_A_DOCUMENT % b"<PatientCareReport/>",
        IN_A_DOCUMENT % (b'<PatientCareReport UUID="%s"><x/></PatientCareReport>' % SOME_UUID),
    ],
)
def test_what_is_no_report_is_refused_with_its_line(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        import_document(content)
    assert caught.value.line


@needs_files
def test_a_record_of_ours_has_no_error(tmp_path: Path, settings: Settings) -> None:
    settings.STANDARDS_DIR = STANDARDS
    path = tmp_path / "full.xml"
    path.write_bytes(export(full(), agency=Agency("S1", "A1", "09")))
    report = validate(path)
    assert report.valid
    assert {one.level for one in report.findings} == {"warning"}


def test_what_a_crew_wrote_is_in_the_document() -> None:
    lines = canonical(export(full(), agency=Agency("S1", "A1", "09")))
    for element, text in (
        ("ePatient.18", "+8613800138000"),
        ("eSituation.09", "R07.9"),
        ("eSituation.11", "I21.3"),
        ("eMedications.06", "3706005"),
        ("eExam.04", "3504007"),
        ("eExam.23", "3523013"),
        ("eProcedures.03", "268400002"),
    ):
        assert f"<{element}>{text}</{element}>" in lines
    assert sum(line.startswith("<eVitals.VitalGroup") for line in lines) == 9
    assert sum(line.startswith("<eExam.AssessmentGroup") for line in lines) == 1
    # A number that is no American one is not passed off as one.
    assert not any(line.startswith("<ePatient.12>") for line in lines)


@pytest.mark.parametrize(
    ("value", "unit", "wanted"), [("5.6", "mmol/L", "101"), ("101", "mg/dL", "101")]
)
def test_glucose_is_told_in_the_unit_of_nemsis(value: str, unit: str, wanted: str) -> None:
    sets = grouped(10, [("vital.glucose", value, unit)])
    rest = [one for one in full().statements if one.head != "vital"]
    out = export(replace(full(), statements=[*rest, *sets]), agency=Agency("S1", "A1", "09"))
    assert f"<eVitals.18>{wanted}</eVitals.18>" in canonical(out)
