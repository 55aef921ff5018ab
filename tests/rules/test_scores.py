"""Every score: its cases, every edge of every band, no gap, no overlap, nothing guessed."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ehr_prehospital.vitals.scores.rules import (
    Age,
    Band,
    Case,
    Item,
    Result,
    Score,
    State,
    Value,
    age_in_months,
    age_in_years,
    evaluate,
    points_of,
)
from ehr_prehospital.vitals.scores.tables import BadTable, check_bands, scores

SCORES = scores()
CASES = [(score, case) for score in SCORES.values() for case in score.cases]
BANDED = [(score, item) for score in SCORES.values() for item in score.items if item.bands]
EDGES = [(score, item, band) for score, item in BANDED for band in item.bands]


def name(of: object) -> str | None:
    match of:
        case Score() | Item():
            return of.id
        case Case():
            return of.source[:30]
        case Band():
            return f"{of.low}-{of.high}"
    return None


def ages(score: Score) -> Age:
    low = score.from_months
    return age_in_months((low + 120) if score.to_months is None else (low + score.to_months) // 2)


def outcome(score: Score, **inputs: Value) -> Result:
    return evaluate(score, inputs=inputs, age=ages(score))


def test_the_scores_of_the_field_are_there() -> None:
    wanted = "news2 shock_index sipa gcs gcs_p t_rts rts phi rems qsofa pews"

    assert list(SCORES) == wanted.split()


@pytest.mark.parametrize(("score", "case"), CASES, ids=name)
def test_a_case_comes_out_as_published(score: Score, case: Case) -> None:
    age = age_in_years(case.age_years) if case.age_years is not None else None

    result = evaluate(score, inputs=case.inputs, age=age)

    assert (result.state, result.value, result.grade) == (State.COMPLETE, case.value, case.grade)


@pytest.mark.parametrize(("score", "item", "band"), EDGES, ids=name)
def test_both_ends_belong_to_their_band_and_the_next_step_does_not(
    score: Score, item: Item, band: Band
) -> None:
    if band.low is not None:
        assert points_of(item, float(band.low)) == band.points
        assert points_of(item, float(band.low - item.step)) != band.points
    if band.high is not None:
        assert points_of(item, float(band.high)) == band.points
        assert points_of(item, float(band.high + item.step)) != band.points


@given(value=st.floats(-50, 400, allow_nan=False), place=st.integers(0, len(BANDED) - 1))
def test_every_number_lies_in_exactly_one_band(value: float, place: int) -> None:
    _score, item = BANDED[place]
    shown = (Decimal(str(value)) / item.step).quantize(Decimal(1), "ROUND_HALF_UP") * item.step

    hit = [
        band
        for band in item.bands
        if (band.low is None or band.low <= shown) and (band.high is None or shown <= band.high)
    ]

    assert len(hit) == 1
    assert points_of(item, value) == hit[0].points


@pytest.mark.parametrize(
    "bands",
    [
        (Band(None, Decimal(8), 1), Band(Decimal(10), None, 0)),
        (Band(None, Decimal(8), 1), Band(Decimal(8), None, 0)),
        (Band(Decimal(0), Decimal(8), 1), Band(Decimal(9), None, 0)),
        (Band(None, Decimal(8), 1), Band(Decimal(9), Decimal(20), 0)),
        (Band(None, Decimal(8), 1), Band(Decimal(9), Decimal(7), 0), Band(Decimal(8), None, 2)),
    ],
)
def test_a_table_with_a_gap_or_an_overlap_is_refused(bands: tuple[Band, ...]) -> None:
    with pytest.raises(BadTable):
        check_bands(bands, step=Decimal(1), of="test")


@pytest.mark.parametrize(("score", "case"), CASES, ids=name)
def test_without_any_one_input_a_score_is_incomplete_and_names_it(score: Score, case: Case) -> None:
    age = age_in_years(case.age_years) if case.age_years is not None else None
    used = {item.input for item in score.items} | {*(score.ratio or ())}

    for lost in used & set(case.inputs):
        rest = {name: value for name, value in case.inputs.items() if name != lost}
        result = evaluate(score, inputs=rest, age=age)

        assert (result.state, result.value) == (State.INCOMPLETE, None)
        assert lost in result.missing


@pytest.mark.parametrize("score", SCORES.values(), ids=name)
def test_a_score_is_refused_outside_its_ages(score: Score) -> None:
    inputs = score.cases[0].inputs
    outside = [score.from_months - 1] if score.from_months else []
    outside += [score.to_months] if score.to_months else []

    for months in outside:
        result = evaluate(score, inputs=inputs, age=age_in_months(months))
        assert (result.state, result.value) == (State.NOT_FOR_AGE, None)


@pytest.mark.parametrize("score", SCORES.values(), ids=name)
def test_an_unknown_age_makes_a_score_with_age_limits_incomplete(score: Score) -> None:
    result = evaluate(score, inputs=score.cases[0].inputs, age=None)

    limited = score.from_months > 0 or score.to_months is not None
    assert (result.state is State.INCOMPLETE) == limited
    assert ("age" in result.missing) == limited


def test_an_infant_known_by_year_alone_needs_the_months_for_pews() -> None:
    well = dict(SCORES["pews"].cases[0].inputs)

    by_year = evaluate(SCORES["pews"], inputs=well, age=age_in_years(0))
    by_month = evaluate(SCORES["pews"], inputs=well, age=age_in_months(2))

    assert (by_year.state, by_year.missing) == (State.INCOMPLETE, ("age",))
    assert by_month.state is State.COMPLETE


def test_not_testable_is_not_one() -> None:
    result = outcome(SCORES["gcs"], gcs_eye="4", gcs_verbal="nt", gcs_motor="6")

    assert (result.state, result.value) == (State.INCOMPLETE, None)
    assert (result.missing, result.not_testable) == (("gcs_verbal",), ("gcs_verbal",))


def test_scale_two_holds_only_where_it_was_chosen() -> None:
    inputs = dict(SCORES["news2"].cases[1].inputs) | {"spo2": 90.0, "oxygen": "low"}

    usual = evaluate(SCORES["news2"], inputs=inputs, age=age_in_years(70))
    chosen = evaluate(SCORES["news2"], inputs=inputs | {"spo2_scale": "2"}, age=age_in_years(70))

    assert (usual.value, chosen.value) == (Decimal(5), Decimal(2))


def test_news2_is_not_for_the_pregnant() -> None:
    inputs = dict(SCORES["news2"].cases[1].inputs) | {"pregnancy": "yes"}

    assert evaluate(SCORES["news2"], inputs=inputs, age=age_in_years(30)).state is (
        State.NOT_FOR_PATIENT
    )


def test_a_red_parameter_never_lowers_the_grade_of_the_sum() -> None:
    inputs = dict(SCORES["news2"].cases[0].inputs) | {"consciousness": "unresponsive"}

    assert evaluate(SCORES["news2"], inputs=inputs, age=age_in_years(70)).grade == "high"


def test_a_pressure_of_zero_has_no_shock_index() -> None:
    assert outcome(SCORES["shock_index"], pulse=80, systolic=0).missing == ("systolic",)


@example(age=40, inputs={"pulse": 1e3, "systolic": 5e-324})
@given(
    age=st.integers(0, 120),
    inputs=st.dictionaries(
        st.sampled_from(sorted({item.input for s in SCORES.values() for item in s.items})),
        st.one_of(st.floats(-1e3, 1e3), st.sampled_from(["alert", "nt", "4", "normal", "air"])),
    ),
)
def test_whatever_comes_in_a_score_is_complete_or_says_why(
    age: int, inputs: dict[str, float | str]
) -> None:
    for score in SCORES.values():
        result = evaluate(score, inputs=inputs, age=age_in_years(age))

        assert (result.value is not None) == (result.state is State.COMPLETE)
        assert bool(result.missing) == (result.state is State.INCOMPLETE)
