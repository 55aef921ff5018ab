"""Document Bundles of others are read as far as their codes are known, and the rest is listed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.fhir.export import export
from ehr_prehospital.exchange.fhir.importing import import_document, read_document
from ehr_prehospital.exchange.fhir.validation import Unreadable
from tests.rules.full_record import full
from tests.rules.nemsis_files import STANDARDS

EXAMPLES = STANDARDS / "ch-ems" / "examples"
needs_examples = pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="the CH EMS examples are not beside this checkout"
)


@needs_examples
def test_a_swiss_document_is_read() -> None:
    reading = read_document((EXAMPLES / "Bundle-1-Einsatzprotokoll.json").read_bytes())
    record = reading.record
    assert record.value("identity.name") == "Thomas Müller"
    assert record.value("times.on_scene") == "2016-12-10T12:17:00.000+01:00"
    assert record.value("times.at_destination") == "2016-12-10T12:54:00.000+01:00"
    assert record.value("situation.primary_impression") == "icd10:I21.0"
    assert [one.value for one in record.every("history.allergy")] == [
        "snomed:419263009",
        "snomed:410942007",
    ]
    first, last = record.groups("vital")
    assert {name: rows[0].value for name, rows in first.items()} == {
        "vital.gcs_total": "15",
        "vital.gcs_motor": "6",
        "vital.gcs_verbal": "5",
        "vital.gcs_eye": "4",
        "vital.systolic": "120",
        "vital.diastolic": "80",
    }
    assert last["vital.gcs_total"][0].value == "15"
    drugs = [rows["medication.drug"][0].value for rows in record.groups("medication")]
    assert drugs == ["FENTANYL Sintetica Inj Lös 0.5 mg/10ml", "NITROLINGUAL Pumpspray"]
    assert any("NACA" in line for line in reading.not_understood)
    assert any("Coverage" in line for line in reading.not_understood)


@needs_examples
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("Bundle-*.json")), ids=lambda path: path.stem)
def test_every_swiss_document_can_go_on_as_one_of_ours(path: Path) -> None:
    (record,) = import_document(path.read_bytes())
    assert len(record.statements) > 20
    again = read_document(export(record)).record
    assert on_scene(again) == on_scene(record)


def on_scene(record: CanonicalRecord) -> datetime:
    return datetime.fromisoformat(record.value("times.on_scene"))


def test_what_we_write_we_read() -> None:
    there = {(one.element, one.value) for one in read_document(export(full())).record.statements}
    wanted = {
        (one.element, one.value)
        for one in full().statements
        if one.head in ("vital", "times", "response", "form", "body") and one.value
    }
    assert len(wanted) > 60
    missing = {one for one in wanted - there if not one[0].startswith(("form.", "times."))}
    assert missing == set()


@pytest.mark.parametrize("content", [b"{}", b"<a/>", b'{"resourceType":"Bundle","type":"batch"}'])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_document(content)
