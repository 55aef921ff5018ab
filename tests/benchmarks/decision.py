"""`make bench-decision`: what a decision costs with 1,000 units on a real city.

    python -m tests.benchmarks.decision [--units 1000] [--questions 40] [--calls 20] [--webgl]

Without the extract it is the demonstration's city. A third of the fleet has moved between any two
questions. The last line is JSON:

    eta_all_units_*   CPU milliseconds of this process: every unit's time to one scene
    recommendation_*  the same for a whole recommendation with its reads, its writes and its journal
                      row; with wall in its name on the clock, the database's work included
    call_to_*         on the clock, from the key that saves a call to the units on the screen of a
                      desk without a graphics card, which draws the plain map
                      (--webgl: the other map, painted by this machine's processor)
    geocode_*         on the clock, one search as the console asks it
    peer_*            CPU milliseconds of another engine for every unit's time to one scene
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from config.env import ROOT
from dispatch.city.roads.router import Profile
from tests.benchmarks.bed import bed, say
from tests.benchmarks.decisions.ground import Fleet, imported, settle, tell_positions

if TYPE_CHECKING:
    from dispatch.calls.models import Incident
    from dispatch.people.models import Organisation, User

PORTO = ROOT.parent / "shared" / "data" / "osm-porto" / "porto_portugal.osm.pbf"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--calls", type=int, default=20, help="on the console; 0 for no browser")
    parser.add_argument("--city", type=Path, default=PORTO, help="an OpenStreetMap extract")
    parser.add_argument("--webgl", action="store_true", help="the console paints its WebGL map")
    said = parser.parse_args()
    with bed() as ground:
        print(json.dumps(measure(said, ground.state_dir)), flush=True)


def measure(said: argparse.Namespace, state_dir: Path) -> dict[str, object]:
    from django.utils import timezone

    from tests.benchmarks.decisions import peer, places, screen

    graph = imported(said.city, state_dir, timezone.now())
    say(f"{graph.node_count} crossings are imported")
    fleet = Fleet(graph, said.units)
    centre, dispatcher = settle(fleet, timezone.now())

    def drive() -> None:
        fleet.move()
        tell_positions(fleet, timezone.now())

    result: dict[str, object] = {
        "units": said.units,
        "graph_nodes": graph.node_count,
        **etas(fleet, said.questions),
    }
    result |= recommendations(fleet, drive, said.questions, centre, dispatcher)
    say(f"recommended {said.questions} times")
    result |= places.searched(said.questions, fleet.scene())
    result |= peer.asked(graph, said.units)
    result["call_to_recommendation_on_screen_ms_p95"] = None
    if said.calls:
        result |= screen.seen(
            dispatcher=dispatcher,
            calls=said.calls,
            units=said.units,
            move=drive,
            scene=fleet.scene,
            webgl=said.webgl,
        )
    return result


def etas(fleet: Fleet, questions: int) -> dict[str, float]:
    from dispatch.city.queries import plain_roads

    roads = plain_roads()
    assert roads
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
    fleet: Fleet,
    drive: Callable[[], None],
    questions: int,
    centre: Organisation,
    dispatcher: User,
) -> dict[str, float]:
    from django.utils import timezone

    from dispatch.decision.actions.units import recommend_units

    cpu, wall = [], []
    for number in range(questions + 1):
        drive()
        now = timezone.now()
        incident = incident_at(number, fleet, centre, now)
        began = time.perf_counter()
        ask = partial(recommend_units, incident=incident, actor=dispatcher, now=now)
        took = cpu_ms(ask)
        if number:  # the first one loads the graph
            cpu.append(took)
            wall.append((time.perf_counter() - began) * 1000)
    return {"recommendation_ms_p95": p(95, cpu), "recommendation_wall_ms_p95": p(95, wall)}


def incident_at(number: int, fleet: Fleet, centre: Organisation, now: datetime) -> Incident:
    from dispatch.calls.models import Incident

    scene = fleet.scene()
    return Incident.objects.create(
        number=f"B-{number}",
        centre=centre,
        opened_at=now,
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
        closed_at=now,
    )


def cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def p(share: int, values: Sequence[float]) -> float:
    return round(float(np.percentile(values, share)), 1)


if __name__ == "__main__":
    main()
