"""The simulated vehicles: where each is at a simulated moment, reported like any vehicle's fix."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from uuid import UUID

from config.replay.clock import Clock
from config.replay.csv_file import BadTable
from config.replay.motion import Drive, Spot
from dispatch.city.roads.router import LonLat, Origin, Profile, Router
from dispatch.fleet.actions import VehicleFix, take_fixes
from dispatch.fleet.models import Ambulance, Mission, Shift
from dispatch.fleet.queries import crews, units_of
from dispatch.fleet.rules import JUMP_M_PER_S
from dispatch.fleet.telemetry import publish_positions
from dispatch.people.models import Organisation, User


@dataclass(slots=True)
class Unit:
    """One ambulance with the colleague who holds its tablet."""

    ambulance: Ambulance
    lead: User
    home: LonLat
    standing: Spot
    drive: Drive | None = None

    def spot(self, at_s: float) -> Spot:
        return self.drive.spot(at_s) if self.drive else self.standing

    def moves(self, at_s: float) -> bool:
        return self.drive is not None and at_s < self.drive.arrives_s

    def set_out(self, target: LonLat, *, roads: Router, profile: Profile, at_s: float) -> float:
        """Drive there from wherever the unit is; return the simulated moment of arrival."""
        spot = self.spot(at_s)
        path = roads.path(Origin(spot.lon, spot.lat, spot.heading_deg), target, profile)
        if path is None:
            raise RuntimeError(f"{self.ambulance} was ranked, yet no road leads to {target}")
        self.drive = Drive(path, at_s)
        return self.drive.arrives_s


def take_part(centre: Organisation, *, per_station: int | None, now: datetime) -> list[Unit]:
    """The centre's ambulances that are in service, crewed and free; BadTable when none is.

    `per_station` takes only the first so many of each station, by call sign.
    """
    ambulances = [one for one in units_of(centre) if one.in_service]
    on_shift = crews(ambulances=[one.pk for one in ambulances], now=now)
    taken: dict[UUID, int] = {}
    units = []
    for ambulance in ambulances:
        station = ambulance.station
        if ambulance.pk not in on_shift or station.lat is None or station.lon is None:
            continue
        taken[station.pk] = taken.get(station.pk, 0) + 1
        if per_station is not None and taken[station.pk] > per_station:
            continue
        home = LonLat(station.lon, station.lat)
        units.append(Unit(ambulance, lead_of(on_shift[ambulance.pk]), home, Spot(*home)))
    if not units:
        raise BadTable("No ambulance has a crew on shift now; run seed_demo first.")
    busy = Mission.objects.filter(open=True, ambulance__in=[one.ambulance for one in units])
    if busy.exists():
        named = ", ".join(busy.order_by("ambulance__call_sign").values_list("number", flat=True))
        raise BadTable(f"These missions are still open: {named}. --clean ends an earlier replay's.")
    return units


def lead_of(crew: Sequence[Shift]) -> User:
    return next((shift.user for shift in crew if shift.seat == Shift.Seat.LEAD), crew[0].user)


class Fleet:
    """All simulated units. Unwatched, nothing is sent to the screens."""

    def __init__(self, units: Sequence[Unit], clock: Clock, *, watched: bool) -> None:
        self.units = {unit.ambulance.pk: unit for unit in units}
        self._clock = clock
        self._watched = watched
        self._reported: tuple[float, datetime] | None = None

    def report(self, *, now: datetime, at_s: float | None = None) -> None:
        """Send every unit's position, standing ones too: an old fix shuts a unit out."""
        moment_s = self._clock.now_s if at_s is None else at_s
        fixes = [_fix(unit, moment_s, now) for unit in self.units.values()]
        believed = take_fixes(fixes=fixes, now=now, jump_m_per_s=self._fastest(moment_s, now))
        self._reported = moment_s, now
        if self._watched:
            publish_positions(believed)

    def _fastest(self, moment_s: float, now: datetime) -> float:
        """What is a jump, by the wall clock, when simulated time runs so much faster than it."""
        if self._reported is None:
            return inf  # an earlier replay may have left the vehicle anywhere
        last_s, last = self._reported
        return JUMP_M_PER_S * (moment_s - last_s) / (now - last).total_seconds()


def _fix(unit: Unit, at_s: float, now: datetime) -> VehicleFix:
    spot = unit.spot(at_s)
    return VehicleFix(
        ambulance_id=unit.ambulance.pk,
        lat=spot.lat,
        lon=spot.lon,
        fix_at=now,
        heading_deg=spot.heading_deg,
        speed_mps=spot.speed_mps,
    )
