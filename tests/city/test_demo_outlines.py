"""The fictional city's outlines: a ring keeps its shape, the ground between roads is a block."""

import numpy as np
import pytest

from dispatch.city.demo import plan
from dispatch.city.demo.buildings import Site, rectangles
from dispatch.city.demo.curves import Line, blob, offset, simplified
from dispatch.city.demo.land import blocks
from dispatch.city.demo.layout import Layout
from dispatch.city.demo.names import NameBook
from dispatch.city.demo.planar import Plane
from dispatch.city.demo.raster import Raster


def line(*points: tuple[float, float]) -> Line:
    return np.array(points, dtype=np.float64)


def size_of(ring: Line) -> float:
    (x, y), (next_x, next_y) = ring[:-1].T, ring[1:].T
    return float(abs((x * next_y - next_x * y).sum()) / 2)


def test_a_simplified_ring_keeps_its_shape() -> None:
    ring = blob((0.0, 0.0), (400.0, 250.0), 20.0, np.random.default_rng(3))

    kept = ring[simplified(ring, 10.0)]

    assert (kept[0] == kept[-1]).all()
    assert 6 <= len(kept) < len(ring)
    assert size_of(kept) == pytest.approx(size_of(ring), rel=0.1)


def test_a_hairpin_keeps_its_turn() -> None:
    hairpin = line((0, 0), (100, 0), (300, 0), (100, 0), (50, 0))

    kept = hairpin[simplified(hairpin, 5.0)]

    assert kept.tolist() == [[0, 0], [300, 0], [50, 0]]


def test_the_ground_between_roads_becomes_blocks_with_an_area() -> None:
    raster = Raster(20.0)
    grid = [line((at, -900), (at, 900)) for at in range(-900, 901, 600)]
    raster.draw([*grid, *(one[:, ::-1] for one in grid)], 20.0)

    found = list(blocks(raster))

    inner = [block for block in found if np.abs(block.outline).max() < 900]
    assert len(inner) == 9
    for block in inner:
        assert (block.outline[0] == block.outline[-1]).all()
        assert size_of(block.outline) == pytest.approx(540 * 540, rel=0.1)


def test_nobody_builds_in_the_park_along_the_river() -> None:
    river = plan.river()
    nothing = Plane(np.empty((0, 2)), [])
    names = NameBook(np.random.default_rng(1))
    site = Site(Layout(nothing, river, [], names, Raster(20.0)))
    middle = len(river.middle) // 2
    beside = offset(river.middle, river.half_width[:, 0] + 45)[middle : middle + 1]
    inland = offset(river.middle, river.half_width[:, 0] + 200)[middle : middle + 1]

    in_the_park, in_town = (
        rectangles(at, line((12, 12)), np.zeros(1))[0] for at in (beside, inland)
    )

    assert not site.take(in_the_park)
    assert site.take(in_town)
