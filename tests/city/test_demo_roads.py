"""The fictional city's roads: each leads to another, and none into the river."""

import numpy as np
import pytest

from dispatch.city.demo.curves import Line, resample
from dispatch.city.demo.plan import Road
from dispatch.city.demo.planar import Plane, planar


def line(*points: tuple[float, float]) -> Line:
    return np.array(points, dtype=np.float64)


def cross_town(*roads: Road) -> Plane:
    """The roads together with a riverside road from (-500, 0) to (500, 0)."""
    riverside = Road(resample(line((-500, 0), (500, 0)), 50), "secondary", "Riverside")
    return planar([riverside, *roads])


def ends(plane: Plane, name: str) -> list[tuple[float, float]]:
    """Where the road's first way begins and ends, to the metre."""
    way = next(way for way in plane.ways if way.road.name_en == name)
    return [tuple(plane.places[node].round().tolist()) for node in (way.nodes[0], way.nodes[-1])]


def joined(plane: Plane, name: str) -> bool:
    """Whether the road shares a node with the riverside road."""
    nodes = {way.road.name_en: set(way.nodes) for way in plane.ways}
    return bool(nodes[name] & nodes["Riverside"])


def test_an_avenue_without_a_bridge_ends_at_the_riverside_road() -> None:
    avenue = Road(resample(line((20, 600), (20, -40)), 45), "trunk", "Avenue")

    plane = cross_town(avenue)

    assert ends(plane, "Avenue") == [(20, 600), (20, 0)]
    assert joined(plane, "Avenue")


def test_a_street_that_stops_just_short_of_a_road_meets_it() -> None:
    street = Road(resample(line((130, 300), (130, 18)), 40), "residential", "Street")

    plane = cross_town(street)

    assert ends(plane, "Street")[1] == pytest.approx((130, 0), abs=2)
    assert joined(plane, "Street")


def test_a_street_that_stops_far_from_every_road_is_a_dead_end() -> None:
    crossing = Road(resample(line((0, 300), (300, 300)), 50), "residential", "Crossing")
    feeder = Road(resample(line((220, 400), (220, 0)), 50), "residential", "Feeder")
    cul_de_sac = Road(resample(line((130, 400), (130, 80)), 40), "residential", "Cul-de-sac")

    plane = cross_town(crossing, feeder, cul_de_sac)

    assert ends(plane, "Cul-de-sac")[1] == (130, 80)


def test_a_bridge_goes_on_where_its_road_ends() -> None:
    bank = resample(line((-200, 300), (-200, 15)), 50)
    bridge = resample(line((-200, 15), (-200, -300)), 50)

    plane = cross_town(
        Road(resample(line((-300, 200), (0, 200)), 50), "secondary", "Upper"),
        Road(resample(line((-280, 220), (-280, -20)), 50), "secondary", "Link"),
        Road(bank, "primary", "Approach"),
        Road(bridge, "primary", "Bridge", layer=1),
    )

    assert ends(plane, "Approach")[1] == (-200, 15) == ends(plane, "Bridge")[0]
    assert not joined(plane, "Approach")
