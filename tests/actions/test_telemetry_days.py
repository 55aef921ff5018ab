"""Telemetry lies in one part a day; what is no longer kept is dropped as a whole."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from config.daily import DAILY
from dispatch.days import make_parts, part_of, parts
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.models import Entry
from ehr_prehospital.vitals.actions import take_telemetry
from ehr_prehospital.vitals.models import Reading, Wave
from tests.actions.test_vitals import frame

READINGS = "ehr_prehospital_reading"

pytestmark = pytest.mark.django_db


def test_the_next_days_have_their_parts_and_take_their_rows(
    mission: Mission, a1: Ambulance
) -> None:
    now = timezone.now()
    made = make_parts(DAILY, now.date())
    tomorrow = now + timedelta(days=1)

    take_telemetry([frame(a1, 1, at=tomorrow)], tomorrow)
    take_telemetry([frame(a1, 2, at=now)], now)

    assert len(made) == 3 * len(DAILY)
    assert make_parts(DAILY, now.date()) == []
    assert [day for _name, day in parts(READINGS)] == [
        now.date() + timedelta(days=number) for number in (1, 2, 3)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TABLE {part_of(READINGS, tomorrow.date())}")
        assert len(cursor.fetchall()) == 2
    assert Reading.objects.count() == 4


def test_old_telemetry_is_counted_first_and_dropped_when_told(
    mission: Mission, a1: Ambulance
) -> None:
    now = timezone.now()
    make_parts(DAILY, now.date() - timedelta(days=41))  # as if the watcher had run then
    for number, days in enumerate((40, 30, 1)):
        at = now - timedelta(days=days)
        take_telemetry([frame(a1, number, at=at)], at)

    told = StringIO()
    call_command("drop_telemetry", keep_days=20, stdout=told)
    assert "nothing was dropped" in told.getvalue()
    assert Reading.objects.count() == 6

    call_command("drop_telemetry", keep_days=20, really=True, stdout=StringIO())
    assert (Reading.objects.count(), Wave.objects.count()) == (2, 1)
    assert Entry.objects.get(kind="telemetry.dropped").detail["rows"] == 6


def test_a_slip_does_not_drop_what_a_handover_needs(db: None) -> None:
    with pytest.raises(CommandError, match="at least 7 days"):
        call_command("drop_telemetry", keep_days=1, really=True)
