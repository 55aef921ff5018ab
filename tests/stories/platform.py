"""A whole platform for a story: every process, forty vehicles in one agent, nobody ringing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL

from config.children import tied_to_this_process
from config.env import ROOT
from tests.running import free_port
from tests.waiting import wait_until

# Kept between runs, so that only the first one makes and imports the city.
STATE = ROOT / ".state-test" / "story"
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
    """Start `manage.py up --demo --no-callers`; stop it and all its processes at the end."""
    state.mkdir(parents=True, exist_ok=True)
    port = free_port()
    log = state / "up.log"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ONBOARD_")},
        "ONBOARD_ENV_FILE": "",
        "ONBOARD_STATE_DIR": str(state),
        "ONBOARD_PORT": str(port),
        "ONBOARD_UPLINK_PORT": str(free_port()),
        "ONBOARD_MEDIA_PORT": str(free_port()),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("CHANNEL_URL", None)
    hurry(state / "fleet")
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
            yield Platform(
                f"http://127.0.0.1:{port}",
                passwords(state / "accounts.txt"),
                home_of(state / "fleet" / f"{OWN_UNIT}.toml"),
            )
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
    for path in fleet.glob(f"{OWN_UNIT}.toml"):
        text = path.read_text()
        if "speed_factor" not in text:
            path.write_text(text + "speed_factor = 4\n")
