"""Everything that runs and can be struck: the vehicles' processes, the links, the centre."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from config.children import tied_to_this_process
from config.embedded import EmbeddedPostgres
from config.env import ROOT
from tests.benchmarks.bed import say
from tests.benchmarks.chaos.agent import LEFT, QUIET
from tests.benchmarks.chaos.faults import Fault, Kind
from tests.benchmarks.chaos.links import Links
from tests.running import answers, environment, free_port
from tests.waiting import wait_until


@dataclass(frozen=True, slots=True)
class Unit:
    """One vehicle of the fleet: who it is for the centre, and where its frames wait."""

    vehicle_id: str
    token: str
    lat: float
    lon: float
    outbox: Path


@dataclass
class Struck:
    """A fault that happened. Until it has ended `ended_s` is None."""

    kind: Kind
    vehicles: tuple[int, ...]
    began_s: float
    ended_s: float | None = None


class Program:
    """One program that is started, killed and started again; its words go to a file."""

    def __init__(self, words: Path, *arguments: str) -> None:
        self._words, self._arguments = words, arguments
        self._child: subprocess.Popen[bytes] | None = None
        self.crashes = 0

    def start(self) -> None:
        with self._words.open("ab") as words:
            self._child = subprocess.Popen(
                [sys.executable, *self._arguments],
                cwd=ROOT, env=environment(), stderr=words, stdin=subprocess.DEVNULL,
                preexec_fn=tied_to_this_process(signal.SIGKILL),  # noqa: PLW1509  (two system calls)
            )  # fmt: skip

    @property
    def runs(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def end(self) -> None:
        """Politely, by force after a while."""
        if self._child is not None:
            self._child.terminate()
            try:
                self._child.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
            self._child = None

    def look(self) -> None:
        """Start it again when it has ended by itself, which none of ours may."""
        if self._child is not None and self._child.poll() is not None:
            self.crashes += 1
            say(f"{self._arguments} ended by itself with {self._child.poll()}; see {self._words}")
            self.start()


class Field:
    def __init__(
        self,
        fleet: list[Unit],
        postgres: EmbeddedPostgres,
        links: Links,
        port: int,
        groups: list[Program],
        words: Path,
    ) -> None:
        self.links = links
        self.struck: list[Struck] = []
        self._fleet = fleet
        self._postgres = postgres
        self._port = port
        self._groups = groups
        self._uplink = Program(
            words, "-m", "daphne", "--bind", "127.0.0.1", "--port", str(port), "--verbosity", "0",
            "config.asgi:uplink",
        )  # fmt: skip
        self._bad_links: set[int] = set()
        self._coming: list[Struck] = []

    def start(self) -> None:
        self._uplink.start()
        wait_until(lambda: answers(self._port), timeout_s=60, what="the uplink answers")
        for group in self._groups:
            group.start()

    def end(self) -> None:
        for program in (*self._groups, self._uplink):
            program.kill()

    def end_vehicles(self) -> None:
        for group in self._groups:
            group.end()

    @property
    def crashes(self) -> int:
        return sum(program.crashes for program in (self._uplink, *self._groups))

    def look(self) -> None:
        for program in (self._uplink, *self._groups):
            program.look()
        for struck in [one for one in self._coming if answers(self._port)]:
            struck.ended_s = time.monotonic()
            self._coming.remove(struck)

    @property
    def whole(self) -> bool:
        return all(struck.ended_s is not None for struck in self.struck)

    def strike(self, fault: Fault) -> Struck | None:
        """None where it cannot: what is down already is not killed."""
        match fault.kind:
            case Kind.AGENT:
                vehicles = self._kill_agent(fault.vehicles[0], writing=fault.strength < 0.5)
            case Kind.UPLINK:
                vehicles = fault.vehicles if self._uplink.runs and not self._coming else ()
                if vehicles:
                    self._uplink.kill()
            case Kind.POSTGRES:
                vehicles = fault.vehicles if self._postgres.pid else ()
                if vehicles:
                    self._kill_postgres()
            case _:
                vehicles = tuple(v for v in fault.vehicles if v not in self._bad_links)
                self._bad_links.update(vehicles)
                for vehicle in vehicles:
                    self._spoil(fault, vehicle)
        if not vehicles:
            return None
        struck = Struck(fault.kind, vehicles, time.monotonic())
        self.struck.append(struck)
        return struck

    def lift(self, struck: Struck) -> None:
        match struck.kind:
            case Kind.AGENT:
                self._group_of(struck.vehicles[0]).start()
            case Kind.UPLINK:
                self._uplink.start()
                self._coming.append(struck)  # it ends when the port answers
                return
            case Kind.POSTGRES:
                self._postgres.stop()  # gives up what was killed
                self._postgres.start()
            case _:
                for vehicle in struck.vehicles:
                    self.links.clear(vehicle)
                self._bad_links.difference_update(struck.vehicles)
        struck.ended_s = time.monotonic()

    def _spoil(self, fault: Fault, vehicle: int) -> None:
        match fault.kind:
            case Kind.CUT:
                self.links.cut(vehicle)
            case Kind.STALL:
                self.links.stall(vehicle, fault.lasts_s)
            case Kind.DELAY:
                self.links.slow(vehicle, delay_s=0.1 + 2 * fault.strength)
            case _:
                self.links.slow(vehicle, bytes_per_s=1000 + 4000 * fault.strength)

    def _group_of(self, vehicle: int) -> Program:
        return self._groups[vehicle % len(self._groups)]

    def _kill_agent(self, vehicle: int, *, writing: bool) -> tuple[int, ...]:
        """The vehicles that share its process go with it. `writing`: while it keeps a frame."""
        group = self._group_of(vehicle)
        if not group.runs:
            return ()
        if writing:
            until_a_note_grows(self._fleet[vehicle].outbox)
        group.kill()
        return tuple(range(vehicle % len(self._groups), len(self._fleet), len(self._groups)))

    def _kill_postgres(self) -> None:
        postmaster = self._postgres.pid
        assert postmaster
        for pid in (postmaster, *children_of(postmaster)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def until_a_note_grows(outbox: Path) -> None:
    """The witness has just been told, the outbox is at it."""
    notes = max(outbox.parent.glob(f"{outbox.name}.truth-*"), default=None)
    give_up_s = time.monotonic() + 1.2  # a frame comes each second
    size = notes.stat().st_size if notes else 0
    while notes and notes.stat().st_size == size and time.monotonic() < give_up_s:
        time.sleep(0.0002)


def children_of(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdigit():
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(stat[1]) == parent:
                    found.append(int(folder.name))
    return found


def settings_file(folder: Path, unit: Unit, number: int, port: int) -> Path:
    file = folder / f"vehicle-{number}.toml"
    file.write_text(
        f"""[vehicle]
id = "{unit.vehicle_id}"
call_sign = "C{number:03}"
token = "{unit.token}"
[uplink]
url = "ws://127.0.0.1:{port}/uplink/"
[outbox]
path = "{unit.outbox.name}"
[drivers.simulated]
seed = {number}
home = [{unit.lon}, {unit.lat}]
"""
    )
    return file


@contextmanager
def field_of(
    fleet: list[Unit], folder: Path, *, postgres: EmbeddedPostgres, processes: int, random: Random
) -> Iterator[Field]:
    """Started, and stopped whatever happens."""
    port = free_port()
    with Links(len(fleet), port, random) as links:
        files = [
            str(settings_file(folder, unit, number, links.port(number)))
            for number, unit in enumerate(fleet)
        ]
        groups = [
            Program(
                folder / f"agent-{number}.log",
                *("-m", "tests.benchmarks.chaos.agent", "--log", "WARNING"),
                *files[number::processes],
            )
            for number in range(processes)
        ]
        field = Field(fleet, postgres, links, port, groups, folder / "uplink.log")
        try:
            field.start()
            yield field
        finally:
            field.end()


def drain(fleet: list[Unit], field: Field, *, within_s: float) -> bool:
    """The devices stop; true when every outbox has run empty, on the disk too."""
    fleet[0].outbox.with_name(QUIET).touch()
    give_up_s = time.monotonic() + within_s
    while time.monotonic() < give_up_s and any(map(waiting, fleet)):
        field.look()
        time.sleep(0.2)
    field.end_vehicles()
    return not any(map(on_disk, fleet))


def waiting(unit: Unit) -> int:
    """Frames, as the vehicle tells itself; more than none before it has told."""
    told = unit.outbox.with_name(unit.outbox.name + LEFT)
    return int(told.read_text() or 1) if told.exists() else 1


def on_disk(unit: Unit) -> int:
    with sqlite3.connect(unit.outbox) as db:
        return int(db.execute("SELECT count(*) FROM parcel").fetchone()[0])
