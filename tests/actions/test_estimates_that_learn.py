"""Tracks become speeds, speeds change estimates, and estimates are scored by what happened."""

import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from io import StringIO
from subprocess import CompletedProcess
from uuid import NAMESPACE_OID, uuid5

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.utils import timezone

from config.env import ROOT
from config.nightly import begin_day
from dispatch.calls.models import Incident
from dispatch.city.models import SpeedFactor, SpeedTable
from dispatch.city.queries import current_city, router, speeds_in_force
from dispatch.city.roads.router import LonLat, Origin, Profile
from dispatch.days import parts
from dispatch.decision.actions.estimates import refresh_etas
from dispatch.decision.actions.learning import learn_bands, learn_speeds
from dispatch.decision.actions.units import recommend_units
from dispatch.decision.estimate_queries import bands_in_force, shown_etas
from dispatch.decision.models import EtaBand, ShownEta
from dispatch.fleet.models import Ambulance, Fix, Mission, Track
from dispatch.journal.models import Entry
from dispatch.people.models import User
from tests.town import NOW, Town, at, person

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
TODAY = NOW.date()
# Residential streets by blue light: 29 km/h times 1.2.
FREE_MPS = 29 * 1.2 / 3.6
BLOCK_M = 286.0


def drives(
    incident: Incident, ambulance: Ambulance, *, slower: float, begin: list[datetime]
) -> list[Mission]:
    """Finished missions whose ways to the scene, eight blocks, were so much slower than free.

    Their ids are always the same, for by these it is chosen which of them teach and which judge.
    """
    block = timedelta(seconds=slower * BLOCK_M / FREE_MPS)
    tracks, missions = [], []
    for street, began in enumerate(begin):
        for half in range(17):
            lat, lon = at(half / 2, street % 7)
            moment = began + block * half / 2
            tracks.append(
                Track(ambulance=ambulance, fix_at=moment, recorded_at=moment, lat=lat, lon=lon)
            )
        arrived = began + block * 8
        missions.append(
            Mission(
                pk=uuid5(NAMESPACE_OID, f"{ambulance.call_sign}-{street}"),
                number=f"{ambulance.call_sign}-{street}",
                incident=incident,
                ambulance=ambulance,
                state="cancelled",
                open=False,
                assigned_at=began,
                en_route_at=began,
                on_scene_at=arrived,
                ended_at=arrived,
            )
        )
    Track.objects.bulk_create(tracks)
    return Mission.objects.bulk_create(missions)


@pytest.fixture
def slow_week(chest_pain: Incident, a1: Ambulance) -> list[Mission]:
    """Eighty ways to a scene, each twice as long as at free flow, spread over a week."""
    begin = [NOW - timedelta(hours=2 * n + 3) for n in range(80)]
    return drives(chest_pain, a1, slower=2.0, begin=begin)


def eight_blocks() -> float:
    roads = router()
    assert roads
    (lat, lon), (to_lat, to_lon) = at(0, 4), at(8, 4)
    (eta_s,) = roads.etas_to(LonLat(to_lon, to_lat), [Origin(lon, lat)], Profile.BLUE_LIGHT)
    assert eta_s
    return eta_s


def learnt() -> list[SpeedTable]:
    return learn_speeds(begins=NOW - 8 * DAY, ends=NOW, now=NOW)


def test_slow_drives_make_slower_estimates(slow_week: list[Mission]) -> None:
    before = eight_blocks()

    (table,) = learnt()

    assert table.in_force
    assert (table.profile, table.legs + table.judged_legs) == ("blue_light", 80)
    assert table.mae_s < table.before_mae_s
    assert eight_blocks() == pytest.approx(2 * before, rel=0.05)
    row = SpeedFactor.objects.get(table=table, road_class="residential", day="", hour=None)
    assert row.factor * table.leg_factor == pytest.approx(2.0, rel=0.05)
    assert row.legs == table.legs
    entry = Entry.objects.get(kind="speeds.learnt")
    assert entry.detail["version"] == table.version


def test_normal_driving_does_not_learn_from_blue_light(slow_week: list[Mission]) -> None:
    roads = router()
    assert roads
    (lat, lon), (to_lat, to_lon) = at(0, 4), at(8, 4)
    asked = (LonLat(to_lon, to_lat), [Origin(lon, lat)], Profile.NORMAL)
    before = roads.etas_to(*asked)

    learnt()

    after = router()
    assert after
    assert after.etas_to(*asked) == before


def test_the_way_back_teaches_normal_driving(
    slow_week: list[Mission], chest_pain: Incident, a2: Ambulance
) -> None:
    begin = [NOW - timedelta(hours=2 * n + 3) for n in range(60)]
    drives(chest_pain, a2, slower=3.0, begin=begin)
    Mission.objects.filter(ambulance=a2).update(
        en_route_at=None, on_scene_at=None, available_at=F("assigned_at"), state="available"
    )

    tables = {table.profile: table for table in learnt()}

    # Normal free flow is 29 km/h: three times the blue-light time is 2.5 times the normal one.
    normal = tables["normal"]
    row = SpeedFactor.objects.get(table=normal, road_class="residential", day="", hour=None)
    assert row.factor * normal.leg_factor == pytest.approx(2.5, rel=0.06)
    assert speeds_in_force() == tables["blue_light"].version


def test_a_table_that_is_no_better_does_not_take_force(slow_week: list[Mission]) -> None:
    learnt()
    before = eight_blocks()

    (again,) = learn_speeds(begins=NOW - 8 * DAY, ends=NOW, now=NOW + DAY)

    assert not again.in_force
    assert eight_blocks() == before
    assert SpeedTable.objects.filter(in_force=True).count() == 1


def test_a_doubtful_position_teaches_nothing(slow_week: list[Mission]) -> None:
    Track.objects.update(doubt="jump")

    assert learnt() == []


def test_without_tracks_nothing_is_learnt_and_nothing_changes(town: Town) -> None:
    before = eight_blocks()

    assert learnt() == []

    assert eight_blocks() == before
    assert speeds_in_force() == ""


def test_a_recommendation_names_its_speeds(
    slow_week: list[Mission], chest_pain: Incident, dispatcher_li: User
) -> None:
    plain, _ranking = recommend_units(incident=chest_pain, actor=dispatcher_li, now=NOW)
    (table,) = learnt()

    stored, _ranking = recommend_units(incident=chest_pain, actor=dispatcher_li, now=NOW)

    assert plain.inputs["speeds"] == ""
    assert stored.inputs["speeds"] == table.version


# --- shown and scored ----------------------------------------------------------------


def look(after_s: float) -> None:
    now = NOW + timedelta(seconds=after_s)
    Fix.objects.update(fix_at=now)
    refresh_etas(now=now)


def test_an_estimate_is_kept_once_a_minute_and_at_each_state(mission: Mission) -> None:
    for after_s in (0, 2, 4, 58, 60, 62):
        look(after_s)
    Mission.objects.filter(pk=mission.pk).update(state="acknowledged", acknowledged_at=NOW)
    look(64)
    look(66)

    kept = list(ShownEta.objects.order_by("shown_at"))

    assert [(row.shown_at - NOW).total_seconds() for row in kept] == [0, 60, 64]
    assert [row.state for row in kept] == ["assigned", "assigned", "acknowledged"]
    assert all(row.low_s < row.eta_s < row.high_s for row in kept)
    mission.refresh_from_db()
    assert (mission.eta_low_s, mission.eta_high_s) == (kept[-1].low_s, kept[-1].high_s)


def test_a_stale_estimate_is_not_scored(mission: Mission) -> None:
    refresh_etas(now=NOW + timedelta(hours=1))

    assert not ShownEta.objects.exists()


def test_a_shown_estimate_is_compared_with_the_arrival(mission: Mission, town: Town) -> None:
    look(0)
    assert shown_etas(begins=NOW - DAY, ends=NOW + DAY) == []
    arrived = NOW + timedelta(seconds=500)
    Mission.objects.filter(pk=mission.pk).update(on_scene_at=arrived)

    (one,) = shown_etas(begins=NOW - DAY, ends=NOW + DAY, centre=town.centre)

    assert one.taken_s == 500
    assert one.eta_s == ShownEta.objects.get().eta_s


def test_a_diverted_way_is_not_scored(mission: Mission, town: Town) -> None:
    to, instead = town.hospitals[:2]
    Mission.objects.filter(pk=mission.pk).update(
        state="on_board", on_board_at=NOW, destination=to, on_scene_at=NOW - DAY
    )
    look(0)
    Mission.objects.filter(pk=mission.pk).update(
        destination=instead, at_destination_at=NOW + timedelta(minutes=9)
    )

    assert ShownEta.objects.get().heading_for == "destination"
    assert shown_etas(begins=NOW - DAY, ends=NOW + DAY) == []


def test_ranges_follow_from_what_happened(
    mission: Mission, chest_pain: Incident, a1: Ambulance
) -> None:
    for n, done in enumerate(drives(chest_pain, a1, slower=1.0, begin=[NOW - DAY] * 40)):
        taken_s = (done.on_scene_at - NOW + DAY).total_seconds() if done.on_scene_at else 0.0
        ShownEta.objects.create(
            mission=done,
            heading_for="scene",
            state="en_route",
            shown_at=NOW - DAY,
            eta_s=taken_s / (1 + n / 100),
            low_s=1,
            high_s=2,
        )

    learn_bands(begins=NOW - 2 * DAY, ends=NOW, now=NOW)

    band = bands_in_force()[1]
    assert (band.learnt, band.missions) == (True, 40)
    assert band.low == pytest.approx(1.03)
    assert band.high == pytest.approx(1.35)
    assert EtaBand.objects.filter(learnt=False).count() == 4


# --- by command, on the page -----------------------------------------------------------


@pytest.fixture
def moved_to_now(slow_week: list[Mission]) -> None:
    """The same week, before the real clock of the command."""
    by = timezone.now() - NOW
    Track.objects.update(fix_at=F("fix_at") + by)
    Mission.objects.filter(pk__in=[done.pk for done in slow_week]).update(
        en_route_at=F("en_route_at") + by, on_scene_at=F("on_scene_at") + by
    )


def test_the_command_says_what_it_learnt(moved_to_now: None) -> None:
    out = StringIO()

    call_command("learn_speeds", stdout=out)

    assert "in force" in out.getvalue()
    city = current_city()
    assert city
    assert SpeedTable.objects.get().city_version == city.version


class Here:
    """A thread that runs at once and here, where the test's rows can be seen."""

    def __init__(self, *, target: Callable[[], None], daemon: bool) -> None:
        self.start = target


def test_the_night_learns_from_the_fleet_s_own_tracks(
    moved_to_now: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_this_process(command: Sequence[str], **_how: object) -> CompletedProcess[str]:
        call_command(*command[command.index(str(ROOT / "manage.py")) + 1 :])
        return CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("config.nightly.Thread", Here)
    monkeypatch.setattr("config.nightly.subprocess.run", in_this_process)
    before = eight_blocks()

    started = begin_day(None, TODAY - DAY)
    assert not SpeedTable.objects.exists()
    same_day = begin_day(started, TODAY - DAY)
    assert not SpeedTable.objects.exists()
    after_midnight = begin_day(same_day, TODAY)

    assert after_midnight == TODAY
    assert SpeedTable.objects.get().in_force
    assert eight_blocks() == pytest.approx(2 * before, rel=0.05)
    assert begin_day(after_midnight, TODAY) == TODAY
    assert SpeedTable.objects.count() == 1


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ([sys.executable, "-c", "raise SystemExit('the disk is full')"], "the disk is full"),
        (["/nowhere/nice"], "No such file"),
    ],
)
def test_a_night_that_learns_nothing_is_told_once_and_stops_nothing_else(
    command: list[str],
    said: str,
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("config.nightly.Thread", Here)
    monkeypatch.setattr("config.nightly.LEARNING", command)
    far = date(2031, 5, 1)

    day = begin_day(far - DAY, far)
    again = begin_day(day, far)

    assert day == again == far
    (told,) = [row for row in caplog.records if row.name == "config.nightly"]
    assert told.levelname == "ERROR"
    assert said in told.getMessage() + str(told.exc_info)
    assert far + 3 * DAY in {day for _name, day in parts("dispatch_track")}


def test_the_page_shows_supervisors_how_right_it_was(
    slow_week: list[Mission], town: Town, client: Client, dispatcher_li: User
) -> None:
    learnt()
    began = timezone.now() - timedelta(hours=1)
    done = slow_week[0]
    Mission.objects.filter(pk=done.pk).update(on_scene_at=began + timedelta(seconds=200))
    ShownEta.objects.create(
        mission=done, heading_for="scene", state="en_route", shown_at=began,
        eta_s=180, low_s=150, high_s=250,
    )  # fmt: skip
    client.force_login(person("chief", "supervisor", town.centre))

    page = client.get("/estimates/").content.decode()

    assert "up to 5 min" in page
    assert "+0:20" in page
    assert "100%" in page
    assert "residential" in page
    assert "assumed" in page
    client.force_login(dispatcher_li)
    assert client.get("/estimates/").status_code == 403
