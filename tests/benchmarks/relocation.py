"""Where ambulances wait, simulated over a year of calls in the province of Utrecht.

    python -m tests.benchmarks.relocation [--calls 60000] [--seed 1] [--region DIR --prefix P]

The model is the published one of dynamic MEXCLP (Jagtenberg et al. 2015). Each policy meets the
same calls; they are compared in paired batches, whose 95 % interval is printed. Ends with one line
of JSON. `gain_pct` is what DMEXCLP takes away of the late share of static bases.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from config.env import ROOT
from dispatch.decision.policy_file import policy_named
from dispatch.decision.rules.coverage import Floats, graded
from dispatch.decision.rules.posts import best_posts
from tests.benchmarks.relocations.fleet import Policy, Service, calls_of, simulate
from tests.benchmarks.relocations.policies import Dmexclp, Home, Own
from tests.benchmarks.relocations.region import NoRegion, Region, read_region

UTRECHT = ROOT.parent / "shared" / "data" / "utrecht-dmexclp"
WARM_UP = 0.05
BATCHES = 20
# So many bases are chosen where a region names none.
BASES = 18


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--units", type=int, default=19)
    parser.add_argument("--calls-per-hour", type=float, default=6.3)
    parser.add_argument("--region", type=Path, default=UTRECHT)
    parser.add_argument("--prefix", help="one of several regions in the folder (rav09)")
    said = parser.parse_args()
    if not said.region.is_dir():
        print(f"skipped: there is no folder {said.region} with a region's travel times")
        return
    prefix = said.prefix or ("rav09" if said.region == UTRECHT else "")
    try:
        region = read_region(said.region, prefix)
    except NoRegion as missing:
        raise SystemExit(str(missing)) from missing
    if said.prefix and said.prefix != "rav09" and said.region == UTRECHT:
        region = replace(region, bases=None)  # the lists beside it are Utrecht's
    print(json.dumps(run(region, Service(calls_per_hour=said.calls_per_hour), said)))


def run(region: Region, service: Service, said: argparse.Namespace) -> dict[str, float]:
    bases, home = posts(region, service, said.units)
    rule = replace(
        policy_named("standard").relocation, busy=service.busy, target_s=service.target_s
    )
    print(
        f"{region.name}: {len(region.zones)} zones, {region.population.sum():,.0f} people,"
        f" {len(bases)} bases, {len(region.hospitals)} hospitals, {said.units} ambulances,"
        f" {service.calls_per_hour:g} calls an hour, {said.calls:,} calls, seed {said.seed}"
    )
    policies: Mapping[str, Policy] = {
        "static": Home(),
        "dmexclp": Dmexclp(region, service, bases),
        "own": Own(region, service, bases, rule),
    }
    calls = calls_of(region, service, said.calls, said.seed)
    response_s: dict[str, Floats] = {}
    for name, policy in policies.items():
        began = time.perf_counter()
        done = simulate(region, service, calls, home, bases, policy)
        response_s[name] = done.response_s[int(WARM_UP * len(calls)) :]
        print(
            f"{name:<8} late {late_pct(response_s[name], service):5.2f} %, mean response"
            f" {response_s[name].mean():5.1f} s, {done.moves:4.1f} drives and"
            f" {done.driven_h:.2f} h of driving a unit and day"
            f"  ({time.perf_counter() - began:.0f} s)"
        )
    for better, worse in (("dmexclp", "static"), ("own", "static"), ("own", "dmexclp")):
        print(compared(better, worse, response_s, service))
    static, dynamic, own = (late_pct(response_s[name], service) for name in policies)
    return {
        "static_late_pct": round(static, 3),
        "dmexclp_late_pct": round(dynamic, 3),
        "gain_pct": round(100 * (static - dynamic) / static, 1) if static else 0.0,
        "own_late_pct": round(own, 3),
        "own_mean_response_s": round(float(response_s["own"].mean()), 1),
    }


def posts(region: Region, service: Service, units: int) -> tuple[list[int], list[int]]:
    """The bases, and the home of each ambulance by MEXCLP: rows of bases."""
    if region.bases:
        bases = list(region.bases)
    else:
        zones = list(range(len(region.zones)))
        every = placed(region, service, zones, min(BASES, len(zones)), room=1)
        bases = [zone for zone, count in enumerate(every) if count]
    counts = placed(region, service, bases, units, room=units)
    return bases, [base for base, count in enumerate(counts) for _unit in range(count)]


def placed(
    region: Region, service: Service, sites: list[int], units: int, *, room: int
) -> list[int]:
    reach_s = region.siren_s[sites] + service.delay_s
    demand, points = graded(region.population, reach_s, [(service.target_s, 1.0)])
    return best_posts(demand, points, units=units, busy=service.busy, room=[room] * len(sites))


def late_pct(response_s: Floats, service: Service) -> float:
    return float(100 * (response_s > service.target_s).mean())


def compared(better: str, worse: str, response_s: Mapping[str, Floats], service: Service) -> str:
    """Late calls of one against the other, batch by batch: the calls are the same."""
    late = {name: response_s[name] > service.target_s for name in (better, worse)}
    gaps = [
        100 * (a.mean() - b.mean())
        for a, b in zip(
            np.array_split(late[better], BATCHES), np.array_split(late[worse], BATCHES), strict=True
        )
    ]
    half = float(student.ppf(0.975, BATCHES - 1) * np.std(gaps, ddof=1) / np.sqrt(BATCHES))
    return (
        f"{better} − {worse}: {np.mean(gaps):+.2f} ± {half:.2f} percentage points late"
        f" (95 %, {BATCHES} paired batches)"
    )


if __name__ == "__main__":
    main()
