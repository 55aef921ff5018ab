"""NEMSIS at the platform's doors: the download, the commands, the agency that reports."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import cast

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import etree

from dispatch.fleet.models import Mission
from dispatch.people.models import Organisation, User
from ehr_prehospital.exchange.nemsis.actions import register
from ehr_prehospital.exchange.nemsis.agency import NS
from ehr_prehospital.exchange.nemsis.demographics import KINDS, part_in, read, write
from ehr_prehospital.exchange.nemsis.models import ReportingAgency
from ehr_prehospital.exchange.safe_xml import Unreadable
from tests.actions.care import newest
from tests.actions.test_record_now import body, post
from tests.rules.nemsis_files import NEMSIS, STANDARDS, canonical, needs_files, stories

MANDATORY = {
    "response.service_type": "emergency",
    "response.mode": "emergent",
    "disposition.unit": "contact",
    "times.back_in_service": "2026-11-22T15:00:00+08:00",
}
DEM = """<DEMDataSet xmlns="http://www.nemsis.org"><DemographicReport><dAgency>
<dAgency.01>S1</dAgency.01><dAgency.02>A1</dAgency.02><dAgency.04>09</dAgency.04>
</dAgency></DemographicReport></DEMDataSet>"""


def asked(client: Client, user: User, mission: Mission) -> HttpResponse:
    client.force_login(user)
    answer: object = client.get(f"/api/missions/{mission.pk}/record/nemsis/")
    return cast("HttpResponse", answer)


@pytest.fixture
def agency(mission: Mission) -> ReportingAgency:
    centre = mission.incident.centre
    return register(organisation=centre, content=DEM.encode(), now=timezone.now())


def test_a_crew_gets_its_record_and_the_look_is_logged(
    client: Client, mission: Mission, medic_wang: User, agency: ReportingAgency
) -> None:
    post(mission, medic_wang, [body(element, value) for element, value in MANDATORY.items()])

    answer = asked(client, medic_wang, mission)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    root = etree.fromstring(answer.content)
    assert root.findtext(f".//{NS}dAgency.02") == "A1"
    assert root.findtext(f".//{NS}eResponse.01") == "A1"
    assert root.findtext(f".//{NS}eTimes.13") == MANDATORY["times.back_in_service"]
    seen = newest("patient.viewed")
    assert (seen.actor_id, seen.detail["purpose"]) == (medic_wang.pk, "print")


def test_what_is_missing_is_said(
    client: Client, mission: Mission, medic_wang: User, agency: ReportingAgency
) -> None:
    post(mission, medic_wang, [body("response.mode", "emergent")])
    answer = asked(client, medic_wang, mission)
    assert answer.status_code == 409
    assert json.loads(answer.content)["code"] == "incomplete"
    assert "eTimes.13" in answer.content.decode()
    assert "eResponse.23" not in answer.content.decode()


def test_a_stranger_gets_nothing(client: Client, mission: Mission, stranger: User) -> None:
    assert asked(client, stranger, mission).status_code == 403


def test_an_agency_is_registered_by_the_command_and_replaced_by_it(
    mission: Mission, tmp_path: Path
) -> None:
    path = tmp_path / "dem.xml"
    path.write_text(DEM)
    call_command("import_agency", mission.incident.centre.code, str(path), stdout=StringIO())
    path.write_text(DEM.replace("A1", "A2"))
    call_command("import_agency", mission.incident.centre.code, str(path), stdout=StringIO())
    (row,) = ReportingAgency.objects.all()
    assert (row.state_id, row.number, row.state) == ("S1", "A2", "09")
    assert row.demographics["name"] == "DEMDataSet"
    assert newest("nemsis.agency_registered").detail["number"] == "A2"


@pytest.mark.parametrize("content", ["<a/>", DEM.replace("dAgency.04", "dAgency.05"), "<"])
def test_what_names_no_agency_is_refused(content: str, mission: Mission, tmp_path: Path) -> None:
    path = tmp_path / "dem.xml"
    path.write_text(content)
    with pytest.raises(CommandError, match=r"dem\.xml"):
        call_command("import_agency", mission.incident.centre.code, str(path))
    with pytest.raises(CommandError, match="X9"):
        call_command("import_agency", "X9", str(path))
    assert not ReportingAgency.objects.exists()
    assert Organisation.objects.exists()


@needs_files
@pytest.mark.parametrize("folder", ["samples-dem", "samples-state"])
def test_what_agencies_and_states_tell_of_themselves_is_kept_whole(folder: str) -> None:
    for path in sorted((NEMSIS / folder).glob("*.xml")):
        content = path.read_bytes()
        kept = json.loads(json.dumps(read(content).as_json()))
        assert canonical(write(part_in(kept))) == canonical(content), path.name


def test_only_such_data_sets_are_taken() -> None:
    with pytest.raises(Unreadable, match=KINDS[0]):
        read(b"<a/>")


# --- manage.py convert -------------------------------------------------------------


def converted(*words: str) -> tuple[list[dict[str, list[dict[str, object]]]], int]:
    out = StringIO()
    code = 0
    try:
        call_command("convert", "--from", "nemsis", *words, stdout=out)
    except CommandError as error:
        code = error.returncode
    return [json.loads(line) for line in out.getvalue().splitlines()], code


@needs_files
@pytest.mark.parametrize(
    ("words", "ending", "start"),
    [
        (("--to", "nemsis"), ".nemsis.xml", b"<?xml"),
        (("--to", "cn"), ".cn.json", b"{"),
        (("--to", "fhir"), ".fhir.json", b'{"resourceType":"Bundle"'),
        (("--to", "pdf", "--language", "en"), ".en.pdf", b"%PDF-"),
    ],
)
def test_a_case_is_converted(
    words: tuple[str, ...], ending: str, start: bytes, tmp_path: Path
) -> None:
    path = next(iter(stories()))
    lines, code = converted(*words, "--out", str(tmp_path / "new"), str(path))
    assert (len(lines), lines[0]["errors"], code) == (1, [], 0)
    (written,) = (tmp_path / "new").iterdir()
    assert written.name == f"{path.stem}{ending}"
    assert written.read_bytes().startswith(start)


@needs_files
def test_a_fhir_document_is_converted_and_what_is_unknown_is_listed(tmp_path: Path) -> None:
    out = StringIO()
    path = STANDARDS / "ch-ems" / "examples" / "Bundle-1-Einsatzprotokoll.json"
    words = ("--from", "fhir", "--to", "cn", "--out", str(tmp_path), str(path))
    call_command("convert", *words, stdout=out)
    line = json.loads(out.getvalue())
    assert line["errors"] == []
    assert any("NACA" in one for one in line["not_understood"])
    assert "2016" in (tmp_path / f"{path.stem}.cn.json").read_text()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<a/>", "not an EMSDataSet"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
        ("<a>\n<b></a>", "b"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line_and_nothing_is_written(
    content: str, text: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.xml"
    path.write_text(content)
    lines, code = converted("--to", "cn", str(tmp_path))
    (error,) = lines[0]["errors"]
    assert code == 1
    assert text in str(error["text"])
    assert [one.name for one in tmp_path.iterdir()] == ["bad.xml"]
