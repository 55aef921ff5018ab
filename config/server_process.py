"""One embedded server process: its folders, the owner's lock, start, wait, stop.

Knows nothing of PostgreSQL or Valkey; see embedded.py for these.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from config.children import tied_to_this_process

_LONGEST_SOCKET_FOLDER = 80  # a socket's whole path may have about 107 bytes
_START_S = 60.0  # a recovery after a crash may take this long
_STOP_S = 20.0
_LARGEST_LOG = 10_000_000
_SERVER_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}


class ServerFailedError(RuntimeError):
    """An embedded server does not start; the message ends with the last lines of its log."""


class ServerBusyError(RuntimeError):
    """Another process owns the embedded servers of this state folder."""


def home_of(state_dir: Path) -> Path:
    """Return where the servers of `state_dir` live: the folder itself whenever that can work.

    As root the servers run as nobody, who cannot reach a state folder below a private home.
    """
    if os.geteuid() != 0 or _is_open_to_others(state_dir):
        return state_dir
    return _elsewhere(state_dir)


def sockets_of(state_dir: Path) -> Path:
    """Return the folder of the sockets; elsewhere when the path would be too long for one."""
    folder = home_of(state_dir) / "run"
    short = len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER
    return folder if short else _elsewhere(state_dir) / "run"


def runnable(binary: Path, *, tree: Path, state_dir: Path) -> Path:
    """Return `binary`, or a copy of it (with its whole `tree`) where the server's user can run it.

    A virtual environment below a private home is closed to nobody.
    """
    if os.geteuid() != 0 or (_is_open_to_others(binary.parent) and binary.stat().st_mode & 0o001):
        return binary
    age = f"{tree}:{binary.stat().st_mtime_ns}"
    copy = _elsewhere(state_dir) / f"{tree.name}-{hashlib.sha256(age.encode()).hexdigest()[:12]}"
    if not copy.exists():
        make_folder(copy.parent)
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(tree, draft, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(draft)], check=True)
        draft.rename(copy)
    return copy / binary.relative_to(tree)


def make_folder(folder: Path) -> None:
    """Make `folder` or accept our own; in a shared folder somebody else's is refused."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)  # whatever the umask: the servers' user must get through
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.geteuid(), _user_id()}:
        raise ServerFailedError(f"{folder} belongs to another user; remove it or choose another")


def give_to_server(folder: Path) -> None:
    """Make a folder that only the server's user (and root) can enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    if (user := _server_user()) is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)


class ServerProcess:
    """What the embedded servers share. One process owns a server; it holds the file lock."""

    name: str
    stop_signal: signal.Signals

    def __init__(self, state_dir: Path) -> None:
        self.home = home_of(state_dir)
        self.sockets = sockets_of(state_dir)
        self.data = self.home / self.name
        self.log = self.home / f"{self.name}.log"
        self._lock: IO[str] | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process id; None while this process does not own a running one."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def start(self) -> str:
        """Start the server, return its address once it answers; `ServerBusyError` if owned.

        Call it from the main thread: the kernel ties the child to the calling thread.
        """
        if self.pid is not None:
            return self.url
        make_folder(self.home)
        make_folder(self.sockets.parent)
        give_to_server(self.sockets)
        self._take_lock()
        try:
            self._end_leftovers()
            self.prepare()
            self._spawn()
            self._wait_for_answer()
            self.complete()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Stop the server cleanly, by force after a while; harmless when it is not running."""
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(self.stop_signal)
            try:
                self._child.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._child = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        raise NotImplementedError

    def answers(self) -> bool:
        """Tell whether a server takes connections on our socket, whoever owns it."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def prepare(self) -> None:
        """Make the data folder fit to be started."""

    def complete(self) -> None:
        """Finish what needs the running server."""

    def run_as_server(self, command: list[str]) -> None:
        """Run a tool to its end under the server's user; its output goes to the log."""
        with self.log.open("ab") as log:
            begin = log.tell()
            child = self._popen(command, log, signal.SIGKILL)
            if child.wait() != 0:
                raise ServerFailedError(f"{command[0]} failed:\n{self._log_since(begin)}")

    def _take_lock(self) -> None:
        lock = (self.home / f"{self.name}.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            lock.close()
            raise ServerBusyError(f"{self.name} in {self.home}: owned by process {owner}") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _end_leftovers(self) -> None:
        """Wait for a server whose owner was killed: the kernel has told it to stop already."""
        deadline = time.monotonic() + _STOP_S
        while pids := self._leftovers():
            if time.monotonic() > deadline:
                for pid in pids:
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)

    def _leftovers(self) -> list[int]:
        program = Path(self.command()[0]).name
        found = []
        for process in Path("/proc").iterdir():
            try:
                if process.name.isdecimal() and (process / "comm").read_text().strip() == program:
                    arguments = (process / "cmdline").read_bytes().split(b"\0")
                    if os.fsencode(self.data) in arguments:
                        found.append(int(process.name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we looked
        return found

    def _spawn(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._log_begin = log.tell()
            self._child = self._popen(self.command(), log, self.stop_signal)

    def _popen(
        self, command: list[str], log: IO[bytes], how: signal.Signals
    ) -> subprocess.Popen[bytes]:
        user = _server_user()
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self.home,
            env=_SERVER_ENVIRONMENT,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            start_new_session=True,  # Ctrl-C is for the owner, who then stops us in order
            preexec_fn=tied_to_this_process(how),  # noqa: PLW1509 - it only makes two system calls
        )

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + _START_S
        while not self.answers():
            if self.pid is None or time.monotonic() > deadline:
                lines = self._log_since(self._log_begin)
                raise ServerFailedError(f"{self.name} does not start:\n{lines}")
            time.sleep(0.01)

    def _log_since(self, begin: int) -> str:
        text = self.log.read_bytes()[begin:].decode(errors="replace")
        return "\n".join(text.splitlines()[-15:])


def _server_user() -> pwd.struct_passwd | None:
    """Return the user the servers run as, None for ourselves. PostgreSQL refuses to be root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _user_id() -> int:
    user = _server_user()
    return user.pw_uid if user else os.geteuid()


def _elsewhere(state_dir: Path) -> Path:
    key = hashlib.sha256(os.fsencode(state_dir)).hexdigest()[:16]
    # In a shared folder on purpose; make_folder() refuses what somebody else put there.
    return Path(f"/var/tmp/onboard-{os.geteuid()}-{key}")  # noqa: S108


def _is_open_to_others(path: Path) -> bool:
    """Tell whether any user may cross every existing folder down to `path`."""
    folders = [folder for folder in (path, *path.parents) if folder.is_dir()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)
