"""Between hospitals: nothing moves unless both agreed, and the sender sees every step."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from config.boards import CONSOLE, ED
from dispatch.calls.models import Incident
from dispatch.fleet.actions import assign
from dispatch.fleet.models import Ambulance
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.live.board import Viewer, snapshot
from dispatch.people.models import User
from ehr_prehospital.access.models import Encounter
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.transfer.actions import (
    Asked,
    NotPossible,
    accept,
    decline,
    look_at,
    request_transfer,
    withdraw,
)
from ehr_prehospital.transfer.models import Transfer
from tests.actions.care import kinds, later, newest, say
from tests.boards import board_follows
from tests.town import NOW, Town

ASKED = Asked(
    diagnosis="Large vessel occlusion",
    reason="procedure",
    urgency="now",
    consent="relative",
    consent_name="Wu Fang",
    consent_at=NOW,
    name="吴强",
    sex="male",
    age_years=58,
    needs=("stroke",),
    escorts=("doctor",),
)


def asks(town: Town, actor: User, asked: Asked = ASKED) -> Transfer:
    """H2 asks H1."""
    return request_transfer(
        transfer_id=uuid4(), receiver=town.hospitals[0], asked=asked, actor=actor, now=later(10)
    )


def test_a_transfer_is_driven_once_both_ends_agreed(
    town: Town,
    nurse_elsewhere: User,
    nurse_chen: User,
    dispatcher_li: User,
    a1: Ambulance,
    medic_wang: User,
) -> None:
    now = later(2000)
    with board_follows(ED, nurse_chen, now), board_follows(ED, nurse_elsewhere, now):
        transfer = asks(town, nurse_elsewhere)
    assert not Incident.objects.exists()

    with board_follows(CONSOLE, dispatcher_li, now), board_follows(ED, nurse_elsewhere, now):
        accept(transfer=transfer, receiving_team="Neuro", actor=nurse_chen, now=later(60))
    incident = Incident.objects.get()
    assert (incident.kind, incident.destination, incident.priority) == (
        "transfer",
        town.hospitals[0],
        1,
    )
    assert str(incident.pk) in snapshot(CONSOLE, Viewer(dispatcher_li, now)).state["incidents"]

    with board_follows(ED, nurse_elsewhere, now), board_follows(CONSOLE, dispatcher_li, now):
        mission = assign(
            incident=incident, ambulance=a1, actor=dispatcher_li, now=later(90), mission_id=uuid4()
        )
    assert mission.destination == town.hospitals[0]
    with board_follows(ED, nurse_elsewhere, now), board_follows(ED, nurse_chen, now):
        say(mission, "at_patient", later(400), medic_wang)
        say(mission, "on_board", later(600), medic_wang)
    (item,) = snapshot(ED, Viewer(nurse_elsewhere, now)).state["transfers"].values()
    assert (item["drive"]["state"], item["drive"]["call_sign"]) == ("on_board", "A1")  # type: ignore[index,call-overload]
    assert Handover.objects.get().hospital == town.hospitals[0]
    assert Encounter.objects.get(mission=mission).patient.name == "吴强"


def test_without_a_yes_there_is_no_drive(
    town: Town, nurse_elsewhere: User, nurse_chen: User
) -> None:
    first, second = asks(town, nurse_elsewhere), asks(town, nurse_elsewhere)

    decline(transfer=first, reason="no_bed", note="", actor=nurse_chen, now=later(60))
    withdraw(transfer=second, actor=nurse_elsewhere, now=later(60))

    for over in (first, second):
        with pytest.raises(NotPossible):
            accept(transfer=over, receiving_team="", actor=nurse_chen, now=later(70))
    assert not Incident.objects.exists()
    assert kinds()[-2:] == ["transfer.declined", "transfer.withdrawn"]


def test_nobody_answers_for_the_other_end(
    town: Town, nurse_elsewhere: User, nurse_chen: User, dispatcher_li: User
) -> None:
    transfer = asks(town, nurse_elsewhere)

    for person in (nurse_elsewhere, dispatcher_li):
        with pytest.raises(NotAllowed):
            accept(transfer=transfer, receiving_team="", actor=person, now=later(60))
    with pytest.raises(NotAllowed):
        withdraw(transfer=transfer, actor=nurse_chen, now=later(60))
    with pytest.raises(NotAllowed):
        asks(town, dispatcher_li)

    transfer.refresh_from_db()
    assert transfer.state == "requested"


@pytest.mark.parametrize(
    "wrong",
    [
        {"consent": ""},
        {"consent_name": " "},
        {"consent_at": later(99)},
        {"diagnosis": ""},
        {"urgency": "whenever"},
        {"needs": ("magic",)},
    ],
)
def test_a_request_without_consent_or_reason_is_none(
    town: Town, nurse_elsewhere: User, wrong: dict[str, object]
) -> None:
    from dataclasses import replace

    with pytest.raises(BadInput):
        asks(town, nurse_elsewhere, replace(ASKED, **wrong))  # type: ignore[arg-type]


def test_the_database_refuses_a_drive_that_nobody_accepted(
    town: Town, nurse_elsewhere: User, chest_pain: Incident
) -> None:
    transfer = asks(town, nurse_elsewhere)

    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=transfer.pk).update(incident=chest_pain)


def test_every_look_at_the_patient_is_written_down(
    town: Town, nurse_elsewhere: User, nurse_chen: User, dispatcher_li: User
) -> None:
    transfer = asks(town, nurse_elsewhere)

    look_at(transfer=transfer, actor=nurse_chen, now=later(20))
    with pytest.raises(NotAllowed):
        look_at(transfer=transfer, actor=dispatcher_li, now=later(30))

    assert newest("transfer.viewed").actor_id == nurse_chen.pk
    assert newest("transfer.refused").actor_id == dispatcher_li.pk
    (item,) = snapshot(ED, Viewer(nurse_chen, later(40))).state["transfers"].values()
    assert "吴强" not in str(item)
    assert not any("吴强" in str((row.refs, row.detail)) for row in Entry.objects.all())
