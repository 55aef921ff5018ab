"""The stored track of a unit comes back with its statuses, to its own control room only."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from dispatch.fleet import tracks
from dispatch.fleet.actions import record_fact
from dispatch.fleet.models import Ambulance, Mission, MissionFact, Track
from dispatch.fleet.tracks import replay_track
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import Organisation, User
from tests.town import NOW

HOUR = timedelta(hours=1)


def drive(unit: Ambulance, seconds: int, doubts: dict[int, str] | None = None) -> None:
    Track.objects.bulk_create(
        Track(
            ambulance=unit,
            fix_at=NOW + timedelta(seconds=at),
            recorded_at=NOW + timedelta(seconds=at),
            lat=31 + at / 100_000,
            lon=120.0,
            heading_deg=0.0,
            speed_mps=11.0,
            doubt=(doubts or {}).get(at, ""),
        )
        for at in range(seconds)
    )


def test_a_replay_gives_the_true_positions_and_the_status_that_held_before_it(
    mission: Mission, a1: Ambulance, a2: Ambulance, dispatcher_li: User, medic_wang: User
) -> None:
    drive(a1, 30, doubts={3: "jump", 5: "late"})
    drive(a2, 5)

    def tell(fact: str, at: datetime) -> None:
        record_fact(
            mission=mission,
            fact=fact,
            occurred_at=at,
            actor=medic_wang,
            source=MissionFact.Source.TABLET,
            now=at,
            fact_id=uuid4(),
        )

    tell("acknowledged", NOW + timedelta(seconds=2))
    tell("en_route", NOW + timedelta(seconds=10))

    found = replay_track(
        ambulance=a1,
        begins=NOW + timedelta(seconds=3),
        ends=NOW + timedelta(seconds=20),
        actor=dispatcher_li,
        now=NOW + HOUR,
    )

    assert [round((one.lat - 31) * 100_000) for one in found.points] == list(range(4, 20))
    assert [one.fact for one in found.statuses] == ["acknowledged", "en_route"]
    assert found.every == 1
    assert Entry.objects.get(kind="track.viewed").refs == {"unit": str(a1.pk)}


def test_a_long_track_is_thinned_evenly(
    a1: Ambulance, dispatcher_li: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive(a1, 100)
    monkeypatch.setattr(tracks, "MOST_POINTS", 30)

    found = replay_track(
        ambulance=a1, begins=NOW, ends=NOW + HOUR, actor=dispatcher_li, now=NOW + HOUR
    )

    assert (found.every, len(found.points)) == (4, 25)


def test_a_replay_is_refused_to_crews_hospitals_other_centres_and_for_bad_ranges(
    a1: Ambulance, medic_wang: User, nurse_chen: User, dispatcher_li: User
) -> None:
    other = Organisation.objects.create(
        kind=Organisation.Kind.DISPATCH_CENTRE, code="C2", name_en="Other", name_zh="别处"
    )
    zhao = User.objects.create(username="zhao", role="dispatcher", organisation=other)
    for outsider in (medic_wang, nurse_chen, zhao):
        with pytest.raises(NotAllowed):
            replay_track(ambulance=a1, begins=NOW, ends=NOW + HOUR, actor=outsider, now=NOW)
    for ends in (NOW, NOW + 25 * HOUR):
        with pytest.raises(BadInput):
            replay_track(ambulance=a1, begins=NOW, ends=ends, actor=dispatcher_li, now=NOW)

    assert not Entry.objects.filter(kind="track.viewed").exists()


def test_the_replay_over_http(mission: Mission, a1: Ambulance, dispatcher_li: User) -> None:
    drive(a1, 3)
    client = Client()
    client.force_login(dispatcher_li)
    path = f"/api/units/{a1.pk}"

    answer = client.get(
        f"{path}/track/", {"begins": NOW.isoformat(), "ends": (NOW + HOUR).isoformat()}
    )
    bad = client.get(f"{path}/track/", {"begins": "yesterday", "ends": NOW.isoformat()})
    missions = client.get(f"{path}/missions/").json()

    assert answer.json()["points"][1] == [(NOW + timedelta(seconds=1)).isoformat(), 120.0, 31.00001,
                                          0.0, 11.0]  # fmt: skip
    assert bad.status_code == 400
    assert [one["number"] for one in missions] == [mission.number]
