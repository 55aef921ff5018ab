"""The system checks say what is wrong with a machine before it takes a call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.checks import CheckMessage
from django.db import connection
from pytest_django import Settings

from config import checks
from dispatch.decision.policy_file import FOLDER


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_a_key_that_others_can_read_is_an_error(settings: Settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path
    key = tmp_path / "secret_key"
    key.write_text("k")
    key.chmod(0o600)
    before = checks.secret_key_is_private()

    key.chmod(0o644)

    assert before == []
    assert ids(checks.secret_key_is_private()) == ["onboard.E001"]


def test_a_clock_in_1970_is_an_error() -> None:
    with patch("django.utils.timezone.now", return_value=datetime(1970, 1, 1, tzinfo=UTC)):
        messages = checks.clock_is_set()

    assert ids(messages) == ["onboard.E002"]


def test_a_platform_without_a_city_is_warned(settings: Settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path

    assert ids(checks.map_is_imported()) == ["onboard.W003"]


@pytest.mark.django_db
def test_a_healthy_database_gives_no_message() -> None:
    messages = [
        *checks.clocks_agree(databases=["default"]),
        *checks.trigrams_know_chinese(databases=["default"]),
        *checks.migrations_are_applied(databases=["default"]),
    ]

    assert messages == []


@pytest.mark.django_db
def test_a_database_whose_clock_is_off_is_an_error() -> None:
    later = datetime.now(UTC) + timedelta(seconds=30)

    with patch("django.utils.timezone.now", return_value=later):
        messages = checks.clocks_agree(databases=["default"])

    assert ids(messages) == ["onboard.E004"]


@pytest.mark.django_db
def test_a_database_that_cannot_search_chinese_is_an_error() -> None:
    with connection.cursor() as cursor:  # what a C locale does; undone with the transaction
        cursor.execute("create extension if not exists pg_trgm")
        cursor.execute("create schema deaf")
        cursor.execute("create function deaf.show_trgm(text) returns text[] return '{}'::text[]")
        cursor.execute("set local search_path = deaf, public, pg_catalog")

        messages = checks.trigrams_know_chinese(databases=["default"])

    assert ids(messages) == ["onboard.E005"]


@pytest.mark.django_db
def test_a_missing_migration_is_warned() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'sessions'")

        messages = checks.migrations_are_applied(databases=["default"])

    assert ids(messages) == ["onboard.W006"]


@pytest.mark.django_db
def test_a_compliance_table_that_names_unknown_points_is_warned(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        'based_on = "standard"\n[relocation]\nmode = "table"\n'
        'points = [{ code = "P1", en = "Bridge", zh = "桥", lon = 1, lat = 1 }]\n'
        '[relocation.table]\n2 = ["P1", "S99"]\n'
    )
    settings.POLICY_FILE = path

    messages = checks.waiting_points_exist(databases=["default"])

    assert ids(messages) == ["onboard.W013"]
    assert "S99" in str(messages[0].msg)
    settings.POLICY_FILE = FOLDER / "standard.toml"
    assert checks.waiting_points_exist(databases=["default"]) == []
