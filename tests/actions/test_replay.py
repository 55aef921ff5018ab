"""A log of incidents, lived through again in the small town."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config.replay.cases import prepare
from config.replay.clock import Pace
from config.replay.closing import close_all
from config.replay.durations import Always, Assumptions
from config.replay.fleet import take_part
from config.replay.places import Finder, FromLog
from config.replay.plan import hospital_points
from config.replay.replay import Outcome, replay
from config.replay.rules import Timeline
from config.replay.table import Columns, Window, read_log
from dispatch.calls.models import Call, Incident
from dispatch.city.queries import router
from dispatch.city.roads.router import LonLat, Origin, Profile
from dispatch.decision.models import Recommendation
from dispatch.fleet.models import Ambulance, Fix, Mission, MissionFact, Track
from dispatch.journal.models import Entry
from dispatch.journal.queries import broken_at
from dispatch.people.models import User
from ehr_prehospital.handover.models import Handover
from tests.town import NOW, Town, at, person

pytestmark = pytest.mark.slow

CALM = Assumptions(
    answer=Always(5),
    interview=Always(60),
    decide=Always(15),
    turn_out=Always(40),
    turn_out_on_road=Always(10),
    to_patient=Always(120),
    at_patient=Always(600),
    to_leave=Always(30),
    hand_over=Always(600),
    turn_around=Always(300),
    transported=1.0,
)
COLUMNS = Columns(time="rang", priority="level", lat="lat", lon="lon")


@pytest.fixture
def people(
    town: Town, a1: Ambulance, a2: Ambulance, medic_wang: User, medic_other: User
) -> list[User]:
    """Crews on both ambulances, and a nurse in each of the three hospitals."""
    nurses = [
        person(f"nurse-{hospital.code.lower()}", "ed_staff", hospital)
        for hospital in town.hospitals
    ]
    return [medic_wang, medic_other, *nurses]


def wall_clock() -> Callable[[], datetime]:
    """A wall clock that moves a hundredth of a second whenever somebody looks."""
    moments: Iterator[datetime] = (NOW + timedelta(milliseconds=10 * n) for n in range(1, 10**6))
    return lambda: next(moments)


def log_of(folder: Path, *rows: tuple[str, int, float, float]) -> Path:
    """A log with (time, level, column, row of the crossing)."""
    lines = ["rang,level,lat,lon"]
    for rang, level, column, row in rows:
        lat, lon = at(column, row)
        lines.append(f"2020-03-03 {rang},{level},{lat},{lon}")
    path = folder / "log.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@dataclass(frozen=True)
class Played:
    outcome: Outcome
    timelines: list[Timeline]


def play(
    log: Path,
    dispatcher: User,
    *,
    assumed: Assumptions = CALM,
    seed: int = 1,
    window: Window | None = None,
    now: Callable[[], datetime] | None = None,
) -> Played:
    roads = router()
    assert roads is not None
    assert dispatcher.centre is not None
    window = window or Window()
    prepared = prepare(
        read_log(log, COLUMNS, window),
        window,
        finder=Finder(FromLog(), roads, hospital_points()),
        assumed=assumed,
        seed=seed,
        skip_bad=False,
    )
    now = now or wall_clock()
    outcome = replay(
        prepared,
        units=take_part(dispatcher.centre, per_station=None, now=now()),
        roads=roads,
        dispatcher=dispatcher,
        assumed=assumed,
        log_name=log.name,
        speed=0,
        now=now,
        progress=lambda _text: None,
    )
    return Played(outcome, [case.timeline for case in prepared.cases])


def test_one_call_goes_the_whole_way_through_the_real_actions(
    people: list[User], dispatcher_li: User, town: Town, tmp_path: Path
) -> None:
    played = play(log_of(tmp_path, ("16:00", 2, 1, 3)), dispatcher_li)

    incident = Incident.objects.get()
    assert (incident.priority, incident.complaint) == (2, "other")
    assert (incident.determinant, incident.protocol_id) == ("replay-2", "replay")
    assert (incident.place_source, incident.caller_note) == ("replay", "log.csv:2")
    assert incident.closed_at is not None
    mission = Mission.objects.get()
    assert mission.ambulance.call_sign == "A1"
    assert (mission.state, mission.open) == ("available", False)
    assert not MissionFact.objects.exclude(contradiction="").exists()
    assert [fact.actor for fact in mission.facts.filter(fact="on_board")] == [people[0]]
    handover = Handover.objects.get()
    assert handover.state == "handed_over"
    assert handover.received_by is not None
    assert (handover.given_by, handover.received_by.organisation) == (people[0], handover.hospital)
    assert Recommendation.objects.get(question="unit").chosen_id == mission.ambulance_id
    call = Call.objects.get()
    assert (call.number_from, call.incident, call.taken_by) == ("replay", incident, dispatcher_li)
    assert not Entry.objects.filter(kind="recommendation.overridden").exists()
    assert broken_at() is None
    assert played.outcome.interrupted is False


def test_the_moments_are_those_that_the_durations_and_the_roads_give(
    people: list[User], dispatcher_li: User, town: Town, tmp_path: Path
) -> None:
    (timeline,) = play(log_of(tmp_path, ("16:00", 2, 0, 3)), dispatcher_li).timelines

    roads = router()
    assert roads is not None
    station = town.stations[0]
    assert station.lon is not None
    assert station.lat is not None
    lat, lon = at(0, 3)
    path = roads.path(Origin(station.lon, station.lat), LonLat(lon, lat), Profile.BLUE_LIGHT)
    assert path is not None
    # Rings at 0, answered at 5, opened at 65, assigned at 80, under way at 120.
    assert (timeline.opened_s, timeline.assigned_s, timeline.en_route_s) == (65, 80, 120)
    assert timeline.on_scene_s == pytest.approx(120 + path.eta_s)
    assert timeline.waited is False


def test_stored_times_are_of_the_wall_clock_not_of_the_log(
    people: list[User], dispatcher_li: User, tmp_path: Path
) -> None:
    play(log_of(tmp_path, ("16:00", 2, 1, 3)), dispatcher_li)

    mission = Mission.objects.get()
    moments = [
        mission.assigned_at, mission.en_route_at, mission.on_scene_at, mission.at_patient_at,
        mission.on_board_at, mission.at_destination_at, mission.handed_over_at,
        mission.available_at,
    ]  # fmt: skip
    known = [moment for moment in moments if moment]
    assert len(known) == len(moments)
    assert known == sorted(known)
    assert all(NOW <= moment < NOW + timedelta(minutes=1) for moment in known)


def test_the_same_seed_gives_the_same_moments_at_another_time_of_day(
    people: list[User], dispatcher_li: User, tmp_path: Path
) -> None:
    log = log_of(
        tmp_path,
        *(
            (f"16:{minute:02d}", 1 + minute % 5, minute % 9, (3 * minute) % 9)
            for minute in range(4)
        ),
    )
    drawn = Assumptions(transported=0.7)
    clock = wall_clock()

    first = play(log, dispatcher_li, assumed=drawn, now=clock)
    second = play(log, dispatcher_li, assumed=drawn, now=clock)

    assert first.timelines == second.timelines
    assert not Mission.objects.filter(open=True).exists()
    assert not Track.objects.exclude(doubt="").exists()


def test_with_every_unit_out_the_most_urgent_incident_gets_the_next_one(
    people: list[User], dispatcher_li: User, tmp_path: Path
) -> None:
    log = log_of(
        tmp_path,
        ("16:00", 3, 1, 1),
        ("16:00", 3, 7, 1),
        ("16:01", 4, 4, 4),
        ("16:02", 1, 4, 5),
    )

    first, second, patient, urgent = play(log, dispatcher_li).timelines

    assert (patient.waited, urgent.waited) == (True, True)
    assert urgent.assigned_s is not None
    assert patient.assigned_s is not None
    assert urgent.assigned_s < patient.assigned_s
    assert {urgent.assigned_s, patient.assigned_s} == {first.freed_s, second.freed_s}


def test_a_unit_that_is_free_again_is_sent_from_where_it_is(
    people: list[User], dispatcher_li: User, tmp_path: Path
) -> None:
    """Released at its first scene, A1 is on the way home when the next call comes."""
    log = log_of(tmp_path, ("16:00", 2, 0, 6), ("16:17", 2, 0, 4))
    released = replace(CALM, transported=0.0)

    first, second = play(log, dispatcher_li, assumed=released).timelines

    assert (first.unit, second.unit) == ("A1", "A1")
    assert first.freed_s is not None
    assert second.assigned_s == 1020 + 80
    assert second.en_route_s == 1020 + 80 + 10  # already driving: no turn-out
    assert Mission.objects.filter(state="treated_and_released").count() == 2


def test_the_warm_up_happens_but_does_not_count(
    people: list[User], dispatcher_li: User, tmp_path: Path
) -> None:
    log = log_of(tmp_path, ("15:00", 2, 1, 1), ("15:40", 2, 1, 1), ("16:05", 2, 7, 1))
    window = Window(begins=datetime.fromisoformat("2020-03-03 16:00"), warm_up=timedelta(hours=0.5))

    before, after = play(log, dispatcher_li, window=window).timelines

    assert (before.counted, after.counted) == (False, True)
    assert (before.rang_s, after.rang_s) == (600, 2100)
    assert Incident.objects.count() == 2


def test_what_an_interrupted_replay_left_open_is_ended_not_deleted(
    people: list[User], dispatcher_li: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(tmp_path, ("16:00", 2, 1, 1), ("16:14", 2, 7, 1), ("16:16", 2, 7, 2))
    clock = wall_clock()
    stops_at = 980.0  # the first patient is on the way, the second unit, too; the third rings

    def wait_until(_self: Pace, at_s: float) -> None:
        if at_s > stops_at:
            raise KeyboardInterrupt

    monkeypatch.setattr(Pace, "wait_until", wait_until)
    played = play(log, dispatcher_li, now=clock)
    left_open = Mission.objects.filter(open=True).count()

    closed = close_all(dispatcher=dispatcher_li, now=clock)

    assert played.outcome.interrupted
    assert (left_open, closed) == (2, 2)
    assert not Mission.objects.filter(open=True).exists()
    assert not Incident.objects.filter(closed_at=None).exists()
    assert not Call.objects.filter(closed_at=None).exists()
    assert sorted(Mission.objects.values_list("state", flat=True)) == ["available", "cancelled"]
    assert Handover.objects.get().state == "handed_over"


def test_each_report_of_the_fleet_is_believed_although_it_jumps(
    people: list[User], dispatcher_li: User, a1: Ambulance, tmp_path: Path
) -> None:
    Fix.objects.filter(ambulance=a1).update(lat=31.5)  # where an earlier replay left it

    play(log_of(tmp_path, ("16:00", 2, 1, 3)), dispatcher_li)

    assert not Track.objects.exclude(doubt="").exists()
    assert Fix.objects.get(ambulance=a1).lat < 31.1
