"""Back to the crew: outcome and judgement; who may say them, and where they go."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from config.boards import ED, TABLET
from dispatch.fleet.models import Mission
from dispatch.journal.refusals import BadInput, Refused
from dispatch.live.board import Viewer, snapshot
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.exchange.nemsis.agency import Agency
from ehr_prehospital.exchange.nemsis.export import export
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.handover.actions import give, receive
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.outcome.actions import judge_alert, return_outcome
from ehr_prehospital.handover.outcome.models import Outcome
from ehr_prehospital.record.queries import record_of
from tests.actions.care import kinds, later, newest, put_on_board
from tests.boards import board_follows
from tests.rules.full_record import full
from tests.town import NOW, Town


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User, nurse_chen: User) -> Handover:
    """Handed over 1,000 s after the call."""
    handover = put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    give(mission=mission, actor=medic_wang, occurred_at=later(950), now=later(950))
    return receive(handover=handover, actor=nurse_chen, now=later(1000))


def returned(handover: Handover, actor: User, at: float = 5000, **more: object) -> Outcome:
    said: dict[str, object] = {
        "outcome_id": uuid4(),
        "diagnosis": "Acute anterior myocardial infarction",
        "diagnosis_code": "i21.0",
        "disposition": "admitted",
        "hospital_disposition": "",
        "hospital_diagnosis": "",
        "times": {"balloon": later(4000)},
        "note": "Well caught.",
        **more,
    }
    return return_outcome(handover=handover, actor=actor, now=later(at), **said)  # type: ignore[arg-type]


def is_outcome(element: str) -> bool:
    return element.startswith("outcome.")


def test_the_outcome_reaches_the_crew_and_the_record(
    mission: Mission, handover: Handover, medic_wang: User, nurse_chen: User
) -> None:
    now = later(5100)
    with board_follows(TABLET, medic_wang, now), board_follows(ED, nurse_chen, now):
        returned(handover, nurse_chen)

    (item,) = snapshot(TABLET, Viewer(medic_wang, now)).state["doors"].values()
    assert item["outcome"]
    assert item["outcome"]["diagnosis_code"] == "I21.0"  # type: ignore[index,call-overload]
    record = record_of(mission)
    assert record
    said = {
        one.element: one.value
        for one in canonical_record(record, now=now).statements
        if one.element.startswith("outcome.")
    }
    assert said["outcome.ed_diagnosis"] == "icd10:I21.0"
    assert said["outcome.ed_disposition"] == "admitted"
    assert said["outcome.balloon_at"] == later(4000).isoformat()
    back = [one for one in canonical_record(record, now=now).statements if is_outcome(one.element)]
    rest = [one for one in full().statements if not is_outcome(one.element)]
    carried = replace(full(), statements=[*rest, *back])
    document = export(carried, agency=Agency("S1", "A1", "09")).decode()
    assert "<eOutcome.10>I21.0</eOutcome.10>" in document
    assert "<eOutcome.18>" in document
    assert "infarction" not in str(newest("handover.outcome_returned").detail)


def test_said_again_the_newest_counts_and_the_first_stays(
    handover: Handover, nurse_chen: User, medic_wang: User
) -> None:
    first = returned(handover, nurse_chen)
    assert returned(handover, nurse_chen, outcome_id=first.pk, diagnosis="other") == first

    returned(handover, nurse_chen, at=6000, diagnosis="Pericarditis", diagnosis_code="I30.9")

    (item,) = snapshot(TABLET, Viewer(medic_wang, later(6100))).state["doors"].values()
    assert item["outcome"]["diagnosis"] == "Pericarditis"  # type: ignore[index,call-overload]
    assert Outcome.objects.count() == 2
    assert kinds().count("handover.outcome_returned") == 2


def test_only_the_receiving_hospital_returns_an_outcome(
    handover: Handover, nurse_elsewhere: User, medic_wang: User
) -> None:
    for person in (nurse_elsewhere, medic_wang):
        with pytest.raises(NoAccess):
            returned(handover, person)
        with pytest.raises(NoAccess):
            judge_alert(
                handover=handover,
                judgement_id=uuid4(),
                verdict="right",
                text="",
                actor=person,
                now=later(5000),
            )

    assert kinds().count("patient.refused") == 4


def test_an_outcome_needs_a_patient_a_diagnosis_and_times_of_the_past(
    mission: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    coming = put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    with pytest.raises(Refused):
        returned(coming, nurse_chen)
    give(mission=mission, actor=medic_wang, occurred_at=later(950), now=later(950))
    done = receive(handover=coming, actor=nurse_chen, now=later(1000))

    for wrong in (
        {"diagnosis": " "},
        {"disposition": "vanished"},
        {"times": {"balloon": NOW + timedelta(days=9)}},
        {"times": {"magic": NOW}},
    ):
        with pytest.raises(BadInput):
            returned(done, nurse_chen, **wrong)
    with pytest.raises(Refused):
        returned(done, nurse_chen, at=31 * 86400)

    assert not Outcome.objects.exists()


def test_an_alert_is_judged_even_when_it_was_withdrawn(
    mission: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    from ehr_prehospital.handover.actions import cancel

    handover = put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    cancel(handover=handover, reason="patient_refuses", actor=medic_wang, now=later(700))

    with board_follows(TABLET, medic_wang, later(900)):
        judged = judge_alert(
            handover=handover,
            judgement_id=uuid4(),
            verdict="not_needed",
            text="",
            actor=nurse_chen,
            now=later(800),
        )
    with pytest.raises(BadInput):
        judge_alert(
            handover=handover,
            judgement_id=uuid4(),
            verdict="perhaps",
            text="",
            actor=nurse_chen,
            now=later(800),
        )

    assert judged.verdict == "not_needed"
