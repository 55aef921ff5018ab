"""The supervised tree: restarts, order, ports, and nothing left behind. Parts are small shells."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.env import ROOT
from config.supervisor import Part, PortInUse, refuse_busy_ports
from tests.processes import is_running
from tests.waiting import wait_until

# Runs the table of parts given as JSON; says READY when the ports answer.
SUPERVISE = """
import json, os, sys
from config.guardian import Guardian
from config.supervisor import Part, Supervisor, follow_parent
follow_parent(int(sys.argv[2]))
parts = [Part(name, tuple(command), port=port) for name, command, port in json.loads(sys.argv[1])]
say = lambda line: print(line, flush=True)
with Guardian() as guardian:
    supervisor = Supervisor(parts, guardian=guardian, say=say)
    supervisor.run(on_ready=lambda: say("READY"), on_tick=lambda: None)
say("STOPPED")
"""
# A part with a process of its own, like an import that runs a map tool; both ids are told.
SLEEPER = ("sh", "-c", "sleep 600 & echo pids $$ $!; wait")


@dataclass
class Tree:
    """A supervisor in a process of its own, and what it said."""

    process: subprocess.Popen[str]
    log: Path
    said: list[str] = field(default_factory=list)

    def lines(self, word: str) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if word in line]

    def pids(self) -> list[int]:
        return [int(word) for line in self.lines("pids") for word in line.split()[-2:]]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., Tree]]:
    trees: list[Tree] = []

    def start(*parts: Part, parent: int | None = None) -> Tree:
        table = json.dumps([(part.name, part.command, part.port) for part in parts])
        log = tmp_path / f"log-{len(trees)}"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", SUPERVISE, table, str(parent or os.getpid())],
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
            )
        trees.append(Tree(process, log))
        return trees[-1]

    yield start
    for tree in trees:
        tree.process.kill()
        tree.process.wait()


def server(port: int) -> tuple[str, ...]:
    return (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1")


def test_it_is_ready_when_the_ports_answer_and_stops_in_opposite_order(
    supervise: Callable[..., Tree], free_port: int
) -> None:
    farewell = "trap 'echo bye; exit' TERM; echo hello; while :; do sleep 0.05; done"
    tree = supervise(
        Part("first", ("sh", "-c", farewell)),
        Part("web", server(free_port), port=free_port),
        Part("last", ("sh", "-c", farewell)),
    )
    wait_until(lambda: tree.lines("READY"))

    tree.process.send_signal(signal.SIGINT)
    code = tree.process.wait(20)

    assert code == 0
    assert [line.split()[0] for line in tree.lines("bye")] == ["last", "first"]
    assert tree.lines("STOPPED")


def test_a_crashed_part_is_started_again(supervise: Callable[..., Tree]) -> None:
    tree = supervise(Part("steady", SLEEPER), Part("shaky", SLEEPER))
    wait_until(lambda: len(tree.pids()) == 4)
    steady, shaky = (int(tree.lines(name)[0].split()[-2]) for name in ("steady", "shaky"))

    os.kill(shaky, signal.SIGKILL)

    wait_until(lambda: len(tree.lines("shaky")) >= 3, what="it starts again")
    assert "ended with code -9; starts again in 0.5 s" in tree.lines("shaky")[1]
    assert is_running(steady)


def test_killing_the_supervisor_leaves_no_process_behind(
    supervise: Callable[..., Tree],
) -> None:
    tree = supervise(Part("one", SLEEPER), Part("two", SLEEPER))
    pids = wait_until(lambda: tree.pids() if len(tree.pids()) == 4 else [])

    tree.process.kill()

    wait_until(lambda: not any(map(is_running, pids)), what="all four processes end")


def test_killing_make_stops_the_tree_it_started(
    supervise: Callable[..., Tree], tmp_path: Path
) -> None:
    table = json.dumps([("one", SLEEPER, None)])
    log = tmp_path / "make-log"
    (tmp_path / "supervise.py").write_text(SUPERVISE)
    (tmp_path / "Makefile").write_text(
        f"run:\n\t@exec env PYTHONPATH={ROOT} {sys.executable} {tmp_path}/supervise.py"
        f" '{table.replace('$', '$$')}' $$PPID >{log} 2>&1\n"
    )
    with subprocess.Popen(["make", "-C", str(tmp_path), "-s", "run"], text=True) as make:
        tree = Tree(make, log)
        pids = wait_until(lambda: tree.pids() if log.exists() else [])

        make.kill()

    wait_until(lambda: tree.lines("STOPPED"), what="the supervisor stops in order")
    assert not any(map(is_running, pids))


def test_a_part_that_never_starts_ends_the_whole(
    supervise: Callable[..., Tree], free_port: int
) -> None:
    tree = supervise(
        Part("fine", SLEEPER),
        Part("web", ("sh", "-c", "echo no module named nonsense; exit 3"), port=free_port),
    )

    code = tree.process.wait(20)

    assert code == 1
    assert tree.lines("no module named nonsense")
    assert tree.lines("web does not start (code 3)")
    assert not any(map(is_running, tree.pids()))


def test_a_port_in_use_is_named_with_the_way_out(free_port: int) -> None:
    with (
        socket.create_server(("127.0.0.1", free_port)),
        pytest.raises(PortInUse) as refused,
    ):
        refuse_busy_ports([Part("web", ("true",), port=free_port)])

    assert f"Port {free_port} (web)" in str(refused.value)
    assert "make run PORT=" in str(refused.value)
