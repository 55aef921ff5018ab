"""Where a benchmark runs: durable servers in a state folder of its own, and CPU seconds counted."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from config.embedded import EmbeddedPostgres, EmbeddedValkey
from tests.servers import make_state_dir, remove_state_dir

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Bed:
    state_dir: Path
    postgres: EmbeddedPostgres


@contextmanager
def bed() -> Iterator[Bed]:
    """PostgreSQL as in service (every commit on the disk) and Valkey, migrated and empty."""
    for name in [name for name in os.environ if name.startswith("ONBOARD_")]:
        del os.environ[name]
    for name in ("DATABASE_URL", "CHANNEL_URL"):
        os.environ.pop(name, None)
    state_dir = make_state_dir()
    os.environ |= {
        "ONBOARD_ENV_FILE": "",
        "ONBOARD_STATE_DIR": str(state_dir),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    django.setup()
    from django.core.management import call_command

    postgres, valkey = EmbeddedPostgres(state_dir), EmbeddedValkey(state_dir)
    postgres.start()
    valkey.start()
    try:
        call_command("migrate", verbosity=0)
        yield Bed(state_dir, postgres)
    finally:
        valkey.stop()
        postgres.stop()
        remove_state_dir(state_dir)


def cpu_s(pids: set[int]) -> float:
    """CPU seconds of these processes, their descendants and those that have ended."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        parents[int(folder.name)] = int(stat[1])
        used[int(folder.name)] = sum(map(int, stat[11:15])) / _TICKS_PER_S
    total = 0.0
    for pid, own in used.items():
        ancestor: int | None = pid
        while ancestor is not None and ancestor not in pids:
            ancestor = parents.get(ancestor)
        total += own if ancestor is not None else 0.0
    return total


def server_pids(state_dir: Path) -> set[int]:
    """The process ids of PostgreSQL and Valkey."""
    pids = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if str(state_dir).encode() in command and b"python" not in command.split(b"\0")[0]:
            pids.add(int(folder.name))
    return pids


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
