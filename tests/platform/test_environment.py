"""The environment becomes one object, or one list of everything that is wrong with it."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import env


def test_with_nothing_set_everything_has_a_default(state_dir: Path) -> None:
    environment = env.read({"ONBOARD_STATE_DIR": str(state_dir)})

    assert environment.database_url is None
    assert environment.channel_url is None
    assert not environment.debug
    assert environment.time_zone == "Asia/Shanghai"
    ports = (environment.web_port, environment.uplink_port, environment.media_port)
    assert ports == (8000, 8001, 8002)
    assert environment.public_url == "http://127.0.0.1:8000"


def test_all_that_is_wrong_is_told_at_once(state_dir: Path) -> None:
    wrong = {
        "ONBOARD_STATE_DIR": str(state_dir),
        "ONBOARD_PROT": "8000",
        "ONBOARD_PORT": "eighty",
        "ONBOARD_DEBUG": "perhaps",
        "ONBOARD_HOST": "0.0.0.0",  # noqa: S104
        "ONBOARD_SECRET_KEY": "short",
        "ONBOARD_TIME_ZONE": "Mars/Olympus",
        "ONBOARD_CITY": "/no/such.osm.pbf",
        "DATABASE_URL": "mysql://someone:secret@db/onboard",
    }

    with pytest.raises(env.EnvironmentErrors) as refused:
        env.read(wrong)

    told = str(refused.value)
    for name in wrong.keys() - {"ONBOARD_STATE_DIR", "ONBOARD_HOST"}:
        assert name in told
    assert "ONBOARD_ALLOWED_HOSTS" in told  # missing, because the host can be reached
    assert "secret@" not in told
    assert len(refused.value.problems) == 8


def test_two_processes_on_one_port_are_refused(state_dir: Path) -> None:
    same = {"ONBOARD_PORT": "9000", "ONBOARD_MEDIA_PORT": "9000"}

    with pytest.raises(env.EnvironmentErrors, match="must differ"):
        env.read({"ONBOARD_STATE_DIR": str(state_dir), **same})


def test_a_host_name_is_allowed_because_the_public_address_names_it(state_dir: Path) -> None:
    environment = env.read(
        {
            "ONBOARD_STATE_DIR": str(state_dir),
            "ONBOARD_HOST": "0.0.0.0",  # noqa: S104
            "ONBOARD_PUBLIC_URL": "https://dispatch.example/",
        }
    )

    assert "dispatch.example" in environment.allowed_hosts
    assert environment.public_url == "https://dispatch.example"


def test_the_secret_key_is_made_once_and_only_we_can_read_it(state_dir: Path) -> None:
    given = {"ONBOARD_STATE_DIR": str(state_dir)}

    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: env.read(given).secret_key, range(16)))

    assert len(keys) == 1
    assert len(keys.pop()) >= 64
    assert stat.S_IMODE((state_dir / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(state_dir) == ["secret_key"]  # noqa: PTH208 - no draft is left


def test_secrets_are_not_in_the_printed_object(state_dir: Path) -> None:
    environment = env.read(
        {
            "ONBOARD_STATE_DIR": str(state_dir),
            "DATABASE_URL": "postgresql://onboard:pearl@db/onboard",
        }
    )

    assert environment.secret_key not in repr(environment)
    assert "pearl" not in repr(environment)


def test_the_env_file_is_read_and_the_process_environment_wins(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = state_dir / "env"
    file.write_text("# ports\nONBOARD_PORT=9100\nexport ONBOARD_TIME_ZONE='Asia/Urumqi'\n")
    monkeypatch.setenv("ONBOARD_ENV_FILE", str(file))
    monkeypatch.setenv("ONBOARD_STATE_DIR", str(state_dir))
    monkeypatch.setenv("ONBOARD_PORT", "9200")

    environment = env.read()

    assert environment.web_port == 9200
    assert environment.time_zone == "Asia/Urumqi"


def test_several_hubs_of_pictures_have_a_port_each_and_an_address_that_tells_them_apart(
    state_dir: Path,
) -> None:
    two = {"ONBOARD_STATE_DIR": str(state_dir), "ONBOARD_MEDIA_PROCESSES": "2"}

    environment = env.read({**two, "ONBOARD_MEDIA_URL": "wss://media{shard}.example/"})

    assert [*environment.media_ports] == [8002, 8003]
    assert environment.media_url == "wss://media{shard}.example"
    for wrong in (
        {"ONBOARD_MEDIA_URL": "wss://media.example"},
        {"ONBOARD_MEDIA_URL": "https://media{shard}.example"},
        {"ONBOARD_MEDIA_SHARD": "2"},
        {"ONBOARD_UPLINK_PORT": "8003"},
    ):
        with pytest.raises(env.EnvironmentErrors):
            env.read({**two, **wrong})
