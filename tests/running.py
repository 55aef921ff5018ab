"""The platform's real server processes, on the test database and ports of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGKILL

from django.conf import settings
from django.db import connection

from config.children import tied_to_this_process
from config.env import ROOT
from tests.waiting import wait_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> list[int]:
    """Ports that differ: each is held until all are found."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def environment() -> dict[str, str]:
    """What a process needs to work on this test's database, Valkey and city."""
    database = connection.settings_dict
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}"
        f"?host={database['HOST']}",
        "ONBOARD_STATE_DIR": str(settings.STATE_DIR),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


@contextmanager
def process(*arguments: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process of the platform that ends with the block, at the latest with us."""
    child = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**environment(), **more},
        preexec_fn=tied_to_this_process(SIGKILL),  # noqa: PLW1509  (no threads start it)
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def served(*names: str, module: str = "config.asgi") -> Iterator[dict[str, int]]:
    """The named ASGI applications (web, uplink, media), each in its process; yields the ports."""
    ports = {name: free_port() for name in names}
    with ExitStack() as stack:
        children = [
            stack.enter_context(
                process(
                    *("-m", "daphne", "--bind", "127.0.0.1", "--port", str(port)),
                    *("--verbosity", "0", "--application-close-timeout", "1"),
                    f"{module}:{name}",
                )
            )
            for name, port in ports.items()
        ]
        wait_until(
            lambda: all(map(answers, ports.values())) or any(child.poll() for child in children),
            timeout_s=60,
            what=f"{names} answer",
        )
        try:
            yield ports
        finally:
            for child in children:  # all at once; each is waited for as the stack unwinds
                child.terminate()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def vehicle_file(
    path: Path, *, vehicle_id: object, token: str, port: int, call_sign: str, drivers: str
) -> Path:
    """A vehicle.toml for a real agent."""
    path.write_text(
        f"""[vehicle]
id = "{vehicle_id}"
call_sign = "{call_sign}"
token = "{token}"
[uplink]
url = "ws://127.0.0.1:{port}/uplink/"
[outbox]
path = "{call_sign}.outbox"
{drivers}
"""
    )
    return path
