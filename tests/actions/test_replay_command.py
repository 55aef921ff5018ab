"""replay_calls at the command line: what it refuses, in which words, and what it writes."""

import gzip
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dispatch.calls.models import Call, Incident
from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from tests.town import NOW, Town, at, person

pytestmark = pytest.mark.slow

HEAD = "rang,borough,severity,lat,lon,zip,assigned,response_s\n"


@pytest.fixture
def crews(town: Town, a1: Ambulance, medic_wang: User, dispatcher_li: User) -> None:
    for hospital in town.hospitals:
        person(f"nurse-{hospital.code.lower()}", "ed_staff", hospital)


@pytest.fixture
def wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the town's crews are on shift."""
    looks = 0

    def now() -> datetime:
        nonlocal looks
        looks += 1
        return NOW + timedelta(milliseconds=looks)

    monkeypatch.setattr("django.utils.timezone.now", now)


@pytest.fixture
def log(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: str) -> Path:
        path = tmp_path / "log.csv"
        path.write_text(HEAD + "".join(f"{row}\n" for row in rows))
        return path

    return write


def row(rang: str = "2020-03-03 16:00", severity: str = "4", column: float = 1) -> str:
    lat, lon = at(column, 3)
    return f"{rang},MANHATTAN,{severity},{lat},{lon},10001,{rang}:40,420"


USUAL = ("--time-column=rang", "--place-columns=lat,lon", "--speed=0")
MAPPED = (*USUAL, "--priority-column=severity", "--priority-map=2=1,4=2,5=3")


def refused(*words: str) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("replay_calls", *words)
    assert not Incident.objects.exists()
    assert not Call.objects.exists()
    return str(refusal.value)


def test_a_wrong_column_is_named_with_those_that_exist(
    crews: None, wall_clock: None, log: Callable[..., Path]
) -> None:
    said = refused(str(log(row())), "--time-column=incident", "--place-columns=lat,lng")

    assert "no column “incident”, “lng”" in said
    assert "“rang”, “borough”, “severity”, “lat”, “lon”" in said


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        (row(rang="yesterday"), "line 3: “yesterday” in “rang” is no time"),
        (row(severity="9"), "line 3: “9” in “severity” is not in the priority map"),
        ("2020-03-03 16:00,MANHATTAN,4,north,120,,,", "line 3: “north” in “lat” is no number"),
        ("2020-03-03 16:00,MANHATTAN,4,131,120,,,", "line 3: 131.0, 120.0 is no place on Earth"),
        ("2020-03-03 16:00,MANHATTAN,4", "line 3: ends before the column “lat”"),
        ("2020-03-03 16:00,MANHATTAN,4,40.7,-74.0,,,", "line 3: no road of the imported city is"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_nothing_is_written(
    crews: None, wall_clock: None, log: Callable[..., Path], bad: str, complaint: str
) -> None:
    said = refused(str(log(row(), bad)), *MAPPED)

    assert complaint in said


def test_bad_rows_can_be_passed_over_and_are_counted(
    crews: None, wall_clock: None, log: Callable[..., Path], tmp_path: Path
) -> None:
    path = log(row(), row(severity="9"), "2020-03-03 16:00,MANHATTAN,4,40.7,-74.0,,,")

    call_command(
        "replay_calls", str(path), *MAPPED, "--skip-bad", f"--report={tmp_path / 'r.json'}"
    )

    told = json.loads((tmp_path / "r.json").read_text())
    assert told["setting"]["skipped_rows"] == 2
    assert told["lines"][-1]["calls"] == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "Which log?"),
        (("nowhere.csv", *USUAL), "nowhere.csv cannot be read"),
        (("{log}",), "--time-column is missing"),
        (("{log}", *USUAL, "--priority-map=1=1"), "needs --priority-column"),
        (("{log}", *USUAL, "--priority-map=1=7"), "no priority from 1 to 5"),
        (("{log}", *USUAL, "--where=borough"), "is not COLUMN=VALUE"),
        (("{log}", *USUAL, "--where=borough=BRONX"), "has no row where borough=BRONX"),
        (("{log}", *USUAL, "--from=2021-01-01"), "they reach from 2020-03-03 16:00:00 to"),
        (("{log}", *USUAL, "--hours=1", "--to=2021-01-01"), "Give --to or --hours, not both"),
        (("{log}", *USUAL, "--speed=-1"), "must not be negative"),
        (("{log}", *USUAL, "--report=result.txt"), "must end in .json or .md"),
        (("{log}", *USUAL, "--report=no/such/folder/r.md"), "there is no folder"),
        (("{log}", *USUAL, "--zip-column=zip"), "need --zip-table"),
        (("{log}", *USUAL, "--dispatcher=nobody"), "no dispatcher called nobody"),
        (("{log}", *USUAL, "--model={log}"), "log.csv: syntax error"),
    ],
)
def test_words_that_make_no_sense_are_refused_in_a_sentence(
    crews: None,
    wall_clock: None,
    log: Callable[..., Path],
    words: tuple[str, ...],
    complaint: str,
) -> None:
    path = str(log(row()))

    said = refused(*(word.replace("{log}", path) for word in words))

    assert complaint in said


def test_a_city_without_crews_or_nurses_is_told_so_before_anything_rings(
    town: Town, a1: Ambulance, dispatcher_li: User, wall_clock: None, log: Callable[..., Path]
) -> None:
    without_nurses = refused(str(log(row())), *USUAL)
    for hospital in town.hospitals:
        person(f"nurse-{hospital.code.lower()}", "ed_staff", hospital)
    without_crews = refused(str(log(row())), *USUAL)

    assert "No emergency department staff at H1, H2, H3" in without_nurses
    assert "No ambulance has a crew on shift now" in without_crews


def test_a_packed_log_gives_the_same_report_twice_with_the_real_times_beside(
    crews: None, wall_clock: None, log: Callable[..., Path], tmp_path: Path
) -> None:
    plain = log(row(), row(rang="2020-03-03 16:20", severity="5", column=7))
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    reports = [tmp_path / "first.json", tmp_path / "second.json"]

    for report in reports:
        call_command(
            "replay_calls",
            str(packed),
            *MAPPED,
            "--where=borough=MANHATTAN",
            "--real-assigned-column=assigned",
            "--real-response-column=response_s",
            f"--report={report}",
            f"--report={report.with_suffix('.md')}",
        )

    first, second = (report.read_bytes() for report in reports)
    assert first == second
    told = json.loads(first)
    assert [line["priority"] for line in told["lines"]] == [2, 3, None]
    assert told["lines"][0]["real"]["call_to_assigned"]["median_s"] == 40
    assert told["lines"][0]["real"]["assigned_to_on_scene"]["median_s"] == 380
    assert told["lines"][2]["simulated"]["ring_to_on_scene"]["count"] == 2
    assert "0:40 / 0:40 (1)" in reports[0].with_suffix(".md").read_text()
    assert Mission.objects.filter(open=False).count() == 4


def test_positions_are_drawn_around_postal_areas_when_the_log_has_none(
    crews: None, wall_clock: None, log: Callable[..., Path], tmp_path: Path
) -> None:
    lat, lon = at(4, 4)
    table = tmp_path / "zip.csv"
    table.write_text(f"zip,calls,lat,lon\n10001,9,{lat},{lon}\n10002,0,0,0\n")
    words = (str(log(row())), "--time-column=rang", f"--zip-table={table}", "--speed=0")

    unknown = refused(str(log(row().replace("10001", "99999"))), *words[1:], "--zip-column=zip")
    log(row())
    call_command("replay_calls", *words, "--zip-column=zip", "--spread=0")
    call_command("replay_calls", *words, "--zip-weight=calls", "--spread=200")

    by_zip, by_weight = Incident.objects.order_by("opened_at")
    assert "line 2: postal area “99999” is not in the table" in unknown
    assert (by_zip.lat, by_zip.lon, by_zip.place_source) == (lat, lon, "replay_drawn")
    assert 0 < abs(by_weight.lat - lat) < 0.02


def test_an_open_mission_of_an_earlier_replay_stops_a_new_one_until_it_is_ended(
    crews: None, wall_clock: None, log: Callable[..., Path], a1: Ambulance, dispatcher_li: User
) -> None:
    path = str(log(row()))
    call_command("replay_calls", path, *USUAL)
    Incident.objects.update(closed_at=None)
    Mission.objects.update(open=True, state="assigned", ended_at=None)

    with pytest.raises(CommandError, match=r"still open: A1-.*--clean"):
        call_command("replay_calls", path, *USUAL)
    call_command("replay_calls", "--clean")

    assert not Mission.objects.filter(open=True).exists()
    call_command("replay_calls", path, *USUAL, "--clean")


def test_only_so_many_units_of_a_station_take_part(
    crews: None, wall_clock: None, log: Callable[..., Path], town: Town, tmp_path: Path
) -> None:
    from tests.town import on_shift, unit

    beside = unit("A0", town.stations[0], "als")
    on_shift(person("beside", "paramedic", town.stations[0]), beside)

    report = tmp_path / "r.json"
    call_command("replay_calls", str(log(row())), *USUAL, "--units=1", f"--report={report}")

    assert json.loads(report.read_text())["setting"]["units"] == 1
    assert Mission.objects.get().ambulance == beside
