"""Reads of the fleet: crews, open missions, whose mission it was."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When

from dispatch.calls.actions import CONTROL_ROOM
from dispatch.fleet.models import Ambulance, Hold, Mission, Shift
from dispatch.people.models import Organisation, User


def units_of(centre: Organisation) -> list[Ambulance]:
    """Every ambulance of the centre, in service or not, with its station."""
    return list(
        Ambulance.objects.filter(station__parent=centre)
        .select_related("station", "fix")
        .order_by("call_sign")
    )


def crews(*, ambulances: Iterable[UUID], now: datetime) -> dict[UUID, list[Shift]]:
    """Who is on shift now in each of these ambulances."""
    found: dict[UUID, list[Shift]] = {}
    shifts = Shift.objects.filter(
        ambulance_id__in=list(ambulances), starts_at__lte=now, ends_at__gt=now
    ).select_related("user")
    by_seat = Case(
        *(When(seat=seat, then=Value(place)) for place, seat in enumerate(Shift.Seat.values))
    )
    for shift in shifts.order_by(by_seat, "user__username"):
        found.setdefault(shift.ambulance_id, []).append(shift)
    return found


def holds_of(*, ambulances: Iterable[UUID], now: datetime) -> dict[UUID, list[Hold]]:
    """What keeps each of these ambulances now."""
    return _by_unit(Hold.objects.filter(ambulance_id__in=list(ambulances)), now)


def _by_unit(holds: QuerySet[Hold], now: datetime) -> dict[UUID, list[Hold]]:
    found: dict[UUID, list[Hold]] = defaultdict(list)
    standing = holds.filter(Q(until__isnull=True) | Q(until__gt=now), ended_at__isnull=True)
    for hold in standing.order_by("since"):
        found[hold.ambulance_id].append(hold)
    return dict(found)


def shift_of(user: User, *, now: datetime) -> Shift | None:
    """The shift that this person works now."""
    return (
        Shift.objects.filter(user=user, starts_at__lte=now, ends_at__gt=now)
        .select_related("ambulance__station")
        .first()
    )


def unit_of(user: User, *, now: datetime) -> Ambulance | None:
    """The ambulance on which this person is on shift now."""
    shift = shift_of(user, now=now)
    return shift.ambulance if shift else None


def open_missions(centre: Organisation) -> dict[UUID, Mission]:
    """The open mission of each busy ambulance of the centre."""
    rows = Mission.objects.filter(open=True, incident__centre=centre).select_related("incident")
    return {row.ambulance_id: row for row in rows}


def mission_at(*, ambulance_id: UUID, at: datetime) -> Mission | None:
    """The mission that this ambulance was on at that moment."""
    return (
        Mission.objects.filter(ambulance_id=ambulance_id, assigned_at__lte=at)
        .filter(Q(open=True) | Q(ended_at__gte=at))
        .order_by("-assigned_at")
        .first()
    )


def mission_for(user: User, *, mission_id: UUID, now: datetime) -> Mission:
    """A mission for those who work on it: its crew, or its control room.

    Raises Mission.DoesNotExist for everyone else: that it exists is none of theirs.
    """
    mission = Mission.objects.select_related("incident", "ambulance__fix", "destination").get(
        pk=mission_id
    )
    if user.role in CONTROL_ROOM and mission.incident.centre_id == getattr(user.centre, "pk", None):
        return mission
    unit = unit_of(user, now=now)
    if unit is not None and unit.pk == mission.ambulance_id:
        return mission
    raise Mission.DoesNotExist
