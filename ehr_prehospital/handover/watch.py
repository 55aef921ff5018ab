"""Nobody answered: a handover without a named person's word raises its alarm at 30, 60, 120 s."""

from datetime import datetime

from django.db import transaction

from dispatch.journal.actions import append
from ehr_prehospital.handover.actions import refs_to
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.rules import OPEN, UNCONFIRMED_AFTER, alarm_level


def watch_unconfirmed(now: datetime) -> int:
    """Raise what is due; returns how many alarms were raised. Safe to run in two processes."""
    raised = 0
    waiting = Handover.objects.filter(
        confirmed_at__isnull=True,
        state__in=[state.value for state in OPEN],
        alarm_level__lt=len(UNCONFIRMED_AFTER),
        sent_at__lte=now - UNCONFIRMED_AFTER[0],
    ).select_related("mission", "encounter")
    for handover in waiting:
        level = alarm_level(sent_at=handover.sent_at, now=now)
        if level <= handover.alarm_level:
            continue
        with transaction.atomic():
            changed = Handover.objects.filter(
                pk=handover.pk, confirmed_at__isnull=True, alarm_level=handover.alarm_level
            ).update(alarm_level=level)
            if changed:
                raised += 1
                append(
                    kind="handover.unconfirmed",
                    actor=None,
                    now=now,
                    refs=refs_to(handover, handover.mission),
                    detail={"level": level},
                )
    return raised
