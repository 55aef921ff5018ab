"""What a decision costs with 1,000 units on a real city, or on the demonstration's.

    python -m tests.benchmarks.decision [--units 1000] [--questions 40]

Ends with one line of JSON. Times are CPU milliseconds of this process, except those whose name
says wall; a recommendation includes its reads, its writes and its journal row. A third of the
fleet has moved between any two questions. What is not measured here is null.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from config.env import ROOT
from dispatch.city.roads.csr import CsrRouter
from dispatch.city.roads.network import RoadGraph, build_graph
from dispatch.city.roads.osm import read_ways
from dispatch.city.roads.router import LonLat, Origin, Profile
from tests.benchmarks.bed import bed

if TYPE_CHECKING:
    from dispatch.people.models import Organisation, User

PORTO = ROOT.parent / "shared" / "data" / "osm-porto" / "porto_portugal.osm.pbf"
NOW = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
MOVED = 1 / 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--city", type=Path, default=PORTO, help="an OpenStreetMap extract")
    said = parser.parse_args()
    with bed() as ground:
        graph = graph_of(said.city, ground.state_dir)
        fleet = Fleet(graph, said.units)
        result: dict[str, object] = {
            "units": said.units,
            "graph_nodes": graph.node_count,
            **etas(graph, fleet, said.questions),
            **recommendations(graph, fleet, said.questions, ground.state_dir),
            "call_to_recommendation_on_screen_ms_p95": None,
            "geocode_p95_ms": None,
            **peer(graph, fleet),
        }
    print(json.dumps(result))


def graph_of(extract: Path, state_dir: Path) -> RoadGraph:
    """The extract's roads, or those of the demonstration where there is none."""
    if not extract.exists():
        from dispatch.city.demo.make import make_demo_city

        extract = make_demo_city(state_dir / "demo").extract
    graph = build_graph(*read_ways(extract))
    if graph is None:
        raise SystemExit(f"{extract} has no roads")
    return graph


class Fleet:
    """Units spread over the whole graph, some of which move."""

    def __init__(self, graph: RoadGraph, units: int) -> None:
        self._graph = graph
        self._chance = np.random.default_rng(1)
        self.places = [self._place() for _unit in range(units)]

    def move(self) -> list[int]:
        """Some drive on; returns which."""
        moved = self._chance.random(len(self.places)) < MOVED
        for index in np.flatnonzero(moved):
            self.places[index] = self._place()
        return [int(index) for index in np.flatnonzero(moved)]

    def scene(self) -> LonLat:
        place = self._place()
        return LonLat(place.lon, place.lat)

    def _place(self) -> Origin:
        node = int(self._chance.integers(0, self._graph.node_count))
        aside = self._chance.normal(0, 1e-4, 2)
        return Origin(
            float(self._graph.node_lon[node] + aside[0]),
            float(self._graph.node_lat[node] + aside[1]),
            float(self._chance.uniform(0, 360)),
        )


def etas(graph: RoadGraph, fleet: Fleet, questions: int) -> dict[str, float]:
    roads = CsrRouter(graph)
    roads.etas_to(fleet.scene(), fleet.places, Profile.BLUE_LIGHT)
    standing = [
        cpu_ms(lambda: roads.etas_to(fleet.scene(), fleet.places, Profile.BLUE_LIGHT))
        for _question in range(questions)
    ]
    moving = []
    for _question in range(questions):
        fleet.move()
        moving.append(
            cpu_ms(lambda: roads.etas_to(fleet.scene(), fleet.places, Profile.BLUE_LIGHT))
        )
    return {
        "eta_all_units_ms_p50": p(50, moving),
        "eta_all_units_ms_p95": p(95, moving),
        "eta_all_units_standing_ms_p95": p(95, standing),
    }


def recommendations(
    graph: RoadGraph, fleet: Fleet, questions: int, state_dir: Path
) -> dict[str, float]:
    from dispatch.calls.models import Incident
    from dispatch.decision.actions.units import recommend_units

    centre, dispatcher = settle(graph, fleet, state_dir)
    cpu, wall = [], []
    for number in range(questions + 1):
        fleet.move()
        tell_positions(fleet)
        scene = fleet.scene()
        incident = Incident.objects.create(
            number=f"B-{number}",
            centre=centre,
            opened_at=NOW,
            complaint="chest_pain",
            priority=1,
            determinant="bench",
            protocol_id="bench",
            protocol_version="1",
            needs=["als", "cath_lab"],
            place_label="Bench",
            place_source="map",
            lat=scene.lat,
            lon=scene.lon,
            closed_at=NOW,
        )
        began = time.perf_counter()
        ask = partial(recommend_units, incident=incident, actor=dispatcher, now=NOW)
        took = cpu_ms(ask)
        if number:  # the first one loads the graph
            cpu.append(took)
            wall.append((time.perf_counter() - began) * 1000)
    return {"recommendation_ms_p95": p(95, cpu), "recommendation_wall_ms_p95": p(95, wall)}


def settle(graph: RoadGraph, fleet: Fleet, state_dir: Path) -> tuple[Organisation, User]:
    """A centre with its city, its stations and a crewed fleet."""
    from dispatch.city.models import City
    from dispatch.city.store import folder_of
    from dispatch.fleet.models import Ambulance, Shift
    from dispatch.people.models import Organisation, Role, User

    folder = folder_of(state_dir, "bench")
    folder.path.mkdir(parents=True)
    graph.save(folder.graph)
    City.objects.create(
        version="bench", name_en="Bench", source="bench", attribution="bench", current=True,
        imported_at=NOW, west=0, south=0, east=1, north=1,
    )  # fmt: skip
    kind = Organisation.Kind
    centre = Organisation.objects.create(kind=kind.DISPATCH_CENTRE, code="B", name_en="Bench")
    station = Organisation.objects.create(
        kind=kind.STATION, code="B1", name_en="Bench", parent=centre, lat=0, lon=0
    )
    units = Ambulance.objects.bulk_create(
        Ambulance(
            call_sign=f"B{index:04d}",
            plate="-",
            station=station,
            capability=("als", "bls", "als", "micu")[index % 4],
        )
        for index in range(len(fleet.places))
    )
    crew = User.objects.bulk_create(
        User(username=f"b{index}", role=Role.PARAMEDIC, organisation=station)
        for index in range(2 * len(units))
    )
    Shift.objects.bulk_create(
        Shift(
            user=user,
            ambulance=units[index // 2],
            seat=("lead", "driver")[index % 2],
            starts_at=NOW - timedelta(hours=1),
            ends_at=NOW + timedelta(hours=8),
        )
        for index, user in enumerate(crew)
    )
    dispatcher = User.objects.create(username="bench", role=Role.DISPATCHER, organisation=centre)
    return centre, dispatcher


def tell_positions(fleet: Fleet) -> None:
    from dispatch.fleet.models import Ambulance, Fix

    ids = Ambulance.objects.order_by("call_sign").values_list("pk", flat=True)
    Fix.objects.bulk_create(
        [
            Fix(ambulance_id=pk, lat=place.lat, lon=place.lon, heading_deg=place.heading_deg,
                fix_at=NOW, recorded_at=NOW)
            for pk, place in zip(ids, fleet.places, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["ambulance"],
        update_fields=["lat", "lon", "heading_deg"],
    )  # fmt: skip


def peer(graph: RoadGraph, fleet: Fleet) -> dict[str, object]:
    """The same question put to networkx, where it is installed."""
    if importlib.util.find_spec("networkx") is None:
        return {"peer": "networkx", "peer_eta_ms_p95": None}
    networkx = importlib.import_module("networkx")
    reverse = networkx.DiGraph()
    for tail, head, ahead, back in zip(
        graph.edge_from, graph.edge_to, graph.blue_forward_s, graph.blue_backward_s, strict=True
    ):
        for start, end, seconds in ((head, tail, ahead), (tail, head, back)):
            if np.isfinite(seconds):
                reverse.add_edge(int(start), int(end), weight=float(seconds))
    chance = np.random.default_rng(2)
    taken = [
        cpu_ms(
            lambda: networkx.single_source_dijkstra_path_length(
                reverse, int(chance.integers(0, graph.node_count))
            )
        )
        for _question in range(5)
    ]
    return {"peer": "networkx", "peer_eta_ms_p95": p(95, taken)}


def cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def p(share: int, values: Sequence[float]) -> float:
    return round(float(np.percentile(values, share)), 1)


if __name__ == "__main__":
    main()
