"""What a mission's fact means for its handover, and what a vehicle's word means.

`on_mission_fact` is registered with dispatch's followers and runs inside the fact's
transaction; it refuses nothing.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ambulance_agent.protocol import Fact
from dispatch.decision.actions.units import NoCity
from dispatch.fleet.actions import fix_destination, record_fact
from dispatch.fleet.models import Mission, MissionFact
from dispatch.fleet.rules import COUNTED
from dispatch.fleet.rules import State as MissionState
from dispatch.journal.actions import append
from dispatch.journal.refusals import Refused
from dispatch.uplink.takers import StatusFrame
from ehr_prehospital.handover.actions.boarding import board, send
from ehr_prehospital.handover.actions.steps import advance, keep_step, lock_both, refs_to
from ehr_prehospital.handover.actions.transferring import give, sign
from ehr_prehospital.handover.actions.withdrawing import withdraw
from ehr_prehospital.handover.followers import tell
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import open_handover_of, recommended_hospital, times_of
from ehr_prehospital.handover.rules import State, state_of
from ehr_prehospital.record.actions import open_record


def on_mission_fact(mission: Mission, fact: MissionFact, now: datetime) -> None:
    """Follow the mission: alert on board, arrive with it, take the crew's last word."""
    if fact.fact == Fact.AT_PATIENT and not fact.undone_at:
        open_record(mission=mission, actor=fact.actor, now=now)
    handover = open_handover_of(mission)
    if fact.fact == Fact.ON_BOARD and handover is None and not fact.undone_at:
        alert(mission, fact, now)
    elif handover is None:
        return
    elif fact.fact == Fact.AT_DESTINATION:
        arrive(handover, fact, now)
    elif not fact.undone_at and nobody_comes(mission, fact):
        call_off(handover, fact, now)
    elif fact.fact in (Fact.HANDED_OVER, Fact.AVAILABLE) and not fact.undone_at:
        crew_is_done(handover, fact, now)


def alert(mission: Mission, fact: MissionFact, now: datetime) -> None:
    """Open the handover; a crew that named no hospital goes to the recommended one."""
    hospital = mission.destination
    if hospital is None:
        try:
            hospital = recommended_hospital(mission=mission, now=now)
        except NoCity:
            return
        if hospital is None:
            return
        fix_destination(mission=mission, hospital=hospital)
    send(mission=mission, hospital=hospital, actor=fact.actor, now=now)


def arrive(handover: Handover, fact: MissionFact, now: datetime) -> None:
    """Arrived with the mission; an arrival that was undone is no arrival."""
    mission, locked = lock_both(handover)
    before = times_of(locked)
    if fact.undone_at:
        locked.arrived_at = None
        keep_step(locked, "arrival_undone", now, actor=fact.actor, now=now)
        locked.state = state_of(times_of(locked))
    else:
        advance(locked, State.ARRIVED, fact.occurred_at, actor=fact.actor, now=now)
    if times_of(locked) == before:
        return
    locked.save()
    if not fact.undone_at:
        tell(locked, State.ARRIVED, fact.actor, now)
    append(
        kind="handover.arrival_undone" if fact.undone_at else "handover.arrived",
        actor=fact.actor,
        now=now,
        occurred_at=fact.occurred_at,
        refs=refs_to(locked, mission),
    )


# A mission that ends like this brings nobody, whatever hospital was alerted.
ENDS = frozenset(
    {
        MissionState.CANCELLED,
        MissionState.DECLINED,
        MissionState.DIVERTED,
        MissionState.NO_PATIENT,
        MissionState.REFUSED,
        MissionState.DEAD_ON_SCENE,
        MissionState.TREATED_AND_RELEASED,
    }
)


def nobody_comes(mission: Mission, fact: MissionFact) -> bool:
    """Alerted from the scene, and then no transport."""
    if fact.contradiction not in ("", *COUNTED):
        return False
    return fact.fact in ENDS or (fact.fact == Fact.AVAILABLE and mission.on_board_at is None)


def call_off(handover: Handover, fact: MissionFact, now: datetime) -> None:
    mission, locked = lock_both(handover)
    step = State.CANCELLED
    withdraw(locked, mission, step, reason=fact.reason or fact.fact, actor=fact.actor, now=now)


def crew_is_done(handover: Handover, fact: MissionFact, now: datetime) -> None:
    """Whoever reports handed over or available has given the patient away."""
    mission, locked = lock_both(handover)
    if locked.given_at is None:
        locked.given_at, locked.given_by = fact.occurred_at, fact.actor
        sign(locked, mission, kind="handover.given", actor=fact.actor, now=now)


def take_status(frame: StatusFrame, now: datetime) -> None:
    """A fact from the vehicle: on board alerts the hospital, handed over is the crew's side only.

    Raises Refused when the mission is none of this vehicle; the uplink parks the frame.
    """
    said = frame.body
    mission = (
        Mission.objects.filter(pk=said.mission_id, ambulance_id=frame.ambulance_id)
        .select_related("incident", "destination", "ambulance__fix")
        .first()
    )
    if mission is None:
        raise Refused(_("This vehicle has no such mission."), code="unknown_mission")
    with transaction.atomic():
        if said.fact is Fact.HANDED_OVER and open_handover_of(mission):
            give(mission=mission, actor=None, occurred_at=said.occurred_at, now=now)
            return
        if said.fact is Fact.ON_BOARD and mission.destination and not mission.on_board_at:
            board(
                mission=mission,
                hospital=mission.destination,
                fact_id=said.fact_id,
                occurred_at=said.occurred_at,
                actor=None,
                source=MissionFact.Source.VEHICLE,
                now=now,
            )
            return
        record_fact(
            mission=mission,
            fact=said.fact,
            occurred_at=said.occurred_at,
            actor=None,
            source=MissionFact.Source.VEHICLE,
            now=now,
            fact_id=said.fact_id,
            reason=said.reason or "",
        )
