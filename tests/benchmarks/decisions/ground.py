"""A real city, a centre in it and a crewed fleet that moves: what every figure stands on."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dispatch.city.roads.network import RoadGraph
from dispatch.city.roads.router import LonLat, Origin

if TYPE_CHECKING:
    from dispatch.people.models import Organisation, User

# So many of the units are somewhere else when the next question comes.
MOVED = 1 / 3


def imported(extract: Path, state_dir: Path, now: datetime) -> RoadGraph:
    """The extract as the current city, whole; the demonstration city where there is none."""
    from dispatch.city.imports.run import Order, import_city
    from dispatch.city.store import folder_of

    if not extract.exists():
        from dispatch.city.demo.make import make_demo_city

        extract = make_demo_city(state_dir / "demo").extract
    city = import_city(
        Order(extract, name_en="Bench", assume_sites=True),
        state_dir=state_dir,
        install=lambda _hospitals, _stations: None,
        progress=lambda _stage, _share: None,
        now=now,
    )
    return RoadGraph.load(folder_of(state_dir, city.version).graph)


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


def settle(fleet: Fleet, now: datetime) -> tuple[Organisation, User]:
    """A centre with one station, a crewed fleet, and a dispatcher."""
    from dispatch.fleet.models import Ambulance, Shift
    from dispatch.people.models import Organisation, Role, User

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
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=8),
        )
        for index, user in enumerate(crew)
    )
    dispatcher = User.objects.create(username="bench", role=Role.DISPATCHER, organisation=centre)
    return centre, dispatcher


def tell_positions(fleet: Fleet, now: datetime) -> None:
    from dispatch.fleet.models import Ambulance, Fix

    ids = Ambulance.objects.order_by("call_sign").values_list("pk", flat=True)
    Fix.objects.bulk_create(
        [
            Fix(ambulance_id=pk, lat=place.lat, lon=place.lon, heading_deg=place.heading_deg,
                fix_at=now, recorded_at=now)
            for pk, place in zip(ids, fleet.places, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["ambulance"],
        update_fields=["lat", "lon", "heading_deg", "fix_at", "recorded_at"],
    )  # fmt: skip
