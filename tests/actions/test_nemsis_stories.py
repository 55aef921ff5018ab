"""The official pre-testing cases, keyed through the platform's own interface and exported again.

Every statement of a case, of the official script in words where there is one, is posted as the
crew's tablet posts it, in the order of the script, and the report is written from what the database
then holds. It has to be the official document but for what the platform makes by itself: see
`without_what_is_made`.
"""

from __future__ import annotations

import difflib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree
from rest_framework.test import APIClient

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.exchange.canonical import Statement
from ehr_prehospital.exchange.nemsis.agency import NS, agency_in
from ehr_prehospital.exchange.nemsis.export import export
from ehr_prehospital.exchange.nemsis.importing import import_document
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.record.models import Record
from tests.rules.nemsis_files import canonical, needs_files, stories
from tests.rules.nemsis_scripts import document_of, rows, script_of
from tests.town import NOW

pytestmark = [pytest.mark.slow, needs_files]
# What a report says of itself: "must be auto-generated", say the scripts.
OF_ITSELF = "nemsis:eRecord."
# What the mission in this test says by itself where a case says nothing: the determinant, the
# centre, the patient's number, the place.
OF_THE_MISSION = ("eDispatch.03", "eDispatch.04", "ePatient.01", "eScene.11", "eScene.15")


def scripts() -> list[Path]:
    """The cases that come with a script."""
    return [path for path in stories() if script_of(path).is_file()]


@pytest.mark.parametrize("path", list(stories()), ids=lambda path: path.stem)
def test_a_case_keyed_by_a_crew_is_the_official_document(
    path: Path, mission: Mission, medic_wang: User
) -> None:
    content = path.read_bytes()
    script = script_of(path)
    # In the words of the script where there is one: the older cases come without.
    keyed = document_of(script, content)[0] if script.is_file() else content
    (case,) = import_document(keyed)
    said = [one for one in case.statements if not one.element.startswith(OF_ITSELF)]
    key(said, mission, medic_wang)

    record = canonical_record(Record.objects.get(mission=mission), now=NOW)
    written = export(record, agency=agency_in(content))

    assert difference(content, written, medic_wang) == []


@pytest.mark.parametrize("path", list(scripts()), ids=lambda path: path.stem)
def test_a_script_says_every_value_but_places_and_what_the_vendor_makes(path: Path) -> None:
    official = path.read_bytes()

    document, left = document_of(script_of(path), official)

    assert canonical(document) == canonical(official)
    assert left < len(list(rows(script_of(path)))) / 20


def key(said: list[Statement], mission: Mission, crew: User) -> None:
    """One statement after the other, each with its own id and moment; nothing may be in doubt."""
    client = APIClient()
    client.force_authenticate(crew)
    entries = [
        {
            "id": str(one.id),
            "element": one.element,
            "value": one.value,
            "unit": one.unit,
            "not_value": one.not_value,
            "pertinent_negative": one.pertinent_negative,
            "group": str(one.group) if one.group else None,
            "source": "crew",
            "occurred_at": (NOW + timedelta(milliseconds=number)).isoformat(),
        }
        for number, one in enumerate(said)
    ]
    answer = client.post(f"/api/missions/{mission.pk}/entries/", entries, format="json")
    assert answer.status_code == 201, answer.json()
    doubted = [
        (entry["element"], entry["value"], row["problems"])
        for entry, row in zip(entries, answer.json(), strict=True)
        if row["problems"]
    ]
    assert doubted == []


def difference(wanted: bytes, written: bytes, crew: User) -> list[str]:
    """The lines in which two documents differ."""
    before, after = (without_what_is_made(one, crew) for one in (wanted, written))
    untold = tuple(f"<{name}>" for name in OF_THE_MISSION if f"<{name}>" not in "".join(before))
    lines = difflib.unified_diff(
        [as_number(line) for line in before],
        [as_number(line) for line in after if not line.startswith(untold or "?")],
        lineterm="",
        n=0,
    )
    return [line for line in lines if line.startswith(("+<", "-<"))]


def as_number(line: str) -> str:
    """The record keeps a number without the zeros that it ends with."""
    return re.sub(r">(\d+)\.0<", r">\1<", line)


def without_what_is_made(content: bytes, crew: User) -> list[str]:
    """Without the report's UUID, eRecord, and the crew member whom the platform knows by itself."""
    root = etree.fromstring(content)
    root.attrib.clear()  # where the schema lies
    for one in root.iter():
        one.text = (one.text or "").strip()  # the record keeps no space around a text
    for report in root.iter(f"{NS}PatientCareReport"):
        report.attrib.pop("UUID")
        for section in report.findall(f"{NS}eRecord"):
            report.remove(section)
        for one in report.findall(f".//{NS}eCrew.CrewGroup"):
            if one.findtext(f"{NS}eCrew.01") == crew.username:
                parent = one.getparent()
                assert parent is not None
                parent.remove(one)
    return canonical(etree.tostring(root))
