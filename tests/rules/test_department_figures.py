"""Figures of a department: what is counted, what is left out, what is missing."""

from datetime import UTC, datetime, timedelta

from ehr_prehospital.handover.figures.rules import (
    BY_CODE,
    FIGURES,
    CaseRow,
    by,
    cases_of,
    nearest_rank,
    show,
)
from ehr_prehospital.handover.figures.words import SAID

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def case(number: str, **said: object) -> CaseRow:
    usual = {
        "handover_id": number,
        "number": number,
        "sent_at": NOW,
        "hour": 14,
        "pathway": "",
        "withdrawn": False,
    }
    return CaseRow(**{**usual, **said})  # type: ignore[arg-type]


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_every_figure_says_how_it_is_counted() -> None:
    assert set(SAID) == set(BY_CODE) == {figure.code for figure in FIGURES}


def test_a_percentile_is_a_value_that_was_seen() -> None:
    assert nearest_rank([5], 90) == 5
    assert nearest_rank(list(range(1, 11)), 90) == 9
    assert nearest_rank(list(range(1, 11)), 50) == 5


def test_an_alert_nobody_confirmed_is_missing_and_one_taken_back_is_left_out() -> None:
    rows = [
        case("a", confirmed_at=after(20)),
        case("b", confirmed_at=after(200)),
        case("c"),
        case("d", withdrawn=True, confirmed_at=after(5)),
    ]

    shown = show(BY_CODE["confirm"], rows)

    assert (shown.count, shown.missing) == (3, 1)
    assert (shown.median, shown.value, shown.target_met) == (20, 200, 0.5)
    assert [one.row.number for one in cases_of(BY_CODE["confirm"], rows)] == ["a", "b", "c"]


def test_the_offload_is_judged_by_the_hospitals_own_target() -> None:
    rows = [
        case("a", arrived_at=NOW, handed_over_at=after(500), target_s=600),
        case("b", arrived_at=NOW, handed_over_at=after(700), target_s=600),
        case("c", arrived_at=NOW),
        case("d"),
    ]

    shown = show(BY_CODE["offload"], rows)

    assert (shown.count, shown.missing, shown.target_met, shown.value) == (3, 1, 0.5, 700)


def test_appropriateness_is_a_share_of_those_that_were_judged() -> None:
    rows = [case("a", verdict="right"), case("b", verdict="over"), case("c")]

    assert show(BY_CODE["right"], rows).value == 0.5
    assert show(BY_CODE["right"], [case("c")]).value is None
    judged = show(BY_CODE["judged"], rows)
    assert (judged.value, judged.count) == (2 / 3, 3)


def test_the_alert_rate_counts_pathways_among_those_who_came() -> None:
    rows = [case("a", pathway="stemi"), case("b"), case("c", pathway="stroke", withdrawn=True)]

    assert show(BY_CODE["alert_rate"], rows).value == 0.5
    assert list(by(rows, lambda row: row.pathway)) == ["", "stemi", "stroke"]


def test_a_time_told_backwards_is_missing_never_negative() -> None:
    rows = [case("a", arrived_at=after(60), handed_over_at=NOW)]

    assert show(BY_CODE["offload"], rows).missing == 1
