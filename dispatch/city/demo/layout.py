"""Puts the plan together: every road of the city as one network, and the ground it stands on."""

from dataclasses import dataclass

import numpy as np

from dispatch.city.demo import plan
from dispatch.city.demo.curves import Line, offset
from dispatch.city.demo.mains import PROMENADE_M, main_roads
from dispatch.city.demo.names import NameBook
from dispatch.city.demo.plan import Ground, River, Road
from dispatch.city.demo.planar import Plane, planar
from dispatch.city.demo.raster import Raster
from dispatch.city.demo.streets import block_streets, district_roads

CELL_M = 20.0
VERGE_M = 14.0
# Streets end at the riverside road; the bank itself is for walkers.
BANK_M = PROMENADE_M - 25


@dataclass(frozen=True, slots=True)
class Layout:
    plane: Plane
    river: River
    grounds: list[Ground]
    names: NameBook
    # The sheet with the larger roads only: its faces are the blocks of the city.
    blocks: Raster


def lay_out(rng: np.random.Generator) -> Layout:
    river, names = plan.river(), NameBook(rng)
    grounds = plan.grounds(rng)
    raster = Raster(CELL_M)
    mains = [road for road in main_roads(river) if len(road.line) > 1]
    fences = _perimeters(grounds, names)
    raster.draw([road.line for road in [*mains, *fences] if road.layer == 0], CELL_M)
    raster.draw([plan.ring()], 2 * CELL_M)
    for ground in grounds:
        if ground.kind in {"park", "lake", "wood"}:
            raster.close(ground.outline)
    raster.close(_wide(river))
    middle = district_roads(raster, names, rng)
    raster.draw([road.line for road in middle], CELL_M)
    small = block_streets(raster, grounds, names, rng)
    plane = planar([*mains, *middle, *fences, *small])
    return Layout(plane, river, grounds, names, raster)


def _perimeters(grounds: list[Ground], names: NameBook) -> list[Road]:
    """A road around every park and closed area; woods and lakes need none."""
    return [
        Road(offset(ground.outline, -VERGE_M), "residential", *names.street("road"))
        for ground in grounds
        if ground.kind in {"park", "campus", "works"}
    ]


def _wide(river: River) -> Line:
    half = river.half_width[:, 0] + BANK_M
    north, south = offset(river.middle, half), offset(river.middle, -half)
    return np.vstack([north, south[::-1], north[:1]])
