"""What hospitals say of themselves, what the crew found, and where the patient is advised to go."""

from datetime import timedelta
from uuid import uuid4

import pytest

from config.boards import CONSOLE, ED
from dispatch.decision.actions.declaring import declare_beds, divert_patients, take_patients
from dispatch.decision.actions.hospitals import recommend_hospitals
from dispatch.decision.models import Hospital, Recommendation
from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import User
from ehr_prehospital.record.actions import add_entry
from ehr_prehospital.record.rules import Statement
from tests.boards import board_follows
from tests.town import NOW, Town


def first(mission: Mission) -> str:
    return recommend_hospitals(mission=mission, now=NOW)[0].code


def test_a_divert_moves_the_patient_elsewhere_until_it_ends(
    mission: Mission, town: Town, nurse_chen: User, dispatcher_li: User
) -> None:
    hospital = Hospital.objects.get(organisation=town.hospitals[0])
    mission.incident.needs = []
    mission.incident.save()
    before = first(mission)
    own = Hospital.objects.get(organisation__code=before)

    with board_follows(CONSOLE, dispatcher_li, NOW):
        divert_patients(
            hospital=own,
            reason="full",
            until=NOW + timedelta(hours=1),
            actor=dispatcher_li,
            now=NOW,
        )
    during = first(mission)
    with board_follows(CONSOLE, dispatcher_li, NOW):
        take_patients(hospital=own, actor=dispatcher_li, now=NOW)

    assert during != before
    assert first(mission) == before
    assert list(
        Entry.objects.filter(kind__startswith="hospital.")
        .order_by("pk")
        .values_list("kind", flat=True)
    ) == ["hospital.diverted", "hospital.divert_ended"]
    assert hospital.divert_until is None


def test_beds_are_declared_by_the_department_and_told_with_their_age(
    mission: Mission, town: Town, nurse_chen: User, nurse_elsewhere: User
) -> None:
    hospital = Hospital.objects.get(organisation=town.hospitals[0])

    with board_follows(ED, nurse_chen, NOW):
        declare_beds(hospital=hospital, free={"cath_lab": 0}, actor=nurse_chen, now=NOW)
    with pytest.raises(NotAllowed):
        declare_beds(hospital=hospital, free={"ed": 3}, actor=nurse_elsewhere, now=NOW)
    for wrong in ({"sofa": 1}, {"ed": -1}):
        with pytest.raises(BadInput):
            declare_beds(hospital=hospital, free=wrong, actor=nurse_chen, now=NOW)

    hospital.refresh_from_db()
    assert (hospital.beds_free, hospital.declared_at) == ({"cath_lab": 0}, NOW)
    ranking = recommend_hospitals(mission=mission, now=NOW)
    (own,) = [one for one in ranking if one.code == "H1"]
    assert "no_bed" in {reason.code for reason in own.reasons}


def test_what_the_crew_finds_changes_the_hospital_and_is_stored(
    mission: Mission, medic_wang: User
) -> None:
    mission.incident.needs = []
    mission.incident.save()
    before = first(mission)

    add_entry(
        mission=mission,
        entry_id=uuid4(),
        said=Statement("impression", "stemi"),
        occurred_at=NOW,
        replaces=None,
        actor=medic_wang,
        now=NOW,
    )

    assert (before, first(mission)) == ("H3", "H1")
    stored = Recommendation.objects.filter(question="hospital").latest("made_at")
    assert Recommendation.objects.filter(question="hospital", inputs__needs=["cath_lab"]).exists()
    assert stored.policy == "standard-1.0"
