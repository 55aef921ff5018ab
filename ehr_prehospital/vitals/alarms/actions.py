"""Raise, acknowledge, escalate, end. The journal is told that, never of what."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose, admit
from ehr_prehospital.access.rules import Level
from ehr_prehospital.vitals.alarms.models import Alarm
from ehr_prehospital.vitals.alarms.rules.conditions import NO_DATA, Condition
from ehr_prehospital.vitals.alarms.rules.life import TRANSITIONS, Standing, State, Step, due
from ehr_prehospital.vitals.alarms.rules.settings import Priority, Settings


def alarm_refs(alarm: Alarm, mission: Mission) -> dict[str, UUID]:
    return {**refs_of(mission), "alarm": alarm.pk}


def acknowledge(*, alarm: Alarm, actor: User, settings: Settings, now: datetime) -> Alarm:
    """A named person of the crew or of the receiving hospital has seen it.

    It is quiet until `rearm_at`; if it still holds then, it sounds again. Taken again while it
    is quiet, it changes nothing. Raises NoAccess for anybody else.
    """
    admit(user=actor, mission=alarm.mission, needed=Level.CLINICAL, purpose=Purpose.ALARM, now=now)
    with transaction.atomic():
        locked = _locked(alarm.pk)
        after = TRANSITIONS[State(locked.state)].get(Step.ACKNOWLEDGE)
        if after is None or (after is State.ENDED and locked.acknowledged_at):
            return locked
        locked.state = after
        locked.acknowledged_at, locked.acknowledged_by = now, actor
        locked.rearm_at = now + timedelta(seconds=settings.rearm_s)
        locked.save()
        _tell("alarm.acknowledged", locked, actor=actor, now=now)
    return locked


def follow(
    *,
    mission: Mission,
    standing: Sequence[Alarm],
    holding: Sequence[Condition],
    heard: bool,
    settings: Settings,
    now: datetime,
) -> int:
    """Bring a mission's alarms to what holds now; returns how many rows changed.

    `heard` is false while a watch that has just started has had nothing from the vehicle yet.
    """
    known = {alarm.code: alarm for alarm in standing}
    current = {condition.code: condition for condition in holding}
    changed = 0
    for code, condition in current.items():
        if code not in known:
            changed += _raise(mission, condition, now=now)
    for code, alarm in known.items():
        # Silence is no cure: while nothing arrives, what was wrong is taken to be wrong still.
        holds = code in current or NO_DATA in current or not heard
        changed += _take_step(alarm, holds=holds, settings=settings, now=now)
    return changed


def end_all(alarms: Sequence[Alarm], *, now: datetime) -> None:
    """The mission is over, or its patient has been handed over."""
    for alarm in alarms:
        with transaction.atomic():
            locked = _locked(alarm.pk)
            if locked.ended_at is None:
                locked.state, locked.ended_at = State.ENDED, now
                locked.save()
                _tell("alarm.ended", locked, actor=None, now=now)


def _raise(mission: Mission, condition: Condition, *, now: datetime) -> int:
    """The database refuses a second open alarm of the same kind: another process was quicker."""
    began_at = min(datetime.fromtimestamp(condition.since_s, tz=UTC), now)
    try:
        with transaction.atomic():
            alarm = Alarm.objects.create(
                mission=mission,
                code=condition.code,
                priority=condition.priority,
                state=State.RAISED,
                vital=condition.vital,
                value=condition.value,
                limit=condition.limit,
                began_at=began_at,
                raised_at=now,
                sounding_since=now,
            )
            _tell("alarm.raised", alarm, actor=None, now=now)
    except IntegrityError as clash:
        if "one_open_alarm_of_a_kind" not in str(clash):
            raise
        return 0
    return 1


def _take_step(alarm: Alarm, *, holds: bool, settings: Settings, now: datetime) -> int:
    if holds != (alarm.gone_since is None):
        alarm.gone_since = None if holds else now
        Alarm.objects.filter(pk=alarm.pk).update(gone_since=alarm.gone_since)
    if due(_standing(alarm), settings, now=now) is None:
        return 0
    with transaction.atomic():
        locked = _locked(alarm.pk)  # somebody may have acknowledged it meanwhile
        if locked.ended_at or (step := due(_standing(locked), settings, now=now)) is None:
            return 0
        locked.state = TRANSITIONS[State(locked.state)][step]
        match step:
            case Step.END:
                locked.ended_at = now
            case Step.REARM:
                locked.sounding_since, locked.rearm_at = now, None
                locked.acknowledged_at = locked.acknowledged_by = None
            case Step.ESCALATE:
                locked.escalated_at = now
        locked.save()
        _tell(f"alarm.{KINDS[step]}", locked, actor=None, now=now)
    return 1


KINDS = {Step.END: "ended", Step.REARM: "rearmed", Step.ESCALATE: "escalated"}


def _standing(alarm: Alarm) -> Standing:
    return Standing(
        state=State(alarm.state),
        priority=Priority(alarm.priority),
        sounding_since=alarm.sounding_since,
        rearm_at=alarm.rearm_at,
        gone_since=alarm.gone_since,
    )


def _locked(alarm_id: UUID) -> Alarm:
    return (
        Alarm.objects.select_for_update(of=("self",), no_key=True)
        .select_related("mission__incident", "acknowledged_by")
        .get(pk=alarm_id)
    )


def _tell(kind: str, alarm: Alarm, *, actor: User | None, now: datetime) -> None:
    append(kind=kind, actor=actor, now=now, refs=alarm_refs(alarm, alarm.mission))
