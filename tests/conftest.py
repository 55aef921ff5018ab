"""Every test run gets its own state folder and servers before Django reads its settings."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator

import django
import pytest
from django.conf import settings as django_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests.emptying import empty_tables
from tests.servers import Servers, make_state_dir, prepare, remove_state_dir
from tests.town import (  # noqa: F401  (fixtures)
    a1,
    a2,
    administrator,
    chest_pain,
    dispatcher_li,
    medic_other,
    medic_wang,
    mission,
    nurse_chen,
    nurse_elsewhere,
    stranger,
    town,
    town_graph,
)

# What is imported and collected stays: see pytest_collection_finish.
gc.disable()
# At import, because pytest-django reads the settings right after the conftest files.
for _name in [name for name in os.environ if name.startswith("ONBOARD_")]:
    del os.environ[_name]
for _name in ("DATABASE_URL", "CHANNEL_URL"):  # never the operator's real database
    os.environ.pop(_name, None)
# Bytecode is kept even where the machine says not to: each of the many processes that the tests
# start would compile the whole platform, and each worker rewrite every assertion.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
_STATE_DIR = make_state_dir()
os.environ["ONBOARD_ENV_FILE"] = ""
os.environ["ONBOARD_STATE_DIR"] = str(_STATE_DIR)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
# How long an example takes says how busy the machine is; what hangs is ended by `timeout`.
hypothesis_settings.register_profile("onboard", deadline=None)
hypothesis_settings.load_profile("onboard")
django.setup()  # pytest-django does it only for settings that are known before conftest
# A password is meant to take half a second; the tests try dozens. Processes of their own keep the
# platform's hasher.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: half as many again as cores, for tests wait for the processes they start."""
    return len(os.sched_getaffinity(0)) * 3 // 2


def pytest_xdist_setupnodes() -> None:
    """A worker must read the settings after its own conftest, too: hand down no settings module.

    The database that all workers copy is made before they begin: whoever waited for it in a test
    ran into the test's bound of time.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    prepare()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, or one worker ends long after the others.

    Otherwise the order stays as random as it was.
    """
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: no test need look through it for garbage."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 20)


def pytest_unconfigure() -> None:
    remove_state_dir(_STATE_DIR)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A request in Chinese leaves its language to the thread; no other test may inherit it."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey, started when the first test asks for a database or for this."""
    servers = Servers(_STATE_DIR)
    servers.start()
    yield servers
    servers.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: Servers) -> None:
    """Hook of pytest-django, called before it makes the test database."""


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The servers bring the test database along, migrated; it ends with their folder.

    What its template lacks for whatever reason is still migrated here.
    """
    return True


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once() -> Iterator[None]:
    """Every test client makes its own middleware, which looked for all static files anew."""
    from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

    found: dict[str, object] = {}
    find = WhiteNoiseMiddleware.add_files_from_finders

    def remembered(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            find(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", remembered)
        yield


@pytest.fixture(scope="session", autouse=True)
def emptied_by_us() -> Iterator[None]:
    """Tests with real transactions are cleaned up after by `empty_tables`."""
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty_tables())
        yield
