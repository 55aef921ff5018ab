"""Which units are free, where they wait, and what each could reach: the picture behind coverage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.calls.models import Incident
from dispatch.city.queries import router
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile, Router, plane_m
from dispatch.decision.candidates import unit_candidates
from dispatch.decision.queries import policy_in_force
from dispatch.decision.rules.coverage import Bools, Floats, graded
from dispatch.decision.rules.policy import Policy
from dispatch.decision.rules.relocation import Fleet
from dispatch.decision.rules.units import Candidate, Case, Duty, gate
from dispatch.decision.zones import Ground, ground_of
from dispatch.fleet.models import Mission
from dispatch.fleet.queries import open_missions, units_of
from dispatch.fleet.rules import State
from dispatch.people.models import Organisation

# So near a point a unit waits there.
AT_POINT_M = 250.0
# What was asked of the roads is kept for a place of so many decimals (some 11 m).
DECIMALS = 4
MOST_KEPT = 1000
FREE = frozenset({Duty.FREE, Duty.POSTED, Duty.CLEARING})


@dataclass(frozen=True, slots=True)
class Point:
    """A place where units wait: a station, or a point of the policy."""

    code: str
    name_en: str
    name_zh: str
    place: LonLat
    kind: Incident.Kind
    turn_out_s: float


@dataclass(frozen=True, slots=True)
class Situation:
    """Free units and points by row, seconds to each zone from the assignment on.

    `now_s` is from where a unit is, `soon_s` from where it waits or is going to wait.
    """

    policy: Policy
    ground: Ground
    units: tuple[Candidate, ...]
    points: tuple[Point, ...]
    now_s: Floats
    soon_s: Floats
    points_s: Floats
    fleet: Fleet
    demand: Floats
    points_in_reach: Bools


def situation_of(centre: Organisation, now: datetime) -> Situation | None:
    """None without a city: then nothing is known of roads or demand."""
    policy, roads = policy_in_force(), router()
    rule = policy.relocation
    ground = ground_of(centre, rule, now)
    if roads is None or ground is None:
        return None
    urgent = Case(complaint="", priority=1, needs=(), opened_at=now)
    units = tuple(
        one
        for one in unit_candidates(centre=centre, now=now)
        if one.duty in FREE
        and one.lon is not None
        and not gate(one, case=urgent, policy=policy, now=now)
    )
    points = points_of(centre, policy)
    places = [_settled(LonLat(one.lon or 0.0, one.lat or 0.0), points) for one in units]
    posts = {pk: row for pk, row in open_missions(centre).items() if row.incident.posting}
    at, homeward = _waiting(units, places, points, posts, _homes(centre))
    points_s = _stacked([_reach(roads, ground, *_kept(one.place)) for one in points], ground)
    points_s = points_s + np.array([[one.turn_out_s] for one in points]).reshape(-1, 1)
    ready = [[_ready_s(one, policy)] for one in units]
    now_s = _stacked([_reach(roads, ground, *_kept(one)) for one in places], ground)
    now_s = now_s + np.array(ready).reshape(-1, 1)
    soon_s = np.where((at >= 0)[:, None], points_s[at], now_s) if len(points) else now_s
    demand, in_reach = graded(ground.demand, soon_s, rule.targets_s)
    asked = tuple(one.place for one in points)
    return Situation(
        policy=policy,
        ground=ground,
        units=units,
        points=points,
        now_s=now_s,
        soon_s=soon_s,
        points_s=points_s,
        demand=demand,
        points_in_reach=graded(ground.demand, points_s, rule.targets_s)[1],
        fleet=Fleet(
            in_reach=in_reach,
            drive_s=np.array([_drive(roads, asked, *_kept(one)) for one in places]).reshape(
                len(units), len(points)
            ),
            at=at,
            may_move=np.array([may_be_moved(one, policy, now) for one in units], dtype=bool),
            homeward=homeward,
        ),
    )


def points_of(centre: Organisation, policy: Policy) -> tuple[Point, ...]:
    """The centre's stations, then the points of its policy."""
    stations = Organisation.objects.filter(
        kind=Organisation.Kind.STATION,
        parent=centre,
        active=True,
        lat__isnull=False,
        lon__isnull=False,
    ).order_by("code")
    times = policy.response
    return (
        *(
            Point(one.code, one.name_en, one.name_zh, LonLat(one.lon or 0.0, one.lat or 0.0),
                  Incident.Kind.RELOCATION, times.turn_out_s)
            for one in stations
        ),
        *(
            Point(one.code, one.text.en, one.text.zh, LonLat(one.lon, one.lat),
                  Incident.Kind.STANDBY, times.turn_out_on_road_s)
            for one in policy.relocation.points
        ),
    )  # fmt: skip


def may_be_moved(unit: Candidate, policy: Policy, now: datetime) -> bool:
    """Not at rest, kept back or short of crew, not near the end of its shift, nor on its way."""
    calm = Case(complaint="", priority=5, needs=(), opened_at=now)
    waits = unit.duty is Duty.FREE or (
        unit.duty is Duty.POSTED and unit.mission_state == State.ON_SCENE
    )
    if not waits or gate(unit, case=calm, policy=policy, now=now):
        return False
    ends = unit.shift_ends_at
    return ends is None or (ends - now).total_seconds() > policy.relocation.rest_of_shift_s


def _homes(centre: Organisation) -> Mapping[UUID, LonLat]:
    return {
        unit.pk: LonLat(unit.station.lon, unit.station.lat)
        for unit in units_of(centre)
        if unit.station.lon is not None and unit.station.lat is not None
    }


def _waiting(
    units: Sequence[Candidate],
    places: Sequence[LonLat],
    points: Sequence[Point],
    posts: Mapping[UUID, Mission],
    homes: Mapping[UUID, LonLat],
) -> tuple[NDArray[np.int64], Bools]:
    """At which point each unit waits or is about to, and who is only driving home."""
    at, homeward = [], []
    for unit, here in zip(units, places, strict=True):
        post = posts.get(unit.unit_id)
        where = LonLat(post.incident.lon, post.incident.lat) if post else here
        near = _point_at(where, points)
        on_its_way = post is None and near < 0
        if on_its_way and unit.unit_id in homes:
            near = _point_at(homes[unit.unit_id], points)
        at.append(near)
        homeward.append(on_its_way)
    return np.array(at, dtype=np.int64), np.array(homeward, dtype=bool)


def _settled(place: LonLat, points: Sequence[Point]) -> LonLat:
    """The point itself for whoever stands there: a parked receiver's fixes wander."""
    near = _point_at(place, points)
    return points[near].place if near >= 0 else place


def _point_at(place: LonLat, points: Sequence[Point]) -> int:
    found = [
        (metres, index)
        for index, point in enumerate(points)
        if (metres := plane_m(place, point.place)) <= AT_POINT_M
    ]
    return min(found)[1] if found else -1


def _ready_s(unit: Candidate, policy: Policy) -> float:
    times = policy.response
    turn_out = times.turn_out_on_road_s if unit.on_road else times.turn_out_s
    return turn_out + (times.clear_up_s if unit.duty is Duty.CLEARING else 0.0)


def _kept(place: LonLat) -> tuple[float, float]:
    return round(place.lon, DECIMALS), round(place.lat, DECIMALS)


def _stacked(rows: Sequence[Floats], ground: Ground) -> Floats:
    return np.array(rows).reshape(len(rows), len(ground.places))


def _reach(roads: Router, ground: Ground, lon: float, lat: float) -> Floats:
    """Seconds by blue light to every zone, infinite where no way is."""
    return _times(roads, lon, lat, ground.places, Profile.BLUE_LIGHT)  # type: ignore[arg-type]


def _drive(roads: Router, points: tuple[LonLat, ...], lon: float, lat: float) -> Floats:
    """Seconds to every point as anybody drives."""
    return _times(roads, lon, lat, points, Profile.NORMAL)  # type: ignore[arg-type]


# A router is a key by its identity: with other closures it is another one.
@lru_cache(maxsize=MOST_KEPT)
def _times(
    roads: Router, lon: float, lat: float, places: tuple[LonLat, ...], profile: Profile
) -> Floats:
    try:
        found = roads.etas_from(Origin(lon, lat), places, profile)
    except OffRoad:
        return np.full(len(places), np.inf)
    return np.array([np.inf if eta_s is None else eta_s for eta_s in found])
