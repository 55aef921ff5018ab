"""Real extracts that lie beside the repository on some machines; elsewhere these are skipped."""

from pathlib import Path

import numpy as np
import pytest

from dispatch.city.places.gather import gather
from dispatch.city.roads.csr import CsrRouter
from dispatch.city.roads.network import build_graph
from dispatch.city.roads.osm import read_ways
from dispatch.city.roads.router import LonLat, Origin

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PORTO = DATA / "osm-porto" / "porto_portugal.osm.pbf"
MANHATTAN = DATA / "nyc-manhattan" / "roads-2019.osm.pbf"

pytestmark = [pytest.mark.import_city, pytest.mark.slow]


def present(extract: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        not extract.exists(), reason=f"the map extract {extract.name} is not on this machine"
    )


def roads_of(extract: Path) -> CsrRouter:
    graph = build_graph(*read_ways(extract))
    assert graph is not None
    return CsrRouter(graph)


@pytest.mark.parametrize(
    ("extract", "least_nodes"),
    [
        pytest.param(PORTO, 50_000, marks=present(PORTO), id="porto"),
        pytest.param(MANHATTAN, 15_000, marks=present(MANHATTAN), id="manhattan"),
    ],
)
def test_every_place_of_a_real_city_reaches_every_other(extract: Path, least_nodes: int) -> None:
    router = roads_of(extract)
    graph = router.graph
    assert graph.node_count > least_nodes
    rng = np.random.default_rng(3)
    picks = rng.integers(0, graph.node_count, 40)
    origins = [Origin(float(graph.node_lon[i]), float(graph.node_lat[i])) for i in picks]

    for i in picks[:5]:
        target = LonLat(float(graph.node_lon[i]), float(graph.node_lat[i]))
        normal = router.etas_to(target, origins, "normal")
        blue = router.etas_to(target, origins, "blue_light")
        for slow, fast in zip(normal, blue, strict=True):
            assert slow is not None
            assert fast is not None
            assert fast <= slow + 30


@present(PORTO)
def test_a_known_drive_through_porto_takes_a_believable_time() -> None:
    """From the cathedral to the airport: 13 to 17 km and about a quarter of an hour."""
    router = roads_of(PORTO)

    path = router.path(Origin(-8.6113, 41.1428), LonLat(-8.6700, 41.2371), "normal")

    assert path is not None
    assert 11_000 < path.distance_m < 22_000
    assert 9 * 60 < path.eta_s < 30 * 60


@present(PORTO)
def test_streets_and_junctions_of_porto_are_gathered() -> None:
    found = gather(PORTO)

    kinds = {kind: sum(row.kind == kind for row in found.names) for kind in ("street", "junction")}
    assert kinds["street"] > 5_000
    assert kinds["junction"] > 5_000
