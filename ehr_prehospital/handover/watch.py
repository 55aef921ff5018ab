"""Nobody answered: a handover without a named person's word goes to the next one, and the next.

And what the clock alone tells: the ambulance is two minutes out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from ehr_prehospital.alerting.queries import timings
from ehr_prehospital.alerting.rules import Timing, level_of, seconds_of, timing_for
from ehr_prehospital.handover.actions import refs_to
from ehr_prehospital.handover.actions.telling import tell_level
from ehr_prehospital.handover.allocation import allocation_codes, urgency_of
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.rules import OPEN, UNCONFIRMED_AFTER

NEAR = timedelta(minutes=2)
WAITING = [state.value for state in OPEN]


def watch_unconfirmed(now: datetime) -> int:
    """Raise what is due; returns how many alarms were raised. Safe to run in two processes."""
    waiting = list(
        Handover.objects.filter(
            confirmed_at__isnull=True,
            state__in=WAITING,
            alarm_level__lt=len(UNCONFIRMED_AFTER),
            sent_at__lte=now,
        ).select_related("mission__ambulance", "mission__incident", "encounter", "hospital")
    )
    if not waiting:
        return 0
    codes = allocation_codes(waiting, clinical=True, now=now)
    settings = timings()
    return sum(
        escalate(one, settings=settings, urgency=urgency_of(codes[one.pk]), now=now)
        for one in waiting
    )


def escalate(handover: Handover, *, settings: Sequence[Timing], urgency: int, now: datetime) -> int:
    """To the level that its clock has come to, telling the people of each; 1 if it rose."""
    timing = timing_for(
        settings,
        hospital=handover.hospital_id,
        centre=handover.hospital.parent_id,
        urgency=urgency,
    )
    level = level_of(sent_at=handover.sent_at, now=now, after_s=seconds_of(timing))
    if level <= handover.alarm_level:
        return 0
    with transaction.atomic():
        changed = Handover.objects.filter(
            pk=handover.pk, confirmed_at__isnull=True, alarm_level=handover.alarm_level
        ).update(alarm_level=level)
        if not changed:
            return 0
        for passed in range(handover.alarm_level + 1, level + 1):
            tell_level(handover, handover.mission, level=passed, now=now)
        append(
            kind="handover.unconfirmed",
            actor=None,
            now=now,
            refs=refs_to(handover, handover.mission),
            detail={"level": level},
        )
    return 1


def watch_near(now: datetime) -> int:
    """The call "two minutes out", once for a handover, by an estimate that is alive."""
    coming = Handover.objects.filter(
        state__in=WAITING,
        near_at__isnull=True,
        arrived_at__isnull=True,
        mission__on_board_at__isnull=False,
        mission__destination=F("hospital"),
        mission__eta_note="",
        mission__eta_s__lte=NEAR.total_seconds(),
        mission__eta_computed_at__gt=now - timedelta(seconds=30),
    ).select_related("mission", "encounter")
    return sum(_call_near(one, one.mission, now=now) for one in coming)


def _call_near(handover: Handover, mission: Mission, *, now: datetime) -> int:
    with transaction.atomic():
        if not Handover.objects.filter(pk=handover.pk, near_at=None).update(near_at=now):
            return 0
        append(kind="handover.near", actor=None, now=now, refs=refs_to(handover, mission))
    return 1
