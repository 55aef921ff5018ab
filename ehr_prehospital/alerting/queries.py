"""Who is on call, by what they can be reached, and which channels a hospital has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from dispatch.people.models import Organisation, User
from ehr_prehospital.alerting.models import AlertTiming, OnCall, PushSubscription
from ehr_prehospital.alerting.rules import Channel, Reachable, Timing, seconds_of, timing_for
from ehr_prehospital.delivery.models import Partner

KIND_OF: dict[str, Channel] = {
    "alert.web_push": Channel.WEB_PUSH,
    "alert.sms": Channel.SMS,
    "alert.voice": Channel.VOICE,
    "alert.email": Channel.EMAIL,
    "alert.pager": Channel.PAGER,
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One person of the list with every way to them."""

    reachable: Reachable
    user: User
    subscriptions: Sequence[PushSubscription]


def on_call(hospital: Organisation, *, now: datetime, team: str = "") -> list[Duty]:
    """The list of the hospital, or of one of its teams, in its order."""
    rows = list(
        current(hospital, now=now)
        .filter(team=team, person__is_active=True)
        .select_related("person")
        .order_by("rank", "starts_at")
    )
    browsers: dict[UUID, list[PushSubscription]] = {}
    for one in PushSubscription.objects.filter(
        person__in=[row.person_id for row in rows], ended_at=None
    ):
        browsers.setdefault(one.person_id, []).append(one)
    return [
        Duty(
            Reachable(
                row.person_id,
                phone=row.phone,
                email=row.email,
                pager=row.pager,
                push=len(browsers.get(row.person_id, ())),
            ),
            row.person,
            browsers.get(row.person_id, ()),
        )
        for row in rows
    ]


def current(hospital: Organisation, *, now: datetime) -> QuerySet[OnCall]:
    return OnCall.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), hospital=hospital, starts_at__lte=now
    )


def channels_of(hospital: Organisation) -> dict[Channel, Partner]:
    """Channel → the partner that carries it: the hospital's own before the centre's."""
    rows = Partner.objects.filter(
        Q(hospital=hospital) | Q(hospital__isnull=True),
        centre_id=hospital.parent_id,
        kind__in=KIND_OF,
        active=True,
    ).order_by(F("hospital").asc(nulls_first=True))
    return {KIND_OF[row.kind]: row for row in rows}


def timings() -> list[Timing]:
    return [
        Timing(owner, row.urgency, tuple(row.after_s))
        for row in AlertTiming.objects.all()
        if (owner := row.hospital_id or row.centre_id)
    ]


@dataclass(frozen=True, slots=True)
class Counted:
    """The times that count at a place for one urgency, and whose they are: None is nobody's."""

    urgency: int
    after_s: tuple[int, ...]
    owner: UUID | None


def times_at(place: Organisation, urgencies: Sequence[int]) -> list[Counted]:
    """What counts at a hospital, or at a centre for its hospitals that set nothing."""
    settings, found = timings(), []
    for urgency in urgencies:
        one = timing_for(
            settings, hospital=place.pk, centre=place.parent_id or place.pk, urgency=urgency
        )
        found.append(Counted(urgency, seconds_of(one), one.owner if one else None))
    return found


def hospitals_with_own_times(
    centre: Organisation, urgencies: Sequence[int]
) -> list[tuple[Organisation, list[Counted]]]:
    """The hospitals of a centre that its times do not reach in everything."""
    rows = Organisation.objects.filter(
        parent=centre,
        pk__in=AlertTiming.objects.filter(hospital__isnull=False).values("hospital"),
    ).order_by("code")
    return [(one, times_at(one, urgencies)) for one in rows]
