"""Nobody has answered: propose the next unit, and send it instead if a person says so."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dispatch.calls.actions import control_room
from dispatch.calls.models import Incident
from dispatch.decision.actions.units import NoCity, choose_unit, recommend_units
from dispatch.decision.models import Recommendation
from dispatch.decision.queries import proposed_instead
from dispatch.fleet.actions import command, refs_of
from dispatch.fleet.models import Ambulance, Mission
from dispatch.fleet.rules import State
from dispatch.fleet.watch import told
from dispatch.journal.actions import append
from dispatch.journal.refusals import NotAllowed, Refused
from dispatch.people.models import User


def watch_unacknowledged(*, after_s: Mapping[int, float], now: datetime) -> int:
    """Missions that no crew has acknowledged in time: told once, with who could go instead."""
    waiting = Mission.objects.filter(open=True, state=State.ASSIGNED).select_related(
        "incident__centre", "ambulance"
    )
    found = 0
    for mission in waiting:
        late_s = (now - mission.assigned_at).total_seconds()
        if late_s < after_s[mission.incident.priority]:
            continue
        if told("mission.unacknowledged", "mission", mission.pk, since=mission.assigned_at):
            continue
        if not mission.incident.posting:
            with suppress(NoCity):  # the silence is told all the same
                recommend_units(incident=mission.incident, actor=None, now=now, instead_of=mission)
        with transaction.atomic():
            append(kind="mission.unacknowledged", actor=None, now=now, refs=refs_of(mission))
        found += 1
    return found


def watch_overdue(*, limits_s: Mapping[str, float], now: datetime) -> int:
    """Missions that have stood in one state for longer than somebody should let them.

    A unit at its waiting point is meant to stand there.
    """
    found = 0
    moving = Q(incident__kind=Incident.Kind.EMERGENCY) | ~Q(state=State.ON_SCENE)
    for mission in Mission.objects.filter(moving, open=True):
        since = getattr(mission, f"{mission.state}_at")
        limit_s = limits_s.get(mission.state)
        if limit_s is None or (now - since).total_seconds() < limit_s:
            continue
        with transaction.atomic():
            if not told("mission.overdue", "mission", mission.pk, since=since):
                append(
                    kind="mission.overdue",
                    actor=None,
                    now=now,
                    refs=refs_of(mission),
                    detail={"state": mission.state},
                )
                found += 1
    return found


def send_instead(*, mission: Mission, actor: User, now: datetime, mission_id: UUID) -> Mission:
    """Cancel a mission that nobody acknowledged and send the unit that was proposed for it.

    Raises Refused when the crew has answered meanwhile, or nothing was proposed.
    """
    if mission.incident.centre_id != control_room(actor).pk:
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")
    earlier = Mission.objects.filter(pk=mission_id).first()
    if earlier:
        return earlier
    with transaction.atomic():
        locked = Mission.objects.select_for_update().get(pk=mission.pk)
        if locked.state != State.ASSIGNED:
            raise Refused(_("The crew has answered; the mission stands."), code="acknowledged")
        proposal = proposed_instead([mission.pk]).get(mission.pk)
        if proposal is None or not proposal.ranked:
            raise Refused(_("No other unit was proposed."), code="nothing_proposed")
        command(
            mission=locked,
            to=State.CANCELLED,
            reason="no_answer",
            actor=actor,
            now=now,
            fact_id=uuid4(),
        )
        return choose_unit(
            incident=mission.incident,
            ambulance=_first(proposal),
            recommendation=proposal,
            override_reason="",
            actor=actor,
            now=now,
            mission_id=mission_id,
        )


def _first(proposal: Recommendation) -> Ambulance:
    return Ambulance.objects.select_related("station").get(pk=proposal.ranked[0]["unit_id"])
