"""`make bench-handover`: from *On board* to the department's screens, and to its own system.

    python -m tests.benchmarks.handover [--ambulances 60] [--screens 40] [--patients 1000]

First the screens: real web processes, an uplink with all the ambulances sending at 1 Hz, sockets
of ED boards and one real Chromium among them; crews press *On board* and correct what they know of
the patient over HTTP. A time counts from the crew's request to the message on the socket, in
Chromium to the frame after the words stand on the page. Every hospital has a system of its own.

Then the line: patients through the product's own actions, told to a hospital system in a process
of its own that answers late, twice, in halves, with errors or not at all, by a real sender that is
killed half-way. What the system has taken is compared with what was queued, patient by patient,
in order. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import statistics
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import requests

from config.env import ROOT
from tests.benchmarks.bed import bed, say

if TYPE_CHECKING:
    from dispatch.fleet.models import Mission
    from dispatch.people.models import Organisation, User
    from tests.hospital_system import HospitalSystem

HOSPITALS = 8
EVERY_S = 0.5
CHANGES = 3
# Of the messages whose first attempt meets a fault.
FAULTS = 0.06
WATCH = """
window.seen = [];
const known = new Set();
const wall = () => performance.timeOrigin + performance.now();
function look() {
  for (const card of document.querySelectorAll(".card")) {
    const id = card.dataset.id;
    const name = card.querySelector(".person b")?.textContent ?? "";
    for (const what of [id, name]) {
      if (!what || known.has(what)) continue;
      known.add(what);
      requestAnimationFrame(() => seen.push([what, wall()]));
    }
  }
  requestAnimationFrame(look);
}
requestAnimationFrame(look);
"""

# Any, here and below: JSON.
Json = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ambulances", type=int, default=60)
    parser.add_argument("--screens", type=int, default=40)
    parser.add_argument("--patients", type=int, default=1000)
    chosen = parser.parse_args()
    with bed():
        print(json.dumps(measure(chosen)), flush=True)


def measure(chosen: argparse.Namespace) -> Json:
    from tests.hospital_system import hospital_system

    with hospital_system() as his:
        stage = Stage(chosen, his)
        screens = of_screens(chosen, stage) if chosen.ambulances else {}
        line = of_line(chosen, stage, his)
    return {**screens, "ed_screens": chosen.screens, **line}


class Stage:
    """Hospitals with their people and systems, ambulances at their patients, crews."""

    def __init__(self, chosen: argparse.Namespace, his: HospitalSystem) -> None:
        from dispatch.people.models import Organisation
        from tests.benchmarks.uplink import make_fleet

        self.fleet = make_fleet(chosen.ambulances + chosen.patients)
        self.centre = Organisation.objects.get(kind="dispatch_centre")
        self.hospitals = [self.hospital(number, his) for number in range(HOSPITALS)]
        self.missions = self.missions_at_the_patient(chosen.ambulances)

    def hospital(self, number: int, his: HospitalSystem) -> Organisation:
        from django.utils import timezone

        from dispatch.decision.models import Hospital
        from dispatch.people.models import Organisation
        from ehr_prehospital.delivery.models import Partner

        row = Organisation.objects.create(
            kind="hospital", code=f"H{number}", name_en=f"Hospital {number}", parent=self.centre,
            lat=31.0, lon=120.0,
        )  # fmt: skip
        Hospital.objects.create(
            organisation=row, lat=31.0, lon=120.0, capabilities=["ed"], updated_at=timezone.now()
        )
        Partner.objects.create(
            centre=self.centre, hospital=row, name=f"HIS {number}", kind="hl7.mllp",
            address=his.address, options={"ack_s": "2"},
        )  # fmt: skip
        return row

    def missions_at_the_patient(self, count: int) -> list[tuple[Mission, User]]:
        from django.utils import timezone

        from dispatch.fleet.actions import record_fact
        from dispatch.fleet.models import Mission

        found = []
        for mission in Mission.objects.select_related("ambulance__station").order_by("number")[
            :count
        ]:
            medic = crew_of(mission)
            for fact in ("acknowledged", "en_route", "on_scene", "at_patient"):
                record_fact(
                    mission=mission, fact=fact, occurred_at=timezone.now(), actor=medic,
                    source="tablet", now=timezone.now(), fact_id=uuid4(),
                )  # fmt: skip
            found.append((mission, medic))
        return found


def crew_of(mission: Mission) -> User:
    from django.utils import timezone

    from dispatch.fleet.models import Shift
    from dispatch.people.models import User

    medic = User.objects.create(
        username=f"m-{mission.number}", role="paramedic", organisation=mission.ambulance.station
    )
    Shift.objects.create(
        user=medic, ambulance=mission.ambulance, seat="lead",
        starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=8),
    )  # fmt: skip
    return medic


def nurse_of(hospital: Organisation, number: int) -> User:
    from dispatch.people.models import User

    return User.objects.create(
        username=f"nurse-{hospital.code}-{number}", role="ed_staff", organisation=hospital
    )


def session_of(user: User) -> str:
    from tests.signed_in import signed_in

    return str(signed_in(user)["session"].session_key)


# --- the screens ----------------------------------------------------------------


def of_screens(chosen: argparse.Namespace, stage: Stage) -> Json:
    from tests.running import environment, process, served
    from tests.stories.browsers import chromium

    people = [
        (place % HOSPITALS, session_of(nurse_of(stage.hospitals[place % HOSPITALS], place)))
        for place in range(chosen.screens)
    ]
    crews = [session_of(medic) for _mission, medic in stage.missions]
    told: queue.SimpleQueue[Json] = queue.SimpleQueue()
    with ExitStack() as stack:
        first = stack.enter_context(served("web", "uplink"))
        second = stack.enter_context(served("web"))
        ports = [first["web"], second["web"]]
        stack.enter_context(process("manage.py", "deliver"))

        def started(module: str, settings: object) -> subprocess.Popen[str]:
            child = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    text=True, cwd=ROOT, env=environment(),
                )
            )  # fmt: skip
            stack.callback(child.kill)
            assert child.stdin
            assert child.stdout
            child.stdin.write(json.dumps(settings))
            child.stdin.close()
            assert child.stdout.readline() == "ready\n"
            return child

        started(
            "tests.benchmarks.vehicles",
            {
                "url": f"ws://127.0.0.1:{first['uplink']}/uplink/",
                "vehicles": stage.fleet[: chosen.ambulances],
                "frames": 0,
                "seconds": 3600,
                "window": 1,
            },
        )
        sockets = started(
            "tests.benchmarks.ed_screens",
            [[ports[place % 2], session] for place, (_at, session) in enumerate(people[1:])],
        )
        threading.Thread(target=listen, args=(sockets, told), daemon=True).start()
        page = wall(stack.enter_context(chromium(webgl=False)), ports[1], people[0][1])
        say(f"{len(people)} screens are open, one of them Chromium")
        asked = press(stage, crews, ports)
        seen = [*page.evaluate("seen")]
    times = gathered(told)
    return judged(asked, times, seen, [at for at, _session in people])


def listen(child: subprocess.Popen[str], told: queue.SimpleQueue[Json]) -> None:
    assert child.stdout
    for line in child.stdout:
        told.put(json.loads(line))


def gathered(told: queue.SimpleQueue[Json]) -> list[Json]:
    found = []
    while not told.empty():
        found.append(told.get())
    return found


# Playwright is imported when it is used.
def wall(browser: Any, port: int, session: str) -> Any:
    origin = f"http://127.0.0.1:{port}"
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
    page = context.new_page()
    page.on("pageerror", lambda error: say(f"page: {error}"))
    page.goto(f"{origin}/ed/")
    page.wait_for_selector("html[data-link=live], [data-link=live]", timeout=60_000)
    page.evaluate(WATCH)
    return page


def press(stage: Stage, crews: list[str], ports: list[int]) -> list[Json]:
    """Every crew boards, then says three times who the patient is. When each was asked for."""
    asked: list[Json] = []
    web = cycle(ports)
    jobs: list[threading.Thread] = []

    def do(job: Json, session: str, port: int) -> None:
        token = "a" * 32
        job["asked_ms"] = time.time() * 1000
        answer = requests.request(
            job["method"], f"http://127.0.0.1:{port}{job['path']}", json=job["body"],
            cookies={"sessionid": session, "csrftoken": token},
            headers={"X-CSRFToken": token}, timeout=60,
        )  # fmt: skip
        job["status"] = answer.status_code
        job["handover"] = answer.json().get("id", "") if job["kind"] == "board" else ""

    for turn in range(1 + CHANGES):
        for place, (mission, _medic) in enumerate(stage.missions):
            job = job_of(stage, mission, place, turn)
            asked.append(job)
            thread = threading.Thread(target=do, args=(job, crews[place], next(web)))
            thread.start()
            jobs.append(thread)
            time.sleep(EVERY_S)
    for thread in jobs:
        thread.join()
    time.sleep(5)  # what is late is late, not lost
    return asked


def job_of(stage: Stage, mission: Mission, place: int, turn: int) -> Json:
    from django.utils import timezone

    at = place % HOSPITALS
    if turn == 0:
        return {
            "kind": "board", "hospital": at, "key": str(mission.pk), "method": "POST",
            "path": f"/api/missions/{mission.pk}/board/",
            "body": {
                "id": str(uuid4()),
                "occurred_at": timezone.now().isoformat(),
                "hospital_id": str(stage.hospitals[at].pk),
            },
        }  # fmt: skip
    name = f"Patient {place} {turn}"
    return {
        "kind": "change", "hospital": at, "key": name, "method": "PUT",
        "path": f"/api/missions/{mission.pk}/patient/", "body": {"name": name, "sex": "male"},
    }  # fmt: skip


def judged(asked: list[Json], told: list[Json], seen: list[list[Any]], places: list[int]) -> Json:
    """Each request against every screen of its hospital; one that was never told is a failure."""
    refused = [job for job in asked if job["status"] not in (200, 201)]
    if refused:
        raise SystemExit(f"{len(refused)} requests were refused: {refused[0]}")
    first: dict[tuple[int, str], float] = {}
    for row in told:
        key = (row["screen"] + 1, row.get("handover") or row["name"])
        first[key] = min(first.get(key, row["at_ms"]), row["at_ms"])
    on_chromium = {row[0]: row[1] for row in reversed(seen)}
    spans: dict[str, list[float]] = {"board": [], "change": []}
    chromium: dict[str, list[float]] = {"board": [], "change": []}
    missing: list[str] = []
    for job in asked:
        for screen, hospital in enumerate(places):
            if hospital != job["hospital"]:
                continue
            if screen == 0:
                at = on_chromium.get(job["handover"] or job["key"])
            else:
                at = first.get((screen, job["key"]))
            if at is None:
                missing.append(f"screen {screen}: {job['kind']} {job['key']}")
                continue
            spans[job["kind"]].append(at - job["asked_ms"])
            if screen == 0:
                chromium[job["kind"]].append(at - job["asked_ms"])
    if missing:
        say(f"{len(missing)} times never shown: {'; '.join(missing[:12])}")
    return {
        "on_board_to_ed_screen_ms_p50": round(statistics.median(spans["board"])),
        "on_board_to_ed_screen_ms_p95": percentile(spans["board"], 95),
        "change_to_ed_screen_ms_p50": round(statistics.median(spans["change"])),
        "change_to_ed_screen_ms_p95": percentile(spans["change"], 95),
        "chromium_on_board_ms_p95": percentile(chromium["board"], 95),
        "chromium_change_ms_p95": percentile(chromium["change"], 95),
        "never_shown": len(missing),
        "ambulances": len({job["path"].split("/")[3] for job in asked}),
    }


def percentile(values: list[float], which: int) -> int:
    return round(statistics.quantiles(values, n=100)[which - 1])


# --- the line -------------------------------------------------------------------


def of_line(chosen: argparse.Namespace, stage: Stage, his: HospitalSystem) -> Json:
    """Patients by the product's actions; what the system took, against what was queued."""
    from ehr_prehospital.delivery.models import Delivery
    from tests.running import process
    from tests.waiting import wait_until

    his.behaves("mixed", share=FAULTS, slow_s=1.0)
    began = time.monotonic()
    open_ones = Delivery.objects.filter(state__in=["waiting", "sending"])
    with process("manage.py", "deliver") as sender:
        tell_of_patients(stage, chosen.ambulances, chosen.patients // 2)
        sender.kill()
        sender.wait()
    say("the sender was killed; another one takes over when its claims have run out")
    with process("manage.py", "deliver"):
        tell_of_patients(
            stage, chosen.ambulances + chosen.patients // 2, chosen.patients - chosen.patients // 2
        )
        say(f"{Delivery.objects.count()} messages were queued, {open_ones.count()} wait")
        wait_until(lambda: not open_ones.exists(), timeout_s=1800, what="all are delivered")
    took_s = time.monotonic() - began
    return compared(his.taken) | {"mllp_patients": chosen.patients, "mllp_s": round(took_s)}


def tell_of_patients(stage: Stage, skip: int, count: int) -> None:
    """On board, accepted, named: three messages for each."""
    from django.utils import timezone

    from dispatch.fleet.models import Mission
    from ehr_prehospital.handover import actions
    from ehr_prehospital.record.actions import Identity, set_patient

    nurses = [nurse_of(hospital, 1000 + skip) for hospital in stage.hospitals]
    rows = Mission.objects.select_related("ambulance__station", "incident").order_by("number")
    for place, mission in enumerate(rows[skip : skip + count]):
        medic = crew_of(mission)
        at = place % HOSPITALS
        boarded = actions.board(
            mission=mission, hospital=stage.hospitals[at], fact_id=uuid4(),
            occurred_at=timezone.now(), actor=medic, source="tablet", now=timezone.now(),
        )  # fmt: skip
        assert boarded.handover
        actions.confirm(handover=boarded.handover, actor=nurses[at], now=timezone.now())
        identity = Identity(name=f"Patient {place}", sex="female")
        set_patient(mission=mission, identity=identity, actor=medic, now=timezone.now())


def compared(taken: list[Json]) -> Json:
    """Every queued message taken once, each patient's in the order of the queue."""
    from ehr_prehospital.delivery.models import Delivery
    from ehr_prehospital.exchange.hl7v2.reading import read

    queued: dict[str, list[str]] = {}
    rows = Delivery.objects.filter(kind="hl7.mllp").order_by("number")
    for row in rows.iterator():
        said = read(bytes(row.content), encoding="utf-8")
        queued.setdefault(said.preadmission_number, []).append(said.control_id)
    got: dict[str, list[str]] = {}
    for one in taken:
        got.setdefault(one["preadmission"], []).append(one["control_id"])
    everything = [one for ids in queued.values() for one in ids]
    arrived = [one for ids in got.values() for one in ids]
    return {
        "mllp_delivered": len(set(arrived) & set(everything)),
        "mllp_lost": len(set(everything) - set(arrived)),
        "mllp_duplicated": len(arrived) - len(set(arrived)),
        "mllp_out_of_order": sum(got.get(patient) != ids for patient, ids in queued.items()),
        "mllp_sent_again": sum(one["repeats"] for one in taken),
    }


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
