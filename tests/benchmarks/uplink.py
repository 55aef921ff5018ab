"""`make bench-uplink`: what a frame costs here, beside the least that a server can do with it.

In one run and with the same frames from the same client: a bare Channels consumer on daphne that
only decodes and echoes, then this uplink with its durable commit and acknowledgement. CPU seconds
are those of the server, PostgreSQL and Valkey together. Then a thousand vehicles at 1 Hz.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from config.env import ROOT
from tests.benchmarks.bed import bed, cpu_s, say, server_pids
from tests.running import answers, environment, free_port, process
from tests.waiting import wait_until

MOVING, WINDOW = 40, 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--frames", type=int, default=150, help="a vehicle and round, at full speed"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vehicles", type=int, default=1000, help="at 1 Hz")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--processes", type=int, default=1, help="of the uplink, at 1 Hz")
    chosen = parser.parse_args()
    with bed() as place:
        print(json.dumps(measure(place.state_dir, chosen)), flush=True)


def measure(state_dir: Path, chosen: argparse.Namespace) -> dict[str, float | int]:
    fleet = make_fleet(chosen.vehicles)
    bare: list[float] = []
    ours: list[float] = []
    for number in range(chosen.rounds):
        for name, target, found in (
            ("bare", "tests.benchmarks.bare:bare", bare),
            ("uplink", "config.asgi:uplink", ours),
        ):
            spent, result = run(state_dir, target, fleet[:MOVING], frames=chosen.frames)
            assert result["acknowledged"] == result["sent"] == MOVING * chosen.frames, result
            found.append(result["sent"] / spent)
            say(f"round {number + 1}, {name}: {found[-1]:.0f} frames a CPU second")
    before = count()
    spent, held = run(
        state_dir,
        "config.asgi:uplink",
        fleet,
        seconds=chosen.seconds,
        processes=chosen.processes,
    )
    after = count()
    cores = spent / held["seconds"]
    say(f"{chosen.vehicles} vehicles at 1 Hz: {cores:.2f} cores")
    kept = after["stored"] - before["stored"]
    return {
        "bare_frames_per_cpu_s": round(statistics.median(bare)),
        "uplink_frames_per_cpu_s": round(statistics.median(ours)),
        "ratio": round(statistics.median(a / b for a, b in zip(ours, bare, strict=True)), 2),
        "vehicles": chosen.vehicles,
        "cores": round(cores, 2),
        "ack_p50_ms": round(held["p50_ms"]),
        "ack_p99_ms": round(held["p99_ms"]),
        "rows_per_s": round((after["rows"] - before["rows"]) / held["seconds"]),
        "lost": max(0, int(held["sent"]) - kept),
        "duplicated": max(0, kept - int(held["sent"])),
    }


def make_fleet(size: int) -> list[tuple[str, str, float, float]]:
    """Ambulances on a mission each, so that every reading belongs to a patient."""
    from django.utils import timezone

    from dispatch.calls.models import Incident
    from dispatch.fleet.actions import issue_token
    from dispatch.fleet.models import Ambulance, Mission
    from dispatch.people.models import Organisation

    now = timezone.now()
    centre = Organisation.objects.create(
        kind=Organisation.Kind.DISPATCH_CENTRE, code="B", name_en="Bench", name_zh="基准"
    )
    station = Organisation.objects.create(
        kind=Organisation.Kind.STATION, code="BS", name_en="Station", name_zh="站", parent=centre
    )
    units = Ambulance.objects.bulk_create(
        Ambulance(call_sign=f"B{number:04}", station=station, plate="", capability="als")
        for number in range(size)
    )
    incidents = Incident.objects.bulk_create(
        Incident(
            centre=centre, number=f"B-{number}", lat=31.0, lon=120.0, place_label="",
            complaint="other", priority=3, determinant="other-3", protocol_id="bench",
            protocol_version="1", place_source="map", opened_at=now,
        )
        for number in range(size)
    )  # fmt: skip
    Mission.objects.bulk_create(
        Mission(
            incident=incident, ambulance=unit, number=f"M-{unit.call_sign}",
            state="assigned", open=True, assigned_at=now,
        )
        for incident, unit in zip(incidents, units, strict=True)
    )  # fmt: skip
    return [
        (str(unit.pk), issue_token(unit), 31.0 + number % 100 * 1e-3, 120.0 + number // 100 * 1e-3)
        for number, unit in enumerate(units)
    ]


def run(
    state_dir: Path,
    target: str,
    fleet: list[tuple[str, str, float, float]],
    *,
    frames: int = 0,
    seconds: int = 0,
    processes: int = 1,
) -> tuple[float, dict[str, float]]:
    """CPU seconds of all servers, and what the vehicles' process told."""
    port = free_port()
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                process(
                    "-m", "config.shared_port", "127.0.0.1", str(port), "--verbosity", "0", target
                )
            )
            for _ in range(processes)
        ]
        wait_until(lambda: answers(port), timeout_s=60, what=f"{target} answers")
        pids = {*(server.pid for server in servers), *server_pids(state_dir)}
        settings = {
            "url": f"ws://127.0.0.1:{port}/uplink/",
            "vehicles": fleet,
            "frames": frames,
            "seconds": seconds,
            "window": WINDOW,
        }
        with subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.vehicles"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(),
        ) as client:
            assert client.stdin
            assert client.stdout
            client.stdin.write(json.dumps(settings))
            client.stdin.close()
            ready = client.stdout.readline()
            before = cpu_s(pids)
            told = client.stdout.readline()
            spent = cpu_s(pids) - before
    if ready != "ready\n" or not told:
        raise SystemExit("the vehicles failed; see above")
    return spent, json.loads(told)


def count() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM dispatch_frame),"
            " (SELECT count(*) FROM ehr_prehospital_reading)"
            " + (SELECT count(*) FROM ehr_prehospital_wave)"
        )
        stored, rows = cursor.fetchone()
    return {"stored": stored, "rows": rows}


if __name__ == "__main__":
    main()
