"""The main roads: avenues, river crossings, riverside roads, ring expressway with its ramps."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from dispatch.city.demo import plan
from dispatch.city.demo.curves import Line, offset, smooth
from dispatch.city.demo.plan import River, Road

PROMENADE_M = 85.0
BRIDGE_REACH_M = 175.0
TUNNEL_REACH_M = 300.0
CARRIAGEWAY_M = 13.0
FRONTAGE_M = 54.0
RING_STEP_M = 50.0
RING = ("Ring Expressway", "绕城快速路")
FRONTAGE = ("Ring Service Road", "绕城辅路")


class Bank:
    """How far a point is from the water's edge of the river; negative in the river."""

    def __init__(self, river: River) -> None:
        self._tree = cKDTree(river.middle)
        self._half = river.half_width[:, 0]

    def __call__(self, points: Line) -> Line:
        away, nearest = self._tree.query(points)
        gap: Line = away - self._half[nearest]
        return gap


def main_roads(river: River) -> list[Road]:
    bank = Bank(river)
    roads = [*_promenades(river), _old_wall()]
    for name_en, name_zh, highway, points in plan.AVENUES:
        line = smooth(np.array(points) * 1000.0, 45.0)
        roads += _avenue(Road(line, highway, name_en, name_zh), bank)
    return roads + _expressway(bank, roads)


def runs(keep: NDArray[np.bool_]) -> list[slice]:
    """The unbroken stretches of True, as slices."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], keep.astype(np.int8), [0]])))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _promenades(river: River) -> list[Road]:
    half = river.half_width[:, 0] + PROMENADE_M
    return [
        Road(offset(river.middle, half), "secondary", "Binjiang North Road", "滨江北路"),
        Road(offset(river.middle, -half), "secondary", "Binjiang South Road", "滨江南路"),
    ]


def _old_wall() -> Road:
    return Road(plan.old_wall(), "secondary", "Chengyuan Road", "城垣路")


def _avenue(road: Road, bank: Bank) -> list[Road]:
    """On the ground up to the riverside road; two of them go on, over and under the river."""
    gap = bank(road.line)
    crossing = {
        "Yunting Avenue": (BRIDGE_REACH_M, 1, "bridge", "Yunting Bridge", "云汀大桥"),
        "Tingchao Avenue": (TUNNEL_REACH_M, -1, "tunnel", "Tingchao Tunnel", "听潮隧道"),
    }.get(road.name_en)
    if crossing is None:
        return [_part(road, run) for run in runs(gap > PROMENADE_M - 40)]
    reach, layer, kind, name_en, name_zh = crossing
    under = runs(gap < reach)[0]
    speed = {"maxspeed": "60", "lanes": "6"}
    middle = slice(under.start, under.stop)
    return [
        _part(road, slice(0, middle.start + 1)),
        Road(road.line[middle], road.highway, name_en, name_zh, layer, {kind: "yes", **speed}),
        _part(road, slice(middle.stop - 1, len(road.line))),
    ]


def _part(road: Road, part: slice) -> Road:
    return Road(road.line[part], road.highway, road.name_en, road.name_zh, road.layer, road.tags)


def _expressway(bank: Bank, crossed: list[Road]) -> list[Road]:
    """Two elevated carriageways, service roads below them, four ramps at every avenue."""
    ring = plan.ring()
    body = ring[:-1]
    extended = np.vstack([body[-1:], body, body[:1]])
    beside = {left: offset(extended, left)[1:-1] for left in _LEFTS}
    tags = {"oneway": "yes", "maxspeed": "80", "lanes": "3"}
    over_river = bank(body) < PROMENADE_M
    roads: list[Road] = []
    for left, order in ((-CARRIAGEWAY_M, 1), (CARRIAGEWAY_M, -1)):
        roads += _carriageway(beside[left][::order], over_river[::order], tags)
    for left in (-FRONTAGE_M, FRONTAGE_M):
        closed = np.vstack([beside[left], beside[left][:1]])
        ground = runs(bank(closed) > PROMENADE_M - 40)
        roads += [Road(closed[run], "tertiary", *FRONTAGE) for run in ground]
    for crossing in _crossings(body, crossed):
        roads += _ramps(beside, crossing, bank)
    return roads


_LEFTS = (-CARRIAGEWAY_M, CARRIAGEWAY_M, -FRONTAGE_M, FRONTAGE_M)


def _carriageway(line: Line, over_river: NDArray[np.bool_], tags: dict[str, str]) -> list[Road]:
    """One direction of the ring, cut where it becomes a bridge with a name of its own."""
    start = int(np.flatnonzero(~over_river & np.roll(over_river, 1))[0])
    line, wet = np.roll(line, -start, axis=0), np.roll(over_river, -start)
    line, wet = np.vstack([line, line[:1]]), np.append(wet, wet[0])
    parts = [Road(line[run], "motorway", *RING, 1, tags) for run in runs(~wet)]
    for run in runs(wet):
        west = line[run][:, 0].mean() < 0
        name = ("Luoxia Bridge", "落霞大桥") if west else ("Zhaohui Bridge", "朝晖大桥")
        whole = slice(run.start - 1, run.stop + 1)
        parts.append(Road(line[whole], "motorway", *name, 1, {**tags, "bridge": "yes"}))
    return parts


def _crossings(ring: Line, roads: list[Road]) -> list[int]:
    """Indices of the ring where an avenue passes below, not closer than 700 m apart."""
    tree = cKDTree(ring)
    found: list[int] = []
    for road in roads:
        if road.layer or road.highway not in {"primary", "trunk"}:
            continue
        away, nearest = (np.asarray(one) for one in tree.query(road.line))
        found += [int(nearest[run][away[run].argmin()]) for run in runs(away < 60)]
    spread: list[int] = []
    for index in sorted(found):
        if not spread or (index - spread[-1]) * RING_STEP_M > 700:
            spread.append(index)
    return spread


def _ramps(beside: dict[float, Line], crossing: int, bank: Bank) -> list[Road]:
    """Off before the avenue and on behind it, for both directions; none over the river."""
    n = len(beside[CARRIAGEWAY_M])
    ramps: list[Road] = []
    for sign in (-1, 1):
        for order in (-1, 1):
            picks = [(crossing + order * step) % n for step in range(2, 8)]
            main, side = beside[sign * CARRIAGEWAY_M], beside[sign * FRONTAGE_M]
            share = np.linspace(0, 1, len(picks))[:, None]
            ease = share * share * (3 - 2 * share)
            line = side[picks] * (1 - ease) + main[picks] * ease
            if (bank(side[picks]) < PROMENADE_M).any():
                continue
            # Counter-clockwise traffic runs on the outer (right) side, sign -1.
            leaves = (sign < 0) == (order < 0)
            tags = {"oneway": "yes", "maxspeed": "40"}
            ramps.append(Road(line[::-1] if leaves else line, "motorway_link", *RING, 1, tags))
    return ramps
