"""Send a free unit to wait at a station or a point of the policy, because a person says so."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import Place, control_room
from dispatch.city.roads.router import LonLat
from dispatch.decision.queries import policy_in_force
from dispatch.decision.situation import Point, points_of
from dispatch.fleet.actions import post_unit, refs_of
from dispatch.fleet.models import Ambulance, Mission
from dispatch.fleet.queries import crews
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import User

# Why a dispatcher sends a unit to wait; labelled in dispatch/terms.py.
POST_REASONS = ("gap", "calls_expected", "event", "roads", "back_home", "drill", "other")


class NotOnShift(Refused):
    """Nobody is in the vehicle, or it is out of service."""

    code = "unit_not_on_shift"


class AlreadyThere(Refused):
    """The unit waits at this very place, or is on its way there."""

    code = "already_there"


def waiting_place(name_en: str, name_zh: str, at: LonLat) -> Place:
    """A waiting point with both its names: whoever reads it may speak another language."""
    return Place(name_en or name_zh, at.lat, at.lon, "point", label_zh=name_zh)


def posts(*, actor: User) -> tuple[Point, ...]:
    """Where a unit of the actor's centre may be sent: its stations, then the policy's points."""
    return points_of(control_room(actor), policy_in_force())


def send_to_post(
    *,
    ambulance: Ambulance,
    point: str,
    reason: str,
    actor: User,
    now: datetime,
    mission_id: UUID,
) -> Mission:
    """A posting as an accepted proposal makes one, with the person's reason. Idempotent on the id.

    Raises BadInput for a point or reason that there is not, NotOnShift, AlreadyThere, and
    UnitIsBusy when the unit serves an emergency. A unit that is kept back may be sent: whoever
    keeps it back knows why.
    """
    there = next((one for one in posts(actor=actor) if one.code == point), None)
    if there is None:
        raise BadInput(_("There is no post “%(code)s”.") % {"code": point}, code="no_post")
    if reason not in POST_REASONS:
        raise BadInput(_("Say why."), code="no_reason")
    place = waiting_place(there.name_en, there.name_zh, there.place)
    with transaction.atomic():
        earlier = Mission.objects.filter(pk=mission_id).first()
        if earlier:
            return earlier
        _can_go(ambulance, place, now)
        mission = post_unit(
            incident_id=uuid4(),
            kind=there.kind,
            place=place,
            ambulance=ambulance,
            actor=actor,
            now=now,
            mission_id=mission_id,
            reasons=[f"posting:{reason}"],
        )
        append(
            kind="unit.posted",
            actor=actor,
            now=now,
            refs=refs_of(mission),
            detail={"point": there.code, "reason": reason},
        )
    return mission


def _can_go(ambulance: Ambulance, place: Place, now: datetime) -> None:
    sign = {"unit": ambulance.call_sign}
    if not ambulance.in_service or not crews(ambulances=[ambulance.pk], now=now):
        raise NotOnShift(_("%(unit)s is not on shift.") % sign)
    if Mission.objects.filter(
        ambulance=ambulance,
        open=True,
        incident__place_source=place.source,
        incident__lat=place.lat,
        incident__lon=place.lon,
    ).exists():
        raise AlreadyThere(_("%(unit)s is already posted there.") % sign)
