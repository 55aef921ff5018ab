"""`make bench-video`: from a camera to the pixels of a wall, through a cut; and a full hub.

Real processes (web, uplink, media, PostgreSQL, Valkey) and two Chromium contexts. The camera is a
film whose pictures carry their numbers; each is read when the camera gives it and when the wall
shows it, by this machine's one clock: encoder, hub, decoder and drawing are in it, the camera's own
delay and the display's are not. The last line is JSON:

    glass_to_glass_*     from the camera to the canvas
    first_picture_ms     from opening a viewer to its first picture, the median of five
    recovery_*           from the link's return after ten seconds to the first fresh picture
    annotation_ms_*      from the expert's freeze to the same picture on the crew's screen
    annotation_proof_*   from the freeze until the expert is told that it was seen
    recording_*          pictures that the camera handed to the recorder, those in the sealed
                         record, and those missing in it; beside it what the camera itself skipped
    hub_cpu_pct          of one core, with 20 cameras of 1 Mbit/s and 10 viewers each
    vitals_p99_ms_*      from a vehicle's frame to a viewer of vital signs, meanwhile
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from config.env import ROOT
from tests.benchmarks.bed import bed, cpu_s, say

if TYPE_CHECKING:
    from tests.benchmarks.videos.people import People
    from tests.benchmarks.videos.stage import Stage

# Any: JSON.
Figures = dict[str, Any]
NUMBERS = 250  # the film begins again after so many pictures
LOAD_PROCESSES = 2

FIRST_PICTURE = """
async ([mission]) => {
  const { openViewer } = await import("/static/shared/media/viewer.js");
  const { api } = await import("/static/shared/api.js");
  const place = await api.get(`/api/missions/${mission}/streams/`);
  const began = performance.now();
  return new Promise((resolve) => {
    const viewer = openViewer({
      place, mission, stream: place.streams.at(-1),
      on: { shown() { viewer.close(); resolve(performance.now() - began); } },
    });
  });
}
"""
# When the tile says that its picture is of now: less than a second old, by capture time.
FRESH = """() => new Promise((resolve) => {
  const look = () => {
    if (document.querySelector(".camera").hasAttribute("data-late")) requestAnimationFrame(look);
    else resolve(performance.timeOrigin + performance.now());
  };
  look();
})"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--streams", type=int, default=20)
    parser.add_argument("--viewers", type=int, default=10)
    parser.add_argument("--only", choices=("pictures", "hub"), help="one half of it")
    chosen = parser.parse_args()
    with bed():
        from tests.benchmarks.videos.people import make_people

        people = make_people(1 + chosen.streams)
        figures: Figures = {}
        if chosen.only != "hub":
            figures |= pictures(people, chosen)
            say(json.dumps(figures))
        if chosen.only != "pictures":
            figures |= full_hub(people, chosen)
        print(json.dumps(figures), flush=True)
    return 0


# --- one camera, one wall -----------------------------------------------------------


def pictures(people: People, chosen: argparse.Namespace) -> Figures:
    from tests.benchmarks.videos.annotation import annotation
    from tests.benchmarks.videos.stage import stage
    from tests.browser.test_live_video import delays

    with stage(people, tapped=True) as on:
        on.wall.wait_for_timeout(5000)  # the rate finds the link's
        on.wall.evaluate("seen.length = 0")
        on.wall.wait_for_timeout(1000 * chosen.seconds)
        late = delays(on.tablet, on.wall)
        say(f"{len(late)} pictures in {chosen.seconds} s")
        found: Figures = {
            "glass_to_glass_ms_p50": round(late[len(late) // 2]),
            "glass_to_glass_ms_p95": round(late[int(0.95 * len(late))]),
            "first_picture_ms": first_picture(on),
            "recovery_after_10s_cut_ms": recovery(on),
        }
        return found | annotation(on) | recorded(on)


def first_picture(on: Stage) -> int:
    times = []
    for _ in range(5):
        on.wall.wait_for_timeout(1500)  # as a person opens one, not as a machine
        times.append(on.wall.evaluate(FIRST_PICTURE, [str(on.people.missions[0].pk)]))
    say(f"first pictures after {[round(took) for took in times]} ms")
    return round(float(statistics.median(times)))


def recovery(on: Stage) -> int:
    on.tablet.context.set_offline(True)
    on.wall.wait_for_timeout(10_000)
    if on.wall.locator(".camera[data-late]").count() == 0:
        raise SystemExit("the cut was not noticed")
    began = time.time() * 1000
    on.tablet.context.set_offline(False)
    return round(float(on.wall.evaluate(FRESH)) - began)


def recorded(on: Stage) -> Figures:
    """The record of the stream from the hub, proven whole, beside what the camera handed over."""
    from tests.fake_camera import HANDED_OVER
    from tests.live_platform import beside
    from tests.recorded import kept_of, skipped_by_camera

    on.tablet.wait_for_timeout(3000)
    on.tablet.click("[data-act=stop-camera]")
    end = time.monotonic() + 60
    while (sealed := beside(sealed_record)) is None and time.monotonic() < end:
        on.tablet.wait_for_timeout(500)
    if sealed is None:
        raise SystemExit("the end of the recording never came")
    state, film = sealed
    handed, count = on.tablet.evaluate(HANDED_OVER)
    kept = kept_of(handed, film, NUMBERS)
    return {
        "recording_handed_over": count,
        "recording_frames": kept.frames,
        "recording_missing_frames": kept.missing + kept.after,
        "recording_state": state,
        "skipped_by_camera": skipped_by_camera(handed, NUMBERS),
    }


def sealed_record() -> tuple[str, bytes] | None:
    """Its state and its film, pieces and chain compared with what was signed; None until then."""
    from django.utils import timezone

    from ehr_prehospital.recording.actions.sealing import seal
    from ehr_prehospital.recording.models import Recording
    from ehr_prehospital.recording.store import film_of

    recording = Recording.objects.select_related("stream__mission__incident").first()
    done = recording and seal(recording=recording, now=timezone.now())
    if not done:
        return None
    film = film_of(done)
    return done.state, film.read(0, film.size)


# --- a full hub, and vital signs beside it --------------------------------------------


def full_hub(people: People, chosen: argparse.Namespace) -> Figures:
    from tests.benchmarks.videos.vitals import vitals_beside
    from tests.live_platform import live_platform, session_of
    from tests.running import environment, served

    session = session_of(people.dispatcher)
    with ExitStack() as stack:
        platform = stack.enter_context(live_platform())
        uplink = stack.enter_context(served("uplink"))["uplink"]
        streams = [
            {
                "incident": str(mission.incident_id), "mission": str(mission.pk),
                "credential": people.tokens[str(mission.pk)],
            }
            for mission in people.missions[1:]
        ]  # fmt: skip
        seconds = chosen.seconds + 32
        loads = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.benchmarks.videos.load"],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
                    env=environment(),
                )
            )
            for _ in range(LOAD_PROCESSES)
        ]  # fmt: skip
        for number, child in enumerate(loads):
            stack.callback(child.kill)
            assert child.stdin
            child.stdin.write(
                json.dumps(
                    {
                        "hub": f"ws://127.0.0.1:{platform.media}", "session": session,
                        "origin": platform.url, "seconds": seconds,
                        "viewers": chosen.viewers, "pause_s": 0.15,
                        "streams": streams[number::LOAD_PROCESSES],
                    }
                )
            )  # fmt: skip
            child.stdin.close()
            child.stdin = None  # communicate() would flush it
        time.sleep(24)  # all are connected: each is asked who it is
        used, began = cpu_s({platform.hub.pid}), time.monotonic()
        late = vitals_beside(
            uplink=uplink, web=platform.web, people=people, session=session, seconds=chosen.seconds
        )
        hub_pct = (cpu_s({platform.hub.pid}) - used) / (time.monotonic() - began) * 100
        told = [json.loads(child.communicate()[0].splitlines()[-1]) for child in loads]
    say(f"load: {told}")
    return {
        "streams_x_viewers": f"{chosen.streams}x{chosen.viewers}",
        "hub_cpu_pct": round(hub_pct),
        "hub_p99_ms": max(one["p99_ms"] for one in told),
        "hub_lost": sum(one["lost"] for one in told),
        "vitals_p99_ms_beside_video": round(late[int(len(late) * 0.99)]),
        "vitals_p50_ms_beside_video": round(late[len(late) // 2]),
    }


if __name__ == "__main__":
    sys.exit(main())
