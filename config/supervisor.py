"""A small supervised tree: start in order, show every line, restart what crashes, stop cleanly.

Knows no part by name; the `up` command passes in the table of parts. Every child dies with
this process, even when it is killed with SIGKILL.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby

from config.children import die_with_parent, tied_to_this_process
from config.guardian import Guardian, kill_session

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0  # a child that lived this long has its earlier crashes forgiven
_TRIES_BEFORE_READY = 3
_READY_S = 120.0
_STOP_S = 8.0
_TICK_S = 0.1


class PortInUse(SystemExit):
    """Somebody else listens where a part of ours should."""


class StartFailed(SystemExit):
    """A part ends again and again before it is ready; its own lines above say why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the tree. With `port` it counts as ready when that port answers.

    One that `is_a_client` starts only when all ports answer.
    """

    name: str
    command: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int | None = None
    is_a_client: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    """Runs the parts in the order given and stops them in the opposite one."""

    def __init__(
        self, parts: Sequence[Part], *, guardian: Guardian, say: Callable[[str], None]
    ) -> None:
        self._guardian = guardian
        self._children = [_Child(part) for part in parts]
        self._width = max(len(part.name) for part in parts)
        self._selector = selectors.DefaultSelector()
        self._say = say
        self._stopping = False

    def run(self, *, on_ready: Callable[[], None], on_tick: Callable[[], None]) -> None:
        """Run until SIGINT or SIGTERM. `on_ready` is called once all ports answer; `on_tick` often.

        Call it from the main thread. Raises `StartFailed` when a part cannot be started at all.
        """
        with _signals_handled(self._ask_to_stop):
            try:
                ready_by = time.monotonic() + _READY_S
                self._start_all(clients=False)
                ready = False
                while not self._stopping:
                    self._look(_TICK_S)
                    self._restart_the_crashed(still_starting=not ready)
                    on_tick()
                    if not ready and self._all_answer(ready_by):
                        ready = True
                        self._start_all(clients=True)
                        on_ready()
            finally:
                self._stop_all()

    def _all_answer(self, ready_by: float) -> bool:
        servers = [child for child in self._children if not child.part.is_a_client]
        silent = [child.part.name for child in servers if not child.answers()]
        if silent and time.monotonic() > ready_by:
            raise StartFailed(f"Not ready after {_READY_S:g} s: {', '.join(silent)}")
        return not silent

    def _ask_to_stop(self) -> None:
        if self._stopping:  # the second Ctrl-C: no patience left
            for child in self._children:
                child.signal(signal.SIGKILL)
        self._stopping = True

    def _start_all(self, *, clients: bool) -> None:
        for child in self._children:
            if child.part.is_a_client == clients:
                self._start(child)

    def _start(self, child: _Child) -> None:
        pid, pipe = child.start()
        self._guardian.guard(pid)
        self._selector.register(pipe, selectors.EVENT_READ, child)

    def _look(self, timeout_s: float) -> None:
        """Pass on what the children wrote."""
        for key, _ in self._selector.select(timeout_s):
            child: _Child = key.data
            text = os.read(key.fd, 65536)
            for line in child.lines(text):
                self._tell(child, line)
            if not text:
                self._selector.unregister(key.fd)
                os.close(key.fd)

    def _tell(self, child: _Child, line: str) -> None:
        with suppress(OSError):  # the terminal is gone: what is left to do is to stop in order
            self._say(f"{child.part.name:<{self._width}} │ {line}")

    def _restart_the_crashed(self, *, still_starting: bool) -> None:
        now = time.monotonic()
        for child in self._children:
            code = child.ended()
            if code is None or not child.was_started:
                continue
            if child.start_at is None:
                pause_s = child.crashed(now)
                hopeless = child.crashes >= _TRIES_BEFORE_READY and child.part.port is not None
                if still_starting and hopeless:
                    raise StartFailed(f"{child.part.name} does not start (code {code})")
                self._tell(child, f"ended with code {code}; starts again in {pause_s:g} s")
            elif now >= child.start_at:
                self._start(child)

    def _stop_all(self) -> None:
        """Stop the last first, so that nobody talks to one who is gone; servers side by side."""
        self._stopping = True
        for _, group in groupby(reversed(self._children), lambda child: child.part.port is None):
            self._stop_together(list(group))
        self._look(0)
        self._selector.close()

    def _stop_together(self, children: list[_Child]) -> None:
        for child in children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_S
        while running := [child for child in children if child.ended() is None]:
            self._look(0.02)
            if time.monotonic() > deadline:
                for child in running:
                    self._tell(child, f"does not stop within {_STOP_S:g} s; killed")
                    child.signal(signal.SIGKILL)
                deadline += _STOP_S
        for child in children:
            child.kill_session()


class _Child:
    """One part and the process that runs it now."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.crashes = 0
        self.start_at: float | None = None
        self._began = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._half_line = b""

    def start(self) -> tuple[int, int]:
        """Start the process; return its id and the pipe that brings what it writes."""
        read_end, write_end = os.pipe()
        self._process = subprocess.Popen(
            self.part.command,
            stdin=subprocess.DEVNULL,
            stdout=write_end,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.part.environment},
            start_new_session=True,  # Ctrl-C reaches only us: we stop them in order
            preexec_fn=tied_to_this_process(signal.SIGKILL),  # noqa: PLW1509 - two system calls
        )
        os.close(write_end)
        self._began = time.monotonic()
        self.start_at = None
        return self._process.pid, read_end

    def ended(self) -> int | None:
        """Return the exit code, None while it runs; a part that was never started has ended."""
        return self._process.poll() if self._process else 0

    def crashed(self, now: float) -> float:
        """Note a crash and return the pause before the next start."""
        self.crashes = 1 if now - self._began > _STEADY_S else self.crashes + 1
        pause_s = min(_FIRST_PAUSE_S * 2.0 ** (self.crashes - 1), _LONGEST_PAUSE_S)
        self.start_at = now + pause_s
        return pause_s

    def signal(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)

    @property
    def was_started(self) -> bool:
        return self._process is not None

    def kill_session(self) -> None:
        """End what the child started itself and left behind; the child has ended."""
        if self._process is not None:
            kill_session(self._process.pid)

    def lines(self, text: bytes) -> Iterable[str]:
        *whole, self._half_line = (self._half_line + text).split(b"\n")
        if not text and self._half_line:
            whole, self._half_line = [*whole, self._half_line], b""
        return [line.decode(errors="replace") for line in whole]

    def answers(self) -> bool:
        """Tell whether the part is ready; one without a port is when it runs."""
        if self.part.port is None or self.ended() is not None:
            return self.ended() is None
        try:
            socket.create_connection((self.part.host, self.part.port), timeout=1).close()
        except OSError:
            return False
        return True


def refuse_busy_ports(parts: Iterable[Part]) -> None:
    """Raise `PortInUse` before anything is started when another program has one of our ports."""
    for part in parts:
        if part.port is None:
            continue
        try:
            with socket.create_server((part.host, part.port), reuse_port=False):
                pass
        except OSError as error:
            raise PortInUse(
                f"Port {part.port} ({part.name}) on {part.host} cannot be used: {error.strerror}.\n"
                "Choose another one, for example: make run PORT=9000 "
                "(it and the two ports after it are used)."
            ) from None


def follow_parent(parent: int) -> None:
    """Stop in order when `parent`, the process that started us, dies; even by SIGKILL."""
    die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the program that started us is gone")


class _signals_handled:  # noqa: N801 - reads as a clause: with _signals_handled(...)
    """Calls `handler` on SIGINT and SIGTERM inside the with block."""

    def __init__(self, handler: Callable[[], None]) -> None:
        self._handler = handler

    def __enter__(self) -> None:
        self._before = {
            number: signal.signal(number, lambda *_: self._handler())
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
