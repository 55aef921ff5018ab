"""The wristband: one number for the whole stay, readable by every scanner, logged."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import translation

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.access.models import Patient
from ehr_prehospital.admission.label.content import pdf_of, wristband
from ehr_prehospital.admission.label.symbols import bars, square
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.record.actions import Identity, set_patient
from ehr_prehospital.record.actions.merging import merge_patient
from tests.actions.care import kinds, later, put_on_board
from tests.actions.test_ecg import signed_in
from tests.town import NOW, Town

TODAY = date(2026, 11, 22)


@pytest.fixture
def coming(mission: Mission, town: Town, medic_wang: User) -> Handover:
    return put_on_board(mission, town.hospitals[0], medic_wang, at=NOW)


def fresh(coming: Handover) -> Handover:
    return Handover.objects.select_related("hospital", "encounter__patient").get(pk=coming.pk)


def test_an_unknown_patient_wears_a_number_and_room_for_the_blood_type(coming: Handover) -> None:
    band = wristband(fresh(coming), today=TODAY)

    assert band.number == coming.preadmission_number
    assert band.name == coming.encounter.patient.temporary_number
    assert band.unknown == "unknown patient"
    assert (band.allergy, band.blood) == ("", "Blood type: ______")


def test_the_number_survives_the_merge(
    coming: Handover, mission: Mission, medic_wang: User
) -> None:
    before = wristband(fresh(coming), today=TODAY)
    known = Patient.objects.create(
        centre=mission.incident.centre,
        temporary_number="U-20261101-0003",
        name="李明",
        sex="male",
        birth_date=date(1980, 1, 1),
        created_at=NOW,
    )
    merge_patient(mission=mission, known_id=known.pk, actor=medic_wang, now=later(60))

    band = wristband(fresh(coming), today=TODAY)

    assert (band.number, band.qr, band.bars) == (before.number, before.qr, before.bars)
    assert band.name == "李明"
    assert band.about == "Male · 46 years old (1980-01-01)"
    assert band.patient_number == f"U-20261101-0003 = {before.name}"


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2026, 10, 23), "0 months old"),
        (date(2026, 10, 22), "1 month old"),
        (date(2024, 11, 22), "2 years old (2024-11-22)"),
    ],
)
def test_an_infants_age_is_in_months(
    coming: Handover, mission: Mission, medic_wang: User, born: date, words: str
) -> None:
    set_patient(mission=mission, identity=Identity(birth_date=born), actor=medic_wang, now=later(9))

    assert wristband(fresh(coming), today=TODAY).about.endswith(words)


def test_it_is_a_pdf_of_a_hundred_by_thirty_millimetres_in_both_languages(
    coming: Handover,
) -> None:
    for language in ("en", "zh-hans"):
        with translation.override(language):
            content = pdf_of(fresh(coming), now=NOW)
        assert content.startswith(b"%PDF")
        assert b"/Count 1/" in content
        box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", content)
        assert box
        assert [round(float(one) / 72 * 25.4) for one in box.groups()] == [100, 30]


def test_crew_and_hospital_print_it_and_it_is_logged(
    coming: Handover, medic_wang: User, nurse_chen: User, nurse_elsewhere: User, stranger: User
) -> None:
    coming.visit_number = "V77"
    coming.save()
    for user in (medic_wang, nurse_chen):
        client = signed_in(user)
        page = client.get(f"/handovers/{coming.pk}/wristband/").content.decode()
        assert coming.preadmission_number in page
        assert "V77" in page
        pdf = client.get(f"/api/handovers/{coming.pk}/wristband/pdf/?language=zh")
        assert pdf["Content-Type"] == "application/pdf"
    assert kinds().count("patient.viewed") >= 4
    for user in (nurse_elsewhere, stranger):
        assert signed_in(user).get(f"/handovers/{coming.pk}/wristband/").status_code == 403


def test_the_bars_are_those_of_code_128_and_leave_room_around() -> None:
    symbol = bars("H1-20261122-0042")

    # Start, stop and a check symbol stand around the characters, eleven modules each.
    assert (symbol.width - 20 - 13) % 11 == 0
    assert symbol.path.startswith("M10 0h")
    assert square("H1-20261122-0042").width == square("H1-20261122-0042").height
