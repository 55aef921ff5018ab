"""Nobody has answered, or a status stands too long: told once, with who could go instead."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from dispatch.calls.models import Incident
from dispatch.decision.actions.instead import propose
from dispatch.decision.actions.units import NoCity
from dispatch.decision.models import Recommendation
from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.fleet.rules import State
from dispatch.fleet.watch import told
from dispatch.journal.actions import append


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
                propose(mission=mission, because=Recommendation.Because.NO_ANSWER, now=now)
        with transaction.atomic():
            append(kind="mission.unacknowledged", actor=None, now=now, refs=refs_of(mission))
        found += 1
    return found


def watch_overdue(*, limits_s: Mapping[str, float], now: datetime) -> int:
    """Missions that have stood in one state for longer than somebody should let them.

    A unit at its waiting point is meant to stand there.
    """
    found = 0
    moving = ~Q(incident__kind__in=Incident.POSTINGS) | ~Q(state=State.ON_SCENE)
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
