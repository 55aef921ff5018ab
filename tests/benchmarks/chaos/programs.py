"""Programs that are started, killed and started again, and that never outlive this one."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from config.children import tied_to_this_process
from config.env import ROOT
from tests.benchmarks.bed import say
from tests.running import environment


class Program:
    """One program that is started, killed and started again; its words go to a file."""

    def __init__(self, words: Path, *arguments: str) -> None:
        self._words, self._arguments = words, arguments
        self._child: subprocess.Popen[bytes] | None = None
        self.crashes = 0

    def start(self) -> None:
        with self._words.open("ab") as words:
            self._child = subprocess.Popen(
                [sys.executable, *self._arguments],
                cwd=ROOT, env=environment(), stderr=words, stdin=subprocess.DEVNULL,
                preexec_fn=tied_to_this_process(signal.SIGKILL),  # noqa: PLW1509  (two system calls)
            )  # fmt: skip

    @property
    def runs(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def end(self) -> None:
        """Politely, by force after a while."""
        if self._child is not None:
            self._child.terminate()
            try:
                self._child.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
            self._child = None

    def look(self) -> None:
        """Start it again when it has ended by itself, which none of ours may."""
        if self._child is not None and self._child.poll() is not None:
            self.crashes += 1
            say(f"{self._arguments} ended by itself with {self._child.poll()}; see {self._words}")
            self.start()


def children_of(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdigit():
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(stat[1]) == parent:
                    found.append(int(folder.name))
    return found
