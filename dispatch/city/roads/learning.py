"""From whole drives to a factor table, and the table put to the drives it did not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from dispatch.city.roads.csr import CsrRouter
from dispatch.city.roads.matching import TrackFix, windows
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile
from dispatch.city.rules import (
    Cell,
    Judged,
    Window,
    by_key,
    hour_factors,
    judged,
    learn,
    leg_factor,
)

# Every so manieth leg is kept out of the learning and judges its result.
JUDGED_EVERY = 4
# Cells and what whole legs take over the sum of their roads; free flow is ([], 1.0).
Known = tuple[Sequence[Cell], float]


@dataclass(frozen=True, slots=True)
class DrivenLeg:
    """One drive without a stop on purpose: its name, its fixes in order of time."""

    name: str
    fixes: Sequence[TrackFix]

    @property
    def took_s(self) -> float:
        return (self.fixes[-1].at - self.fixes[0].at).total_seconds()

    @property
    def judges(self) -> bool:
        return crc32(self.name.encode()) % JUDGED_EVERY == 0


@dataclass(frozen=True, slots=True)
class Learnt:
    """A table before it is stored, with the errors of the legs that judged it."""

    cells: list[Cell]
    leg_factor: float
    legs: int
    with_table: Judged
    before: Judged


def learn_from(
    legs: Sequence[DrivenLeg], roads: CsrRouter, profile: Profile, *, before: Known
) -> Learnt:
    """The table of these legs, beside what it would replace: three of four teach, one judges."""
    teaching = [leg for leg in legs if not leg.judges]
    judging = [leg for leg in legs if leg.judges]
    known = taught(teaching, roads, profile)
    return Learnt(
        cells=list(known[0]),
        leg_factor=known[1],
        legs=len(teaching),
        with_table=judged(estimated(judging, roads, profile, known)),
        before=judged(estimated(judging, roads, profile, before)),
    )


def taught(legs: Sequence[DrivenLeg], roads: CsrRouter, profile: Profile) -> Known:
    """The cells of these legs, and what whole legs take over the sum of their roads."""
    lane = roads.lanes[profile]
    found: list[Window] = []
    for leg in legs:
        found += windows(lane, leg.name, leg.fixes)
    cells = learn(found)
    return cells, leg_factor(estimated(legs, roads, profile, (cells, 1.0)))


def estimated(
    legs: Sequence[DrivenLeg],
    roads: CsrRouter,
    profile: Profile,
    known: Known,
) -> list[tuple[float, float]]:
    """(estimated, taken) seconds of every leg that the roads can lead, as it set out."""
    cells, whole = by_key(known[0]), known[1]
    hours: dict[tuple[int, int], CsrRouter] = {}
    pairs = []
    for leg in legs:
        first, last = leg.fixes[0], leg.fixes[-1]
        hour = (first.at.weekday(), first.at.hour)
        if hour not in hours:
            factors = hour_factors(cells, *hour, leg_factor=whole)
            hours[hour] = roads.at_speeds({profile: factors})
        try:
            (eta_s,) = hours[hour].etas_to(
                LonLat(last.lon, last.lat), [Origin(first.lon, first.lat)], profile
            )
        except OffRoad:
            continue
        if eta_s is not None:
            pairs.append((eta_s, leg.took_s))
    return pairs
