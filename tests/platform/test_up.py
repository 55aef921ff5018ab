"""`manage.py up`: the whole tree on this machine. Its order and restarts: test_supervision."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from config.embedded import EmbeddedPostgres
from config.env import ROOT
from tests.servers import copy_cluster
from tests.waiting import wait_until

START_S = 150.0  # a loaded machine; by itself it is a matter of seconds


def processes_of(state_dir: Path) -> list[str]:
    """Everything that was started for this state folder and still lives."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            about = command + (process / "environ").read_bytes()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if command and os.fsencode(state_dir) in about and int(process.name) != os.getpid():
            found.append(f"{process.name} {command.decode().replace(chr(0), ' ')[:60]}")
    return found


@pytest.fixture
def up(state_dir: Path, free_port: int) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    (state_dir / "up.log").touch()

    def start() -> subprocess.Popen[str]:
        with (state_dir / "up.log").open("w") as log:
            started.append(
                subprocess.Popen(
                    [sys.executable, "manage.py", "up"],
                    cwd=ROOT,
                    env={
                        **os.environ,
                        "ONBOARD_STATE_DIR": str(state_dir),
                        "ONBOARD_PORT": str(free_port),
                    },
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
            )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_the_whole_tree_starts_and_nothing_is_left_of_it_after_kill_9(
    up: Callable[[], subprocess.Popen[str]], state_dir: Path, free_port: int
) -> None:
    copy_cluster(EmbeddedPostgres(state_dir, fleeting=True))
    log = state_dir / "up.log"

    def is_up() -> bool:
        assert tree.poll() is None, log.read_text()
        return "Onboard is ready" in log.read_text()

    tree = up()
    wait_until(is_up, timeout_s=START_S, what="every port answers")
    with urlopen(f"http://127.0.0.1:{free_port}/health/", timeout=10) as response:
        assert response.status == 200
    assert len(processes_of(state_dir)) >= 7

    tree.kill()
    tree.wait()

    wait_until(lambda: not processes_of(state_dir), what="nothing is left")


def test_a_second_platform_from_the_same_folder_is_refused(
    up: Callable[[], subprocess.Popen[str]], state_dir: Path
) -> None:
    with (state_dir / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        second = up()

        assert second.wait(START_S) == 1
    assert "already runs from" in (state_dir / "up.log").read_text()
