"""Ends what our children started themselves when we are killed: a process of its own.

The kernel's death signal reaches children only. The guardian knows the session of each child;
when the pipe from us breaks without a good-bye, it kills those sessions. Standard library only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

_GOOD_BYE = b"."


class Guardian:
    """Our end of the pipe. Children must be leaders of their own session."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__], stdin=subprocess.PIPE, start_new_session=True
        )
        return self

    def guard(self, pid: int) -> None:
        """Kill the session of `pid` when we die."""
        self._write(f"{pid}\n".encode())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._write(_GOOD_BYE)
        if self._process.stdin:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()

    def _write(self, text: bytes) -> None:
        if self._process.stdin:
            with suppress(BrokenPipeError):
                self._process.stdin.write(text)
                self._process.stdin.flush()


def kill_session(pid: int) -> None:
    """Kill whatever is left of the session (process group) that `pid` began."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def main() -> None:
    heard = sys.stdin.buffer.read()
    if not heard.endswith(_GOOD_BYE):
        for pid in heard.split():
            kill_session(int(pid))


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    main()
