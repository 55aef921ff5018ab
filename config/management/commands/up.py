"""`manage.py up`: the whole platform on this machine, in one supervised tree."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from config import demonstration, env
from config.city_wanted import bring_city
from config.embedded import EmbeddedPostgres, EmbeddedValkey
from config.guardian import Guardian
from config.parts import demonstration_parts, server_parts
from config.server_process import ServerBusyError, ServerProcess
from config.supervisor import Supervisor, follow_parent, refuse_busy_ports

_WAIT_FOR_OWNER_S = 120.0


class Command(BaseCommand):
    help = "Start PostgreSQL, Valkey and every process of the platform; stop them on Ctrl-C."
    requires_system_checks = ()  # they run below, once there is a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="with a city, people and vehicles")
        parser.add_argument(
            "--no-callers", action="store_true", help="with --demo: nobody rings by themselves"
        )
        parser.add_argument(
            "--city",
            type=Path,
            help="an .osm.pbf extract; imported when it is not the installed one",
        )
        parser.add_argument("--port", type=int, help="web; the next two are used as well")

    def handle(
        self, *, demo: bool, no_callers: bool, city: Path | None, port: int | None, **_: object
    ) -> None:
        if parent := os.environ.get("ONBOARD_DIE_WITH_PARENT"):
            follow_parent(int(parent))
        _restart_with(city=city, port=port)
        # Until the supervisor runs, a stop unwinds like Ctrl-C: whatever was started is ended.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self._run(env.read(), demo=demo, callers=not no_callers)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _run(self, environment: env.Environment, *, demo: bool, callers: bool) -> None:
        begin = time.monotonic()
        with ExitStack() as stack:
            stack.enter_context(_only_one(environment))
            refuse_busy_ports(server_parts(environment))
            guardian = stack.enter_context(Guardian())
            servers = self._start_servers(environment, stack)
            call_command("migrate", interactive=False, verbosity=0)
            if demo:
                demonstration.prepare(environment, guardian, self.stdout.write)
            else:
                bring_city(environment, guardian, self.stdout.write, demo=False)
            call_command("check", databases=["default"])
            _let_go_of_the_database()
            parts = server_parts(environment)
            parts += demonstration_parts(environment, callers=callers) if demo else []

            def on_ready() -> None:
                self._welcome(environment, time.monotonic() - begin)

            def on_tick() -> None:
                for server in servers:
                    if server.pid is None:
                        self.stderr.write(f"{server.name} ended; starting it again")
                        server.stop()
                        server.start()

            supervisor = Supervisor(parts, guardian=guardian, say=self.stdout.write)
            supervisor.run(on_ready=on_ready, on_tick=on_tick)
        self.stdout.write("Stopped.")

    def _start_servers(self, environment: env.Environment, stack: ExitStack) -> list[ServerProcess]:
        servers: list[ServerProcess] = []
        if environment.database_url is None:
            servers.append(EmbeddedPostgres(environment.state_dir))
        if environment.channel_url is None:
            servers.append(EmbeddedValkey(environment.state_dir))
        for server in servers:
            self._start(server)
            stack.callback(server.stop)
        return servers

    def _start(self, server: ServerProcess) -> None:
        deadline = time.monotonic() + _WAIT_FOR_OWNER_S
        told = False
        while True:
            try:
                server.start()
            except ServerBusyError as busy:
                if time.monotonic() > deadline:
                    raise CommandError(str(busy)) from busy
                if not told:
                    self.stdout.write(f"Waiting for another command to end: {busy}")
                    told = True
                time.sleep(0.1)
            else:
                return

    def _welcome(self, environment: env.Environment, took_s: float) -> None:
        self.stdout.write(f"\nOnboard is ready after {took_s:.1f} s:  {environment.public_url}/")
        accounts = environment.state_dir / "accounts.txt"
        if accounts.exists():
            self.stdout.write(accounts.read_text(encoding="utf-8"))
        self.stdout.write("Ctrl-C stops it.\n")


def _restart_with(*, city: Path | None, port: int | None) -> None:
    """Begin again with the options as environment: the settings were read before the options."""
    wanted = {
        **({"ONBOARD_PORT": str(port)} if port else {}),
        **({"ONBOARD_CITY": str(city)} if city else {}),
    }
    if wanted:
        flags = [flag for flag in ("--demo", "--no-callers") if flag in sys.argv]
        command = [sys.executable, sys.argv[0], "up", *flags]
        os.execve(sys.executable, command, {**os.environ, **wanted})


def _let_go_of_the_database() -> None:
    """End the connection pool's threads: from here on this process only starts others."""
    for connection in connections.all():
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()


def _only_one(environment: env.Environment) -> IO[str]:
    lock = (environment.state_dir / "up.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise CommandError(
            f"Onboard already runs from {environment.state_dir} (process {lock.read().strip()}). "
            "Stop it, or set ONBOARD_STATE_DIR and PORT for a second one."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
