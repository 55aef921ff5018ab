"""Official code lists: loaded from the operator's copy, offered to tablets, exported as chosen."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from lxml import etree
from pytest_django import Settings

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.exchange.nemsis.actions import register
from ehr_prehospital.exchange.nemsis.agency import NS
from ehr_prehospital.exchange.nemsis.export import export
from ehr_prehospital.exchange.nemsis.lists.models import OfficialCode, OfficialList
from ehr_prehospital.exchange.nemsis.queries import agency_of
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.record.models import Record
from tests.actions.care import kinds
from tests.actions.test_ecg import signed_in
from tests.actions.test_nemsis_door import DEM, MANDATORY
from tests.actions.test_record_now import body, post
from tests.rules.nemsis_files import STANDARDS, needs_files

pytestmark = pytest.mark.django_db
SMALL = {
    "DefinedList": {
        "date": "2025-01-14",
        "Header": {
            "SourceVocabularies": {"SourceVocabulary": [{"Value": "RxNorm"}]},
            "NemsisElements": {"NemsisElement": ["eMedications.03", "dConfiguration.09"]},
        },
        "Codes": {
            "Code": [
                {"Value": {"Value": "1191"}, "SourceLabel": "aspirin", "SuggestedLabel": "Aspirin"},
                {"Value": {"CodeType": "9924005", "Value": "5"}, "SourceLabel": "other thing"},
            ]
        },
    }
}


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """An operator's folder with one small list of our own making."""
    settings.STANDARDS_DIR = tmp_path
    for name in ("xsd", "lists", "dictionary"):
        (tmp_path / "nemsis" / name).mkdir(parents=True)
    (tmp_path / "nemsis" / "lists" / "Medication.json").write_text(json.dumps(SMALL))
    (tmp_path / "nemsis" / "dictionary" / "EMSDataSet_ElementEnumerations.txt").write_text(
        "'DatasetName'|'ElementNumber'|'ElementName'|'Code'|'CodeDescription'|\n"
        "'EMSDataSet'|'eScene.01'|'First EMS Unit on Scene'|'9923001'|'No'|\n"
        "'EMSDataSet'|'eScene.01'|'First EMS Unit on Scene'|'9923003'|'Yes'|\n"
    )
    return tmp_path / "nemsis"


def load() -> str:
    said = StringIO()
    call_command("load_code_lists", stdout=said)
    return said.getvalue()


def published(user: User) -> dict[str, list[list[str]]]:
    rows: dict[str, list[list[str]]] = (
        signed_in(user).get("/api/record/code-lists/").json()["elements"]
    )
    return rows


def test_a_list_is_loaded_with_its_version_and_each_codes_own_system(
    folder: Path, medic_wang: User
) -> None:
    assert "2 lists, 4 codes" in load()

    row = OfficialList.objects.get(name="Medication")
    assert (row.source, row.version) == ("nemsis", "2025-01-14")
    assert published(medic_wang)["medication.drug"] == [
        ["rxnorm:1191", "Aspirin", "阿司匹林", "", "aspirin"],
        ["snomed:5", "other thing", "", "", ""],
    ]
    assert [row[:2] for row in published(medic_wang)["scene.first_unit"]] == [
        ["nemsis:9923001", "No"],
        ["nemsis:9923003", "Yes"],
    ]
    assert kinds()[-1] == "nemsis.code_lists_loaded"


def test_loading_again_replaces_and_a_broken_file_changes_nothing(
    folder: Path, medic_wang: User
) -> None:
    load()
    load()
    assert OfficialCode.objects.count() == 4

    (folder / "lists" / "Broken.json").write_text('{"DefinedList": {}}')
    with pytest.raises(CommandError, match=r"Broken\.json"):
        load()

    assert OfficialCode.objects.count() == 4
    assert published(medic_wang)["medication.drug"]


def test_without_the_files_the_command_says_where_they_belong(
    settings: Settings, medic_wang: User
) -> None:
    settings.STANDARDS_DIR = None

    with pytest.raises(CommandError, match="ONBOARD_STANDARDS"):
        load()
    assert published(medic_wang) == {}


def test_the_lists_are_for_people_who_are_signed_in_and_come_with_an_etag(
    folder: Path, medic_wang: User
) -> None:
    load()
    first = signed_in(medic_wang).get("/api/record/code-lists/")
    again = signed_in(medic_wang).get(
        "/api/record/code-lists/", headers={"If-None-Match": first["ETag"]}
    )

    assert again.status_code == 304
    assert Client().get("/api/record/code-lists/").status_code == 403


@needs_files
def test_every_official_list_is_read_and_reaches_our_elements(
    settings: Settings, medic_wang: User
) -> None:
    settings.STANDARDS_DIR = STANDARDS
    load()

    counts = {name: len(rows) for name, rows in published(medic_wang).items()}
    assert OfficialList.objects.exclude(version="").count() == 10
    assert counts["situation.primary_impression"] == 122
    assert counts["procedure.kind"] == 115
    assert counts["medication.drug"] == 70
    assert counts["injury.cause"] == 83
    assert counts["scene.location_type"] == 35
    rows = published(medic_wang)["situation.primary_impression"]
    assert any(zh for _value, _en, zh, _category, _own in rows)


@needs_files
@pytest.mark.parametrize(
    ("element", "value", "name", "code"),
    [
        ("situation.primary_impression", "icd10:R10.0", "eSituation.11", "R10.0"),
        ("scene.location_type", "icd10:Y92.520", "eScene.09", "Y92.520"),
        ("injury.cause", "icd10:W54", "eInjury.01", "W54"),
        ("scene.first_unit", "nemsis:9923003", "eScene.01", "9923003"),
    ],
)
def test_a_chosen_code_is_stored_without_doubt_and_exported(
    mission: Mission, medic_wang: User, element: str, value: str, name: str, code: str
) -> None:
    register(organisation=mission.incident.centre, content=DEM.encode(), now=timezone.now())
    said = {**MANDATORY, element: value}
    answers = post(mission, medic_wang, [body(one, text) for one, text in said.items()])

    record = canonical_record(Record.objects.get(), now=timezone.now())
    root = etree.fromstring(export(record, agency=agency_of(mission)))
    assert root.findtext(f".//{NS}{name}") == code
    assert answers is not None
    assert not any(entry.problems for entry in Record.objects.get().entries.filter(element=element))
