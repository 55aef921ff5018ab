"""End what a replay left open: through the same actions, so that the history stays whole."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from config.replay.control_room import REPLAY
from config.replay.hospitals import nurses
from dispatch.calls.actions import drop_call
from dispatch.calls.models import Call, Incident
from dispatch.fleet.actions import close_incident, record_fact
from dispatch.fleet.models import Mission, MissionFact
from dispatch.fleet.rules import State
from dispatch.people.models import User
from ehr_prehospital.handover.actions import give, receive
from ehr_prehospital.handover.queries import open_handover_of


def close_all(*, dispatcher: User, now: Callable[[], datetime]) -> int:
    """End every open mission, incident and call of earlier replays; return how many incidents.

    Nothing is deleted: the journal told of it, and what it tells of must stay there to look at.
    """
    incidents = Incident.objects.filter(
        protocol_id=REPLAY, closed_at__isnull=True, centre=dispatcher.centre
    )
    closed = 0
    for incident in incidents.order_by("opened_at"):
        for mission in incident.missions.filter(open=True).select_related("incident", "ambulance"):
            _end(mission, dispatcher, now)
        close_incident(incident=incident, actor=dispatcher, now=now())
        closed += 1
    for call in Call.objects.filter(number_from=REPLAY, closed_at__isnull=True, incident=None):
        drop_call(call=call, actor=dispatcher, now=now())
    return closed


def _end(mission: Mission, dispatcher: User, now: Callable[[], datetime]) -> None:
    """Cancelled before the patient was on board; after that the hospital gets the patient."""
    handover = open_handover_of(mission)
    if handover:
        give(mission=mission, actor=None, occurred_at=now(), now=now())
        receive(handover=handover, actor=nurses()[handover.hospital_id], now=now())
    boarded = mission.on_board_at is not None
    moment = now()
    record_fact(
        mission=mission,
        fact=State.AVAILABLE if boarded else State.CANCELLED,
        occurred_at=moment,
        actor=dispatcher,
        source=MissionFact.Source.DISPATCHER,
        now=moment,
        fact_id=uuid4(),
        reason="other",
    )
