"""What a new day asks for: room for its telemetry, and speeds learnt from the days before."""

import logging
import subprocess
import sys
from datetime import date
from threading import Thread

from config.daily import DAILY
from config.env import ROOT
from dispatch.days import make_parts

log = logging.getLogger(__name__)

# Behind everything else: no estimate waits for it.
LEARNING: tuple[str, ...] = (
    "nice", "-n", "10", sys.executable, str(ROOT / "manage.py"), "learn_speeds",
)  # fmt: skip


def begin_day(prepared: date | None, today: date) -> date:
    """Once a day, in every round asked: the day that is prepared now.

    `prepared` is None in the first round of a process: whoever has just been started learns
    nothing before midnight.
    """
    if prepared == today:
        return today
    make_parts(DAILY, today)
    if prepared is not None:
        learn_overnight()
    return today


def learn_overnight() -> Thread:
    """Beside the watch, in a process of its own; what fails is tried again the next night."""
    learning = Thread(target=_learn, daemon=True)
    learning.start()
    return learning


def _learn() -> None:
    try:
        done = subprocess.run(LEARNING, stderr=subprocess.PIPE, text=True, check=False)
    except OSError:
        log.exception("speeds not learnt")
        return
    if done.returncode:
        said = done.stderr.strip().splitlines() or [""]
        log.error("speeds not learnt, exit code %s: %s", done.returncode, said[-1])
