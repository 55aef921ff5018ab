"""What is in the database, beside what the vehicles' notes say was produced.

A reading, a wave, a position, a fact, a file, and the frame itself each is one item. Lost:
produced, and not there or not the same, waves to the byte. Duplicated: there more than once, or
from no frame of this vehicle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from ambulance_agent.protocol import DeviceState, FilePiece, Numeric, Status, Telemetry, Wave
from tests.benchmarks.chaos.truth import Body, Truth

Frame = tuple[UUID, UUID, int]  # vehicle, epoch, sequence
Item = tuple[UUID, UUID, int, int]  # and index


@dataclass
class Verdict:
    produced: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    duplicated: Counter[str] = field(default_factory=Counter)
    undecided: int = 0
    undecided_stored: int = 0
    parked: int = 0

    @property
    def lost(self) -> int:
        return sum((self.produced - self.stored).values())


def judged(truths: Mapping[UUID, Truth]) -> Verdict:
    kept = {(v, *key): body for v, truth in truths.items() for key, body in truth.kept.items()}
    undecided = {
        (v, *key): body for v, truth in truths.items() for key, body in truth.undecided.items()
    }
    verdict = Verdict()
    stored = set(_rows("SELECT ambulance_id, epoch, sequence FROM dispatch_frame"))
    parked = set(_rows("SELECT ambulance_id, epoch, sequence FROM dispatch_parkedframe"))
    verdict.parked = len(parked)
    stored -= parked
    verdict.undecided = len(undecided)
    verdict.undecided_stored = len(undecided.keys() & stored)
    known = kept | {frame: undecided[frame] for frame in undecided.keys() & stored}

    there = dict.fromkeys(stored, True)
    _compare("frames", dict.fromkeys(known, True), there.items(), verdict, only=kept)
    _compare("readings", _readings(known), _stored_readings(), verdict, only=kept)
    _compare("waves", _waves(known), _stored_waves(), verdict, only=kept)
    _compare("statuses", _facts(known), _stored_facts(), verdict, only=_fact_ids(kept))
    _compare("files", _files(known), _stored_files(), verdict, only=_files(kept))
    verdict.duplicated["journal"] = _facts_told() - len(_facts(known))
    _judge_positions(kept, known, verdict)
    _judge_devices(known, verdict)
    return verdict


# Any: what is compared is whatever the kind of item has.
def _compare(
    what: str,
    expected: Mapping[Any, Any],
    found: Iterable[tuple[Any, Any]],
    verdict: Verdict,
    only: Iterable[Any],
) -> None:
    """`expected` may be there; what counts as produced is what belongs to `only`."""
    counted = set(only)
    belongs = [key for key in expected if (key[:3] if isinstance(key, tuple) else key) in counted]
    times: Counter[Any] = Counter()
    right: set[Any] = set()
    for key, value in found:
        times[key] += 1
        if expected.get(key) == value:
            right.add(key)
    verdict.produced[what] = len(belongs)
    verdict.stored[what] = sum(key in right for key in belongs)
    verdict.duplicated[what] = sum(count - (key in expected) for key, count in times.items())


def _rows(statement: str) -> Iterator[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        yield from cursor.fetchall()


def _telemetry(bodies: Mapping[Frame, Body]) -> Iterator[tuple[Frame, Telemetry]]:
    return ((key, body) for key, body in bodies.items() if isinstance(body, Telemetry))


def _readings(bodies: Mapping[Frame, Body]) -> dict[Item, object]:
    return {
        (*frame, index): _of_numeric(numeric)
        for frame, body in _telemetry(bodies)
        for index, numeric in enumerate(body.numerics)
    }


def _of_numeric(numeric: Numeric) -> tuple[object, ...]:
    return (
        numeric.code.value, numeric.value, numeric.unit.value, numeric.measured_at,
        numeric.quality.value, numeric.source,
    )  # fmt: skip


def _stored_readings() -> Iterator[tuple[Item, object]]:
    for row in _rows(
        "SELECT ambulance_id, epoch, sequence, index, code, value, unit, measured_at, quality,"
        " source FROM ehr_prehospital_reading"
    ):
        yield (row[0], row[1], row[2], row[3]), row[4:]


def _waves(bodies: Mapping[Frame, Body]) -> dict[Item, object]:
    return {
        (*frame, index): _of_wave(wave)
        for frame, body in _telemetry(bodies)
        for index, wave in enumerate(body.waves)
    }


def _of_wave(wave: Wave) -> tuple[object, ...]:
    return (wave.lead.value, wave.started_at, wave.rate_hz, wave.scale_uv, wave.samples)


def _stored_waves() -> Iterator[tuple[Item, object]]:
    for row in _rows(
        "SELECT ambulance_id, epoch, sequence, index, lead, started_at, rate_hz, scale_uv, samples"
        " FROM ehr_prehospital_wave"
    ):
        yield (row[0], row[1], row[2], row[3]), (*row[4:8], bytes(row[8]))


def _facts(bodies: Mapping[Frame, Body]) -> dict[UUID, object]:
    return {
        body.fact_id: (body.mission_id, body.fact.value, body.occurred_at)
        for body in bodies.values()
        if isinstance(body, Status)
    }


def _fact_ids(bodies: Mapping[Frame, Body]) -> set[UUID]:
    return set(_facts(bodies))


def _stored_facts() -> Iterator[tuple[UUID, object]]:
    for row in _rows("SELECT id, mission_id, fact, occurred_at FROM dispatch_missionfact"):
        yield row[0], row[1:]


def _files(bodies: Mapping[Frame, Body]) -> dict[bytes, object]:
    """The whole ones, by their hash: vehicle and bytes."""
    pieces: dict[tuple[UUID, bytes], dict[int, FilePiece]] = {}
    for frame, body in _telemetry(bodies):
        for piece in body.pieces or ():
            pieces.setdefault((frame[0], piece.sha256), {})[piece.part] = piece
    return {
        sha: (vehicle, b"".join(found[part].content for part in sorted(found)))
        for (vehicle, sha), found in pieces.items()
        if len(found) == next(iter(found.values())).parts
    }


def _stored_files() -> Iterator[tuple[bytes, object]]:
    for row in _rows(
        "SELECT sha256, ambulance_id, content FROM ehr_prehospital_ecg"
        " JOIN ehr_prehospital_ecgoriginal ON sha256 = original_id"
    ):
        yield bytes(row[0]), (row[1], bytes(row[2]))


def _facts_told() -> int:
    """Rows of the journal: each fact is told once."""
    rows = _rows(
        "SELECT count(*) FROM dispatch_entry WHERE detail->>'source' = 'vehicle'"
        " AND detail ? 'fact'"
    )
    return int(next(rows)[0])


def _judge_positions(
    kept: Mapping[Frame, Body], known: Mapping[Frame, Body], verdict: Verdict
) -> None:
    """A receiver may give the same fix in two frames: as many as were sent are there."""
    tracks = Counter(_rows("SELECT ambulance_id, fix_at, lat, lon FROM dispatch_track"))
    produced, expected = _positions(kept), _positions(known)
    verdict.produced["positions"] = produced.total()
    verdict.stored["positions"] = (produced & tracks).total()
    verdict.duplicated["positions"] = (tracks - expected).total()


def _positions(bodies: Mapping[Frame, Body]) -> Counter[tuple[UUID, datetime, float, float]]:
    return Counter(
        (frame[0], position.fix_at, position.lat, position.lon)
        for frame, body in _telemetry(bodies)
        if (position := body.position)
    )


def _judge_devices(known: Mapping[Frame, Body], verdict: Verdict) -> None:
    """Of each device's state the newest is kept, in whatever order they came."""
    newest: dict[tuple[UUID, str], DeviceState] = {}
    for frame, body in _telemetry(known):
        for state in body.devices:
            key = frame[0], state.device
            if key not in newest or state.since > newest[key].since:
                newest[key] = state
    found = (
        ((row[0], row[1]), row[2])
        for row in _rows("SELECT ambulance_id, device, state FROM ehr_prehospital_devicestatus")
    )
    expected = {key: state.state.value for key, state in newest.items()}
    _compare("device_states", expected, found, verdict, only=expected)
