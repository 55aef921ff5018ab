"""A crew's own safety: the emergency button, the question whether all is well, their alarms."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dispatch.calls.actions import control_room
from dispatch.calls.models import Incident
from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Ambulance, CrewAlarm, CrewCheck, Fix, Mission
from dispatch.fleet.queries import unit_of
from dispatch.fleet.rules import CREW_ALARM_ENDS, State
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import User

# At a scene nobody else sees the crew; in the vehicle its position moves.
ASKED_IN = (State.ON_SCENE, State.AT_PATIENT)


def raise_emergency(
    *,
    alarm_id: UUID,
    ambulance: Ambulance,
    occurred_at: datetime,
    lat: float | None,
    lon: float | None,
    actor: User,
    now: datetime,
) -> CrewAlarm:
    """The crew pressed the button. Its own position is taken, else the vehicle's last one.

    Only its crew may; pressed again while the first still stands it is the same alarm.
    """
    own = unit_of(actor, now=now)
    if own is None or own.pk != ambulance.pk:
        raise NotAllowed(_("Only the crew of this ambulance may do this."))
    with transaction.atomic():
        return _raise(
            alarm_id=alarm_id,
            ambulance=Ambulance.objects.select_for_update(no_key=True).get(pk=ambulance.pk),
            kind=CrewAlarm.Kind.EMERGENCY,
            occurred_at=occurred_at,
            own=(lat, lon, occurred_at) if lat is not None and lon is not None else None,
            actor=actor,
            now=now,
        )


def _raise(
    *,
    alarm_id: UUID,
    ambulance: Ambulance,
    kind: str,
    occurred_at: datetime,
    own: tuple[float, float, datetime] | None,
    actor: User | None,
    now: datetime,
) -> CrewAlarm:
    standing = CrewAlarm.objects.filter(
        Q(pk=alarm_id) | Q(ambulance=ambulance, kind=kind, ended_at=None)
    )
    earlier = standing.first()
    if earlier:
        return earlier
    fix = Fix.objects.filter(ambulance=ambulance).first()
    lat, lon, fix_at = own or ((fix.lat, fix.lon, fix.fix_at) if fix else (None, None, None))
    mission = Mission.objects.filter(ambulance=ambulance, open=True).first()
    alarm = CrewAlarm.objects.create(
        id=alarm_id,
        ambulance=ambulance,
        mission=mission,
        kind=kind,
        occurred_at=occurred_at,
        recorded_at=now,
        raised_by=actor,
        lat=lat,
        lon=lon,
        fix_at=fix_at,
    )
    _tell("raised", alarm, actor=actor, now=now, occurred_at=occurred_at)
    return alarm


def acknowledge_crew_alarm(*, alarm: CrewAlarm, actor: User, now: datetime) -> None:
    """Somebody in the control room has it; the first one counts."""
    _own_alarm(alarm, actor)
    with transaction.atomic():
        taken = CrewAlarm.objects.filter(pk=alarm.pk, acknowledged_at=None, ended_at=None)
        if taken.update(acknowledged_at=now, acknowledged_by=actor):
            _tell("acknowledged", alarm, actor=actor, now=now)


def end_crew_alarm(*, alarm: CrewAlarm, reason: str, actor: User, now: datetime) -> None:
    """The crew is safe, or it was a slip; said twice it changes nothing."""
    _own_alarm(alarm, actor)
    if reason not in CREW_ALARM_ENDS:
        raise BadInput(_("Say why."), code="no_reason")
    with transaction.atomic():
        standing = CrewAlarm.objects.filter(pk=alarm.pk, ended_at=None)
        if standing.update(ended_at=now, ended_by=actor, end_reason=reason):
            _tell("ended", alarm, actor=actor, now=now, detail={"reason": reason})


def _own_alarm(alarm: CrewAlarm, actor: User) -> None:
    if alarm.ambulance.station.parent_id != control_room(actor).pk:
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")


# --- the safety timer ---------------------------------------------------------------


def answer_check(*, check: CrewCheck, actor: User, now: datetime) -> None:
    """One of the crew says that all is well; an alarm for the silence stays to be ended."""
    own = unit_of(actor, now=now)
    if own is None or own.pk != check.mission.ambulance_id:
        raise NotAllowed(_("Only the crew of this ambulance may do this."))
    with transaction.atomic():
        waiting = CrewCheck.objects.filter(pk=check.pk, answered_at=None)
        if waiting.update(answered_at=now, answered_by=actor):
            _tell_check("answered", check, actor=actor, now=now)


def watch_crews(*, every: timedelta, answer_within: timedelta, now: datetime) -> int:
    """Ask crews on scene from time to time; raise the alarm for those who stay silent."""
    return _ask(every, answer_within, now) + _miss(now)


def _ask(every: timedelta, answer_within: timedelta, now: datetime) -> int:
    asked = 0
    waiting = CrewCheck.objects.filter(answered_at=None)
    missions = Mission.objects.filter(
        open=True,
        state__in=ASKED_IN,
        on_scene_at__lte=now - every,
        incident__kind=Incident.Kind.EMERGENCY,
    ).exclude(pk__in=waiting.values("mission"))
    for mission in missions.select_related("ambulance"):
        last = mission.crew_checks.order_by("-answered_at").first()
        heard = max(
            moment
            for moment in (
                mission.on_scene_at,
                mission.at_patient_at,
                last.answered_at if last else None,
            )
            if moment
        )
        if now - heard < every:
            continue
        with transaction.atomic():
            check = CrewCheck.objects.create(
                mission=mission, asked_at=now, due_at=now + answer_within
            )
            _tell_check("asked", check, actor=None, now=now)
            asked += 1
    return asked


def _miss(now: datetime) -> int:
    """A check that is due has an alarm; one whose crew has left the scene is over."""
    missed = 0
    for check in CrewCheck.objects.filter(answered_at=None, due_at__lte=now).select_related(
        "mission__ambulance"
    ):
        with transaction.atomic():
            if check.mission.state not in ASKED_IN:
                CrewCheck.objects.filter(pk=check.pk, answered_at=None).update(answered_at=now)
                continue
            known = CrewAlarm.objects.filter(
                ambulance=check.mission.ambulance,
                kind=CrewAlarm.Kind.NO_ANSWER,
                recorded_at__gte=check.asked_at,
            )
            if known.exists():
                continue
            _raise(
                alarm_id=uuid4(),
                ambulance=check.mission.ambulance,
                kind=CrewAlarm.Kind.NO_ANSWER,
                occurred_at=now,
                own=None,
                actor=None,
                now=now,
            )
            missed += 1
    return missed


def _tell(
    what: str,
    alarm: CrewAlarm,
    *,
    actor: User | None,
    now: datetime,
    occurred_at: datetime | None = None,
    detail: dict[str, str] | None = None,
) -> None:
    refs = {"crew_alarm": alarm.pk, "unit": alarm.ambulance_id}
    append(
        kind=f"crew.{alarm.kind}_{what}",
        actor=actor,
        now=now,
        occurred_at=occurred_at,
        refs={**refs, "mission": alarm.mission_id} if alarm.mission_id else refs,
        detail=detail,
    )


def _tell_check(what: str, check: CrewCheck, *, actor: User | None, now: datetime) -> None:
    append(kind=f"crew.{what}", actor=actor, now=now, refs=refs_of(check.mission))
