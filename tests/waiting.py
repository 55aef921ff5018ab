"""Waiting for something to become true: the only clock that a test may watch."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def wait_until(look: Callable[[], Found], *, timeout_s: float = 60.0, what: str = "") -> Found:
    """Return the first true value of `look()`, or fail after `timeout_s` naming `what`."""
    deadline = time.monotonic() + timeout_s
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:g} s: {what or look!r} (last: {found!r})")
        time.sleep(0.02)
    return found
