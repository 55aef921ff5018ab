"""Everything that runs and can be struck: the vehicles' processes, the links, the centre."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from config.embedded import EmbeddedPostgres
from tests.benchmarks.chaos.agent import QUIET
from tests.benchmarks.chaos.faults import Fault, Kind
from tests.benchmarks.chaos.links import Links
from tests.benchmarks.chaos.programs import Program, children_of
from tests.benchmarks.chaos.units import Unit, on_disk, settings_file, until_a_note_grows, waiting
from tests.running import answers, free_port
from tests.waiting import wait_until


@dataclass
class Struck:
    """A fault that happened. Until it has ended `ended_s` is None."""

    kind: Kind
    vehicles: tuple[int, ...]
    began_s: float
    ended_s: float | None = None


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
            case Kind.AGENT | Kind.STOP:
                vehicles = self._end_agent(fault)
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
            case Kind.AGENT | Kind.STOP:
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

    def _end_agent(self, fault: Fault) -> tuple[int, ...]:
        """The vehicles that share its process go with it."""
        vehicle = fault.vehicles[0]
        group = self._group_of(vehicle)
        if not group.runs:
            return ()
        if fault.kind is Kind.STOP:
            group.end()
        else:
            if fault.strength < 0.5:
                until_a_note_grows(self._fleet[vehicle].outbox)
            group.kill()
        return tuple(range(vehicle % len(self._groups), len(self._fleet), len(self._groups)))

    def _kill_postgres(self) -> None:
        postmaster = self._postgres.pid
        assert postmaster
        for pid in (postmaster, *children_of(postmaster)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


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
