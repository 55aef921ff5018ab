"""The embedded servers: never as root, sockets only, gone with their owner."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from config import env
from config.embedded import EmbeddedPostgres, EmbeddedValkey, ensure_database
from config.server_process import ServerBusyError, ServerFailedError, home_of, sockets_of
from tests.platform.conftest import short_lived_state_dir
from tests.processes import is_running
from tests.servers import copy_cluster
from tests.waiting import wait_until

AS_ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def shared_dir() -> Iterator[Path]:
    """One state folder for all tests here: a cluster is 30 MB of copying."""
    with short_lived_state_dir() as folder:
        copy_cluster(EmbeddedPostgres(folder, fleeting=True))
        yield folder


@pytest.fixture
def postgres(shared_dir: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(shared_dir, fleeting=True)
    yield server
    server.stop()


def owner_of(pid: int) -> str:
    return pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name


@contextmanager
def replaced(path: Path, text: str) -> Iterator[None]:
    before = path.read_text()
    path.write_text(text)
    yield
    path.write_text(before)


def start_owner(state_dir: Path, *, code: str = "time.sleep(600)") -> subprocess.Popen[str]:
    """Start another process that owns the servers of `state_dir` and prints their ids."""
    program = (
        "import signal, sys, time; from pathlib import Path\n"
        # Tests that run in the background of a shell inherit that Ctrl-C is ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from config.embedded import EmbeddedPostgres, EmbeddedValkey\n"
        "folder = Path(sys.argv[1])\n"
        "with EmbeddedPostgres(folder, fleeting=True) as p, EmbeddedValkey(folder) as v:\n"
        f"    print(p.pid, v.pid, flush=True); {code}\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(state_dir)],
        cwd=env.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_new_cluster_searches_chinese_and_is_closed_to_the_network(state_dir: Path) -> None:
    new = EmbeddedPostgres(state_dir, fleeting=True)
    with new as server, psycopg.connect(server.url) as connection:
        connection.execute("create extension pg_trgm")
        row = connection.execute(
            "select show_trgm('南京市'), current_setting('server_encoding'),"
            " current_setting('listen_addresses')"
        ).fetchone()
        assert server.pid
        server_owner = owner_of(server.pid)

    assert row is not None
    assert row[0]
    assert row[1:] == ("UTF8", "")
    assert server_owner != "root"
    assert stat.S_IMODE(sockets_of(state_dir).stat().st_mode) == 0o700


def test_only_the_tests_give_up_safety_on_disk(state_dir: Path) -> None:
    assert "--fsync=off" in EmbeddedPostgres(state_dir, fleeting=True).command()
    assert "--fsync=off" not in EmbeddedPostgres(state_dir).command()


def test_valkey_answers_on_its_socket_and_is_not_root(state_dir: Path) -> None:
    with EmbeddedValkey(state_dir) as server:
        answered = server.answers()
        assert server.pid
        server_owner = owner_of(server.pid)

    assert answered
    assert server_owner != "root"
    assert not server.answers()


def test_data_survives_a_stop_and_a_start(postgres: EmbeddedPostgres) -> None:
    with postgres, psycopg.connect(postgres.url) as connection:
        connection.execute("create table kept as select 42 as number")

    with postgres, psycopg.connect(postgres.url) as connection:
        row = connection.execute("select number from kept").fetchone()

    assert row == (42,)


def test_servers_of_a_killed_owner_end_and_can_be_started_again(
    postgres: EmbeddedPostgres, shared_dir: Path
) -> None:
    owner = start_owner(shared_dir)
    assert owner.stdout
    pids = [int(pid) for pid in owner.stdout.readline().split()]
    assert len(pids) == 2

    owner.kill()
    owner.communicate()
    url = postgres.start()  # at once: it waits for the old one to end

    with psycopg.connect(url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    wait_until(lambda: not any(map(is_running, pids)), what="the killed owner's servers end")


def test_a_process_id_left_by_a_crashed_machine_does_not_matter(
    postgres: EmbeddedPostgres,
) -> None:
    # after a restart of the machine the number may belong to anybody, even to us
    (postgres.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{postgres.data}\n1\n5432\n{postgres.sockets}\n\n 1 1\nready\n"
    )

    with postgres, psycopg.connect(postgres.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_second_owner_is_refused_but_any_process_may_attach(
    postgres: EmbeddedPostgres, shared_dir: Path
) -> None:
    owner = start_owner(shared_dir)
    try:
        assert owner.stdout
        assert owner.stdout.readline()

        with pytest.raises(ServerBusyError, match=str(owner.pid)):
            postgres.start()
        url = ensure_database(env.read({"ONBOARD_STATE_DIR": str(shared_dir)}))

        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        owner.send_signal(signal.SIGINT)
        owner.communicate()


def test_a_named_database_is_used_as_it_is(state_dir: Path) -> None:
    named = "postgresql://onboard@db.example/onboard"

    url = ensure_database(env.read({"ONBOARD_STATE_DIR": str(state_dir), "DATABASE_URL": named}))

    assert url == named
    assert not (state_dir / "postgres").exists()


def test_a_server_that_cannot_start_says_why(postgres: EmbeddedPostgres) -> None:
    with (
        replaced(postgres.data / "postgresql.conf", "max_connections = plenty\n"),
        pytest.raises(ServerFailedError, match="max_connections"),
    ):
        postgres.start()

    assert postgres.pid is None


def test_a_cluster_of_another_major_version_is_refused(postgres: EmbeddedPostgres) -> None:
    with (
        replaced(postgres.data / "PG_VERSION", "16\n"),
        pytest.raises(ServerFailedError, match="PostgreSQL 16"),
    ):
        postgres.start()


def test_long_paths_get_their_sockets_elsewhere(state_dir: Path) -> None:
    deep = state_dir / ("a-rather-long-name-" * 6)

    assert len(str(sockets_of(deep) / ".s.PGSQL.5432")) < 107
    assert home_of(deep) == deep


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the server to another user")
def test_below_a_private_home_the_servers_live_elsewhere() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as private:  # mode 0700
        server = EmbeddedPostgres(Path(private), fleeting=True)
        copy_cluster(server)
        try:
            with server, psycopg.connect(server.url) as connection:
                assert connection.execute("select 1").fetchone() == (1,)
            assert server.home != Path(private)
        finally:
            shutil.rmtree(server.home)


@pytest.mark.skipif(not AS_ROOT, reason="needs root to become somebody else")
def test_an_ordinary_user_runs_the_servers_himself(state_dir: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(state_dir, nobody.pw_uid, nobody.pw_gid)
    program = (
        "import sys; sys.path[:0] = sys.argv[2].split(':')\n"
        "from pathlib import Path; from config.embedded import EmbeddedPostgres, EmbeddedValkey\n"
        "folder = Path(sys.argv[1])\n"
        "with EmbeddedPostgres(folder, fleeting=True) as p, EmbeddedValkey(folder) as v:\n"
        "    print(p.answers() and v.answers())\n"
    )
    packages = Path(psycopg.__file__).parent.parent
    python = shutil.which("python3", path="/usr/bin") or ""
    if not python or not os.access(packages, os.X_OK):
        pytest.skip("no Python that another user can run")

    done = subprocess.run(
        [python, "-c", program, str(state_dir), f"{env.ROOT}:{packages}"],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )

    if "ModuleNotFoundError" in done.stderr or "Permission denied" in done.stderr:
        pytest.skip("the packages cannot be read by another user or another Python")
    assert (done.stdout.strip(), done.stderr) == ("True", "")


def test_a_database_that_was_away_is_tried_anew_before_whoever_waits_gives_up() -> None:
    """The pool's own pauses double: after a minute's outage it slept through another minute."""
    database: Any = settings.DATABASES["default"]  # Any: a setting may be anything
    pool = database["OPTIONS"]["pool"]

    assert pool["reconnect_timeout"] < pool["timeout"] <= 10
