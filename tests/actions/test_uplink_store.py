"""Frames that come again, and frames that nobody can hand on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from ambulance_agent.protocol import Frame, encode
from config.frames import TAKERS
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.models import Entry
from dispatch.people.models import User
from dispatch.uplink.actions import Arrived, replay, store
from dispatch.uplink.models import Frame as StoredFrame
from dispatch.uplink.models import ParkedFrame
from dispatch.uplink.takers import Takers, TelemetryFrame
from ehr_prehospital.vitals.models import Reading, Wave
from tests.actions.care import later
from tests.actions.test_vitals import frame

EPOCH = uuid4()


def arrived(unit: Ambulance, sequence: int, *, at: datetime) -> Arrived:
    body = frame(unit, sequence, at=at).body
    message = Frame(epoch=EPOCH, sequence=sequence, made_at=at, body=body)
    return Arrived(unit.pk, EPOCH, sequence, encode(message), message)


@pytest.mark.django_db(transaction=True)
def test_a_frame_that_comes_again_changes_nothing(mission: Mission, a1: Ambulance) -> None:
    frames = [arrived(a1, number, at=later(number)) for number in (1, 2, 3)]
    store(frames, takers=TAKERS, now=later(4))

    store(frames, takers=TAKERS, now=later(60))
    store([*frames[:1], *frames[:1]], takers=TAKERS, now=later(61))
    fresh = arrived(a1, 4, at=later(5))
    store([fresh, frames[0], fresh], takers=TAKERS, now=later(62))

    assert StoredFrame.objects.count() == 4
    assert Reading.objects.count() == 8
    assert Wave.objects.count() == 4
    assert Reading.objects.filter(recorded_at=later(4)).count() == 6


@pytest.mark.django_db(transaction=True)
def test_a_frame_that_cannot_be_handed_on_is_parked_and_harms_no_other(
    mission: Mission, a1: Ambulance
) -> None:
    def fails_on_two(frames: list[TelemetryFrame], _now: datetime) -> None:
        if any(one.sequence == 2 for one in frames):
            raise KeyError("a bug")

    takers = Takers(telemetry=(*TAKERS.telemetry, fails_on_two), status=TAKERS.status)  # type: ignore[arg-type]
    frames = [arrived(a1, number, at=later(number)) for number in (1, 2, 3)]

    stored = store(frames, takers=takers, now=later(4))

    assert stored.parked == {frames[1].key}
    parked = ParkedFrame.objects.get()
    assert (parked.sequence, parked.reason, bytes(parked.raw)) == (2, "KeyError", frames[1].raw)
    assert set(Reading.objects.values_list("sequence", flat=True)) == {1, 3}


@pytest.mark.django_db(transaction=True)
def test_a_parked_frame_is_taken_after_the_fault_is_mended(
    mission: Mission, a1: Ambulance, administrator: User
) -> None:
    def broken(_frames: object, _now: datetime) -> None:
        raise KeyError("a bug")

    takers = Takers(telemetry=(*TAKERS.telemetry, broken), status=TAKERS.status)
    store([arrived(a1, 1, at=later(1))], takers=takers, now=later(2))
    parked = ParkedFrame.objects.get()

    still = replay(parked, takers=takers, actor=administrator, now=later(3))
    none_yet = Reading.objects.count()
    taken = [replay(parked, takers=TAKERS, actor=administrator, now=later(4)) for _ in range(2)]
    store([arrived(a1, 1, at=later(1))], takers=TAKERS, now=later(5))

    assert (still, none_yet, taken) == ("KeyError", 0, ["", ""])
    assert Reading.objects.count() == 2
    assert ParkedFrame.objects.get().replayed_by == administrator
    told = Entry.objects.filter(kind__startswith="uplink.").order_by("pk")
    assert [entry.kind for entry in told] == ["uplink.replay_failed", "uplink.replayed"]


@pytest.mark.django_db(transaction=True)
def test_what_nobody_can_read_stays_parked_with_its_reason(
    a1: Ambulance, administrator: User
) -> None:
    store(
        [Arrived(a1.pk, uuid4(), 3, b"\xc1", None, "not_messagepack: x")],
        takers=TAKERS,
        now=later(1),
    )

    reason = replay(ParkedFrame.objects.get(), takers=TAKERS, actor=administrator, now=later(2))

    assert reason.startswith("not_messagepack")
    assert ParkedFrame.objects.get().replayed_at is None


@pytest.mark.django_db(transaction=True)
def test_a_frame_is_not_parked_because_the_database_was_away(
    mission: Mission, a1: Ambulance
) -> None:
    failures = iter([True, True])

    def away_twice(_frames: Sequence[TelemetryFrame], _now: datetime) -> None:
        if next(failures, False):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    takers = Takers(telemetry=(*TAKERS.telemetry, away_twice), status=TAKERS.status)
    frames = [arrived(a1, number, at=later(number)) for number in (1, 2)]

    for _attempt in range(2):
        with pytest.raises(OperationalError):
            store(frames, takers=takers, now=later(3))
    stored = store(frames, takers=takers, now=later(4))

    assert stored.parked == set()
    assert Reading.objects.count() == 4
