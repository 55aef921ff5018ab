"""A whole platform for a story: every process, forty vehicles in one agent, nobody ringing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from signal import SIGKILL

from config.children import tied_to_this_process
from config.embedded import EmbeddedPostgres
from config.env import ROOT
from tests.running import free_ports
from tests.servers import STATES
from tests.waiting import wait_until

STATE = STATES / "story"
READY_S = 300
OWN_UNIT = "A01"


@dataclass(frozen=True)
class Platform:
    url: str
    passwords: dict[str, str]
    # Where the story's own unit stands, (lat, lon).
    home: tuple[float, float]


@contextmanager
def demonstration(state: Path = STATE) -> Iterator[Platform]:
    """A fresh demonstration with nobody ringing; all its processes stop at the end."""
    make_fresh(state)
    with running(state) as url:
        yield Platform(
            url,
            passwords(state / "accounts.txt"),
            home_of(state / "fleet" / f"{OWN_UNIT}.toml"),
        )


def make_fresh(state: Path) -> None:
    """Go back to the state after a first start, which is kept: a city takes a minute to make."""
    mark = state.with_name(f"{state.name}-first") / made_from()
    if not mark.exists():
        for folder in folders_of(state):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(first(folder), ignore_errors=True)
        state.mkdir(parents=True)
        with running(state):
            pass
        hurry(state / "fleet")
        for folder in folders_of(state):
            copy(folder, first(folder))
        mark.touch()
    for folder in folders_of(state):
        shutil.rmtree(folder, ignore_errors=True)
        copy(first(folder), folder)


def folders_of(state: Path) -> list[Path]:
    """The state folder, and that of the servers where it lies elsewhere."""
    home = EmbeddedPostgres(state).home
    return [state] if home.is_relative_to(state) else [state, home]


def first(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-first")


def copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)  # keeps the owners


def made_from() -> str:
    """A name for the code that a first start's state depends on."""
    sources = [
        *(ROOT / "dispatch" / "city").rglob("*.py"),
        *ROOT.glob("*/*/migrations/*.py"),
        *(ROOT / "config" / "management" / "commands").glob("*.py"),
    ]
    known = sha256()
    for path in sorted(sources):
        known.update(path.read_bytes())
    return known.hexdigest()[:16]


@contextmanager
def running(state: Path) -> Iterator[str]:
    """`manage.py up --demo --no-callers` on ports of its own; yields the address of its pages."""
    port, uplink, media = free_ports(3)
    log = state / "up.log"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ONBOARD_")},
        "ONBOARD_ENV_FILE": "",
        "ONBOARD_STATE_DIR": str(state),
        "ONBOARD_PORT": str(port),
        "ONBOARD_UPLINK_PORT": str(uplink),
        "ONBOARD_MEDIA_PORT": str(media),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("CHANNEL_URL", None)
    with log.open("w") as output:
        child = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--demo", "--no-callers"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=tied_to_this_process(SIGKILL),  # noqa: PLW1509  (no threads here)
        )
        try:
            wait_until(
                lambda: "is ready" in log.read_text(errors="replace") or child.poll() is not None,
                timeout_s=READY_S,
                what="the platform is ready",
            )
            if child.poll() is not None:
                raise AssertionError(f"the platform did not start:\n{log.read_text()[-2000:]}")
            yield f"http://127.0.0.1:{port}"
        finally:
            child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()


def passwords(accounts: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\S+)\s+(\S+)", accounts.read_text(), re.MULTILINE))


def home_of(settings: Path) -> tuple[float, float]:
    lon, lat = tomllib.loads(settings.read_text())["drivers"]["simulated"]["home"]
    return lat, lon


def hurry(fleet: Path) -> None:
    """The story's own vehicle drives at four times the speed; a person would wait too long."""
    path = fleet / f"{OWN_UNIT}.toml"
    path.write_text(path.read_text() + "speed_factor = 4\n")
