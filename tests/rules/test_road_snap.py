"""A position finds its street: by distance, by heading, by what is open."""

import numpy as np
import pytest

from dispatch.city.roads.csr import CsrRouter
from dispatch.city.roads.network import RoadWay, build_graph
from dispatch.city.roads.router import LonLat, Origin, Profile
from dispatch.city.roads.speeds import RoadTraits

LANE_DEG = 0.0002  # some 20 m


def dual_carriageway(apart: float = LANE_DEG) -> CsrRouter:
    """East-bound below, west-bound above, joined at both ends; all one-way."""

    def way(nodes: list[int], points: list[tuple[float, float]], name: str) -> RoadWay:
        return RoadWay(nodes, np.array(points), RoadTraits("trunk", 72, 0, 72, 0, name, ""))

    graph = build_graph(
        [
            way([1, 2], [(0.0, 0.0), (0.01, 0.0)], "Eastbound"),
            way([2, 3], [(0.01, 0.0), (0.01, apart)], "East turn"),
            way([3, 4], [(0.01, apart), (0.0, apart)], "Westbound"),
            way([4, 1], [(0.0, apart), (0.0, 0.0)], "West turn"),
        ]
    )
    assert graph is not None
    return CsrRouter(graph)


@pytest.mark.parametrize(("heading", "street"), [(90.0, "Eastbound"), (270.0, "Westbound")])
def test_the_heading_decides_between_two_carriageways(heading: float, street: str) -> None:
    router = dual_carriageway()
    between = Origin(0.005, LANE_DEG / 2, heading)

    path = router.path(between, LonLat(0.007, LANE_DEG / 2), Profile.NORMAL)

    assert path is not None
    assert path.streets[0].name_en == street


def test_a_heading_does_not_pull_a_vehicle_to_a_street_far_away() -> None:
    router = dual_carriageway(apart=4 * LANE_DEG)

    path = router.path(Origin(0.005, 0.0001, 270.0), LonLat(0.009, 0.0), "normal")

    assert path is not None
    assert path.streets[0].name_en == "Eastbound"


def test_driving_on_is_quicker_than_turning_round() -> None:
    two_way = RoadTraits("residential", 36, 36, 36, 36)
    ring = [(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.0)]
    graph = build_graph([RoadWay([1, 2, 3, 1], np.array(ring), two_way)])
    assert graph is not None
    router, ahead = CsrRouter(graph), LonLat(0.006, 0.0)

    facing, turned, unknown = router.etas_to(
        ahead, [Origin(0.005, 0.0, h) for h in (90.0, 270.0, None)], "normal"
    )

    assert facing
    assert turned
    assert unknown
    assert facing == pytest.approx(unknown)
    assert turned == pytest.approx(facing + 12)


def test_a_nonsense_position_is_nowhere() -> None:
    router = dual_carriageway()

    legs = router.etas_to(LonLat(0.005, 0.0), [Origin(float("nan"), 0.0)], "normal")

    assert legs == [None]
