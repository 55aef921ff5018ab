"""Units and hospitals in order, each with its reasons."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.decision.rules import (
    Candidate,
    HospitalCandidate,
    UnitRanking,
    Why,
    rank_hospitals,
    rank_units,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def unit(  # the defaults are a unit that may go
    number: int,
    *,
    eta_s: float | None = 300,
    capability: str = "als",
    in_service: bool = True,
    crew: int = 2,
    mission_state: str | None = None,
    fix_age_s: float | None = 1,
    shift_left_min: float = 240,
) -> Candidate:
    return Candidate(
        unit_id=UUID(int=number),
        call_sign=f"A{number:02d}",
        capability=capability,
        in_service=in_service,
        crew=crew,
        shift_ends_at=NOW + timedelta(minutes=shift_left_min),
        mission_state=mission_state,
        fix_at=None if fix_age_s is None else NOW - timedelta(seconds=fix_age_s),
        eta_s=eta_s,
        distance_m=None if eta_s is None else eta_s * 12,
    )


def order(ranking: UnitRanking) -> list[str]:
    return [one.call_sign for one in ranking.ranked]


def test_the_nearest_by_road_time_comes_first_and_says_by_how_much() -> None:
    ranking = rank_units([unit(1, eta_s=400), unit(2, eta_s=250)], needs=[], now=NOW)

    assert order(ranking) == ["A02", "A01"]
    assert ranking.ranked[1].reasons[1].params == {"more_s": 150}


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (unit(1, in_service=False), Why.OUT_OF_SERVICE),
        (unit(1, crew=0), Why.OFF_SHIFT),
        (unit(1, mission_state="en_route"), Why.ON_MISSION),
        (unit(1, fix_age_s=None, eta_s=None), Why.NO_FIX),
        (unit(1, fix_age_s=121), Why.STALE_FIX),
        (unit(1, eta_s=None), Why.UNREACHABLE),
    ],
)
def test_a_unit_that_cannot_go_is_listed_with_the_reason(candidate: Candidate, why: Why) -> None:
    ranking = rank_units([candidate, unit(2)], needs=[], now=NOW)

    assert order(ranking) == ["A02"]
    assert [reason.code for reason in ranking.excluded[0].reasons] == [why]


def test_a_lower_crew_waits_while_a_higher_one_can_come() -> None:
    basic, advanced = unit(1, capability="bls", eta_s=100), unit(2, capability="micu", eta_s=500)

    both = rank_units([basic, advanced], needs=["als", "stroke"], now=NOW)
    alone = rank_units([basic], needs=["als"], now=NOW)

    assert order(both) == ["A02"]
    assert both.excluded[0].reasons[0].params == {"has": "bls", "needs": "als"}
    assert order(alone) == ["A01"]
    assert Why.CREW_LEVEL in {reason.code for reason in alone.ranked[0].reasons}


def test_doubts_that_do_not_exclude_are_said() -> None:
    ranking = rank_units([unit(1, fix_age_s=60, shift_left_min=10)], needs=[], now=NOW)

    codes = {reason.code for reason in ranking.ranked[0].reasons}
    assert {Why.FIX_AGE, Why.SHIFT_ENDS} <= codes


@given(
    etas=st.lists(st.one_of(st.none(), st.floats(1, 7200)), max_size=20),
    levels=st.lists(st.sampled_from(["bls", "als", "micu"]), min_size=20, max_size=20),
)
def test_every_unit_is_either_ranked_or_excluded_with_a_reason(
    etas: list[float | None], levels: list[str]
) -> None:
    units = [unit(number, eta_s=eta, capability=levels[number]) for number, eta in enumerate(etas)]

    ranking = rank_units(units, needs=["als"], now=NOW)

    named = [one.call_sign for one in ranking.ranked]
    named += [one.call_sign for one in ranking.excluded]
    assert sorted(named) == sorted(one.call_sign for one in units)
    assert all(one.reasons for one in ranking.ranked)
    assert all(one.reasons for one in ranking.excluded)
    times = [one.eta_s for one in ranking.ranked]
    assert times == sorted(times)


def hospital(
    number: int,
    *offers: str,
    eta_s: float | None = 600,
    on_divert: bool = False,
    inbound: int = 0,
) -> HospitalCandidate:
    return HospitalCandidate(
        hospital_id=UUID(int=number),
        code=f"H{number}",
        capabilities=frozenset({"ed", *offers}),
        on_divert=on_divert,
        inbound=inbound,
        eta_s=eta_s,
        distance_m=None,
    )


def test_the_hospital_that_can_treat_comes_before_the_nearer_one() -> None:
    ranking = rank_hospitals(
        [hospital(1, eta_s=200), hospital(2, "stroke", eta_s=900)], needs=["stroke", "als"]
    )

    assert [one.code for one in ranking] == ["H2", "H1"]
    assert ranking[0].recommended
    assert [reason.code for reason in ranking[1].reasons] == [Why.ROAD_TIME, Why.LACKS]


def test_divert_and_a_full_door_push_a_hospital_back_but_never_out() -> None:
    ranking = rank_hospitals(
        [
            hospital(1, eta_s=300, on_divert=True),
            hospital(2, eta_s=400, inbound=3),
            hospital(3, eta_s=700),
        ],
        needs=[],
    )

    assert [one.code for one in ranking] == ["H3", "H2", "H1"]


def test_a_hospital_without_a_road_is_never_recommended() -> None:
    (only,) = rank_hospitals([hospital(1, eta_s=None)], needs=[])

    assert not only.recommended
    assert only.reasons[0].code == Why.UNREACHABLE
