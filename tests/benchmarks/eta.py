"""What learning makes of estimates: real trips of taxis, learnt on one half, told of the other.

    python -m tests.benchmarks.eta [--trips FILE.csv.gz] [--city FILE.osm.pbf]

The trips in order of time, every second one in either half. Both halves are told once, each by
what the other taught, so that no luck of one half decides. Ends with one line of JSON; errors are
of the driving time between the trip's first and last point, in seconds and percent of it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config.env import ROOT
from dispatch.city.roads.csr import CsrRouter
from dispatch.city.roads.learning import DrivenLeg, Known, estimated, taught
from dispatch.city.roads.matching import TrackFix
from dispatch.city.roads.network import build_graph
from dispatch.city.roads.osm import read_ways
from dispatch.city.roads.router import Profile
from dispatch.city.rules import judged, leg_factor

DATA = ROOT.parent / "shared" / "data"
TRIPS = DATA / "gps-taxi" / "porto-350-trips.csv.gz"
CITY = DATA / "osm-porto" / "porto_portugal.osm.pbf"
ZONE = ZoneInfo("Europe/Lisbon")
EVERY_S = 15
FREE: Known = ([], 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trips", type=Path, default=TRIPS)
    parser.add_argument("--city", type=Path, default=CITY)
    said = parser.parse_args()
    for file in (said.trips, said.city):
        if not file.exists():
            raise SystemExit(f"{file} is not there; name one with --trips or --city")
    graph = build_graph(*read_ways(said.city))
    if graph is None:
        raise SystemExit(f"{said.city} has no roads")
    roads = CsrRouter(graph)
    trips = sorted(read_trips(said.trips), key=lambda trip: trip.fixes[0].at)
    trips = [trip for trip in trips if estimated([trip], roads, Profile.NORMAL, FREE)]
    models: dict[str, Callable[[Sequence[DrivenLeg]], Known]] = {
        "free flow": lambda _teach: FREE,
        "one factor, mean": lambda teach: ([], mean_ratio(told(teach, roads, FREE))),
        "one factor, median": lambda teach: ([], leg_factor(told(teach, roads, FREE))),
        "learnt": lambda teach: taught(teach, roads, Profile.NORMAL),
    }
    print(f"{len(trips)} trips that the roads can lead")
    found = {name: both_halves(trips, roads, model) for name, model in models.items()}
    learnt, free = judged(found["learnt"]), judged(found["free flow"])
    for name, pairs in found.items():
        error = judged(pairs)
        print(f"{name:<20} MAE {error.mae_s:6.1f} s   MAPE {error.mape_pct:5.1f} %")
    result = {
        "trips": learnt.legs,
        "mae_s": round(learnt.mae_s, 1),
        "mape_pct": round(learnt.mape_pct, 1),
        "free_flow_mae_s": round(free.mae_s, 1),
    }
    print(json.dumps(result))


def told(trips: Sequence[DrivenLeg], roads: CsrRouter, known: Known) -> list[tuple[float, float]]:
    return estimated(trips, roads, Profile.NORMAL, known)


def both_halves(
    trips: Sequence[DrivenLeg], roads: CsrRouter, model: Callable[[Sequence[DrivenLeg]], Known]
) -> list[tuple[float, float]]:
    """(estimated, taken) of every trip, by what the half without it taught."""
    halves = trips[0::2], trips[1::2]
    return told(halves[0], roads, model(halves[1])) + told(halves[1], roads, model(halves[0]))


def mean_ratio(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(taken for _estimated, taken in pairs) / sum(known for known, _taken in pairs)


def read_trips(file: Path) -> list[DrivenLeg]:
    """Trips with two points or more, as they come: none is left out for being odd."""
    found = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            began = datetime.fromtimestamp(int(row["TIMESTAMP"]), UTC).astimezone(ZONE)
            fixes = [
                TrackFix(began + timedelta(seconds=EVERY_S * i), lon, lat)
                for i, (lon, lat) in enumerate(json.loads(row["POLYLINE"]))
            ]
            if len(fixes) >= 2:
                found.append(DrivenLeg(row["TRIP_ID"], fixes))
    return found


if __name__ == "__main__":
    main()
