"""The offload clock, triage scales, sheets and bays: what they are, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from ehr_prehospital.handover.department.rules import (
    Arrival,
    age_band,
    bay_state,
    in_order,
    kind_of,
)
from ehr_prehospital.handover.door.rules import (
    COLOUR_OF_LEVEL,
    LEVELS,
    Pace,
    Scale,
    SheetContent,
    Thing,
    WrongSheet,
    checked_sheet,
    colour,
    offload,
    sheet_hash,
    shut,
)
from ehr_prehospital.handover.outcome.rules import WrongOutcome, checked_times, minutes_from_door

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "pace"),
    [(0, Pace.IN_TIME), (15, Pace.IN_TIME), (16, Pace.OVER_TARGET), (31, Pace.LATE)],
)
def test_the_offload_clock_says_how_it_stands(minutes: int, pace: Pace) -> None:
    running = offload(arrived_at=NOW, handed_over_at=None, now=NOW + minutes * MINUTE)

    assert running
    assert (running.seconds, running.pace, running.over) == (minutes * 60, pace, False)


def test_the_offload_clock_stops_with_the_transfer_and_never_runs_backwards() -> None:
    done = offload(arrived_at=NOW, handed_over_at=NOW + 9 * MINUTE, now=NOW + 90 * MINUTE)
    told_early = offload(arrived_at=NOW, handed_over_at=NOW - MINUTE, now=NOW)

    assert done
    assert (done.seconds, done.over) == (540, True)
    assert told_early
    assert told_early.seconds == 0
    assert offload(arrived_at=None, handed_over_at=None, now=NOW) is None


def test_every_level_of_every_scale_has_a_colour() -> None:
    for scale in Scale:
        assert set(COLOUR_OF_LEVEL[scale]) == set(LEVELS[scale])


def test_the_door_decides_the_colour_before_the_scene_and_the_telephone() -> None:
    assert colour(scale="", level="", priority=1) == ("red", "priority")
    assert colour(scale="", level="", priority=1, tag="green") == ("green", "scene")
    assert colour(scale="four", level="IV", priority=1, tag="red") == ("green", "door")
    assert colour(scale="five", level="2", priority=5) == ("red", "door")


def test_a_change_of_a_sheet_shows_in_its_hash() -> None:
    ring = Thing("ring", 1, "relative", valuable=True)
    signed = SheetContent("stable", "", (ring,), "")

    assert checked_sheet(signed) == signed
    assert sheet_hash(signed) != sheet_hash(SheetContent("stable", "", (), ""))
    assert sheet_hash(signed) == sheet_hash(SheetContent("stable", "", (ring,), ""))


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (SheetContent("fine", "", (), ""), "condition"),
        (SheetContent("stable", "", (Thing(" ", 1, "hospital"),), ""), "things"),
        (SheetContent("stable", "", (Thing("bag", 0, "hospital"),), ""), "things"),
        (SheetContent("stable", "", (Thing("bag", 1, "nobody"),), ""), "things"),
    ],
)
def test_nobody_signs_a_sheet_that_says_nothing(content: SheetContent, field: str) -> None:
    with pytest.raises(WrongSheet) as wrong:
        checked_sheet(content)

    assert wrong.value.field == field


def test_five_wrong_passwords_shut_the_door_for_a_quarter_of_an_hour() -> None:
    tries = [NOW - minute * MINUTE for minute in range(5)]

    assert shut(tries, NOW)
    assert not shut(tries[:4], NOW)
    assert not shut(tries, NOW + 12 * MINUTE)


def test_a_bay_shows_whoever_is_in_it_first() -> None:
    def state(**said: object) -> str:
        return str(bay_state(**{"closed": False, "cleaning_since": None, "holds": None, **said}))  # type: ignore[arg-type]

    assert state() == "free"
    assert state(holds="ready") == "awaited"
    assert state(holds="offloading", closed=True) == "occupied"
    assert state(holds="redirected") == "free"
    assert state(cleaning_since=NOW) == "cleaning"
    assert state(closed=True, cleaning_since=NOW) == "closed"


def test_a_corridor_reads_bands_and_fields() -> None:
    assert [age_band(age) for age in (None, 0, 13, 17, 39, 64, 99)] == [
        "",
        "infant",
        "child",
        "youth",
        "adult",
        "middle",
        "old",
    ]
    assert kind_of("psychiatric") == "other"
    assert kind_of("chest_pain") == "heart"


def test_who_is_here_stands_before_who_comes_and_the_unknown_last() -> None:
    def one(kind: str, minutes: int | None, *, here: bool = False) -> Arrival:
        due = None if minutes is None else NOW + minutes * MINUTE
        return Arrival("red", kind, "", "", "sent", due, NOW if here else None)

    rows = [one("blind", None), one("later", 9), one("here", None, here=True), one("next", 2)]

    assert [row.kind for row in in_order(rows, now=NOW)] == ["here", "next", "later", "blind"]


def test_interventions_are_known_ones_of_the_past() -> None:
    assert checked_times({"needle": NOW}, now=NOW) == {"needle": NOW.isoformat()}
    for times in ({"magic": NOW}, {"needle": NOW + 5 * MINUTE}):
        with pytest.raises(WrongOutcome):
            checked_times(times, now=NOW)
    assert minutes_from_door({"ct": NOW + 17 * MINUTE}, NOW) == {"ct": 17}
