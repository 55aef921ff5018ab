"""Real processes in short-lived folders."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def short_lived_state_dir() -> Iterator[Path]:
    """A state folder with a short path that every user can reach (pytest's own is private)."""
    folder = Path(tempfile.mkdtemp(prefix="ob-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def state_dir() -> Iterator[Path]:
    with short_lived_state_dir() as folder:
        yield folder


@pytest.fixture
def free_port() -> int:
    """A port that nobody uses just now, with two free ones after it."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port: int = first.getsockname()[1]
            try:
                with (
                    socket.create_server(("127.0.0.1", port + 1)),
                    socket.create_server(("127.0.0.1", port + 2)),
                ):
                    return port
            except OSError:
                continue
