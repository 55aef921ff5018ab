"""Units and hospitals in order, each with its reasons."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.decision.policy_file import policy_named
from dispatch.decision.rules.hospitals import HospitalCandidate, RankedHospital
from dispatch.decision.rules.hospitals import rank_hospitals as judge_hospitals
from dispatch.decision.rules.reasons import Why
from dispatch.decision.rules.sides import Side, Waiting, side
from dispatch.decision.rules.units import Candidate, Case, Held, UnitRanking
from dispatch.decision.rules.units import rank_units as judge_units

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STANDARD = policy_named("standard")


def rank_units(  # the defaults are an ordinary case under the policy in force
    units: Sequence[Candidate],
    *,
    needs: Sequence[str] = (),
    complaint: str = "other",
    priority: int = 3,
    sent: tuple[str, ...] = (),
    policy: str = "standard",
    now: datetime = NOW,
) -> UnitRanking:
    case = Case(complaint, priority, tuple(needs), NOW, sent)
    return judge_units(units, case=case, policy=policy_named(policy), now=now)


def rank_hospitals(
    hospitals: Sequence[HospitalCandidate], *, needs: Sequence[str]
) -> tuple[RankedHospital, ...]:
    return judge_hospitals(hospitals, needs=needs, policy=STANDARD.hospitals, now=NOW)


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
    crew_level: str = "",
    on_road: bool = False,
    theirs: int = 5,
    holds: Sequence[tuple[str, str]] = (),
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
        crew_level=crew_level,
        on_road=on_road,
        mission_priority=theirs if mission_state else None,
        mission_number="C1-7" if mission_state else "",
        holds=tuple(Held(*one) for one in holds),
    )


def order(ranking: UnitRanking) -> list[str]:
    return [one.call_sign for one in ranking.ranked]


def said(ranking: UnitRanking, call_sign: str) -> dict[Why, dict[str, str | int]]:
    """The reasons of one unit, wherever it stands."""
    named = {one.call_sign: one.reasons for one in ranking.ranked}
    named |= {one.call_sign: one.reasons for one in ranking.excluded}
    return {reason.code: dict(reason.params) for reason in named[call_sign]}


def test_the_nearest_by_road_time_comes_first_and_says_by_how_much() -> None:
    ranking = rank_units([unit(1, eta_s=400), unit(2, eta_s=250)], needs=[], now=NOW)

    assert order(ranking) == ["A02", "A01"]
    assert said(ranking, "A01")[Why.SLOWER_BY] == {"more_s": 150}


def test_less_than_a_second_is_no_reason() -> None:
    ranking = rank_units([unit(1, eta_s=250.4), unit(2, eta_s=250)], needs=[], now=NOW)

    assert order(ranking) == ["A02", "A01"]
    assert Why.SLOWER_BY not in said(ranking, "A01")


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (unit(1, in_service=False), Why.OUT_OF_SERVICE),
        (unit(1, crew=0), Why.OFF_SHIFT),
        (unit(1, mission_state="on_board"), Why.ON_MISSION),
        (unit(1, holds=[("reserved", "transfer")]), Why.RESERVED),
        (unit(1, holds=[("rest", "meal")]), Why.RESTING),
        (unit(1, holds=[("equipment", "stretcher")]), Why.EQUIPMENT),
        (unit(1, shift_left_min=5), Why.SHIFT_ENDS),
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
    ranking = rank_units([unit(1, fix_age_s=60, shift_left_min=10)], priority=2)

    codes = {reason.code for reason in ranking.ranked[0].reasons}
    assert {Why.FIX_AGE, Why.SHIFT_ENDS} <= codes


@given(
    # Whole milliseconds: times that differ by less are the same once the turn-out is added.
    etas=st.lists(
        st.one_of(st.none(), st.integers(1000, 7_200_000).map(lambda ms: ms / 1000)), max_size=20
    ),
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


def test_a_card_of_two_is_filled_by_the_first_there_and_a_crew_that_can_do_more() -> None:
    units = [unit(1, capability="bls", eta_s=100), unit(2, capability="bls", eta_s=200),
             unit(3, capability="als", eta_s=400)]  # fmt: skip

    ranking = rank_units(units, complaint="arrest", priority=1, needs=["als"])

    assert [one.call_sign for one in ranking.picked] == ["A01", "A03"]
    assert order(ranking) == ["A01", "A03", "A02"]


def test_who_is_already_on_the_way_fills_its_place_of_the_card() -> None:
    units = [unit(1, capability="bls", eta_s=100), unit(2, capability="als", eta_s=400)]

    ranking = rank_units(units, complaint="arrest", priority=1, needs=["als"], sent=("bls",))

    assert ranking.wanted == ("als",)
    assert order(ranking) == ["A02"]


def test_a_shortfall_counts_what_shuts_out_those_who_could_have_come() -> None:
    units = [unit(1, crew=0), unit(2, mission_state="on_board"), unit(3, capability="bls")]

    ranking = rank_units(units, needs=["als"], priority=1)

    (gap,) = ranking.shortfalls
    assert gap.level == "als"
    assert gap.because == {Why.OFF_SHIFT: 1, Why.ON_MISSION: 1}


def test_a_vehicle_is_worth_no_more_than_the_crew_in_it() -> None:
    ranking = rank_units([unit(1, eta_s=100, crew_level="bls"), unit(2)], needs=["als"], priority=1)

    assert order(ranking) == ["A02"]


def test_nobody_rests_while_a_life_is_at_risk() -> None:
    ranking = rank_units([unit(1, holds=[("rest", "meal")], shift_left_min=5)], priority=1)

    assert order(ranking) == ["A01"]
    assert {Why.RESTING, Why.SHIFT_ENDS} <= said(ranking, "A01").keys()


def test_a_crew_on_the_road_beats_a_nearer_one_that_has_to_turn_out() -> None:
    ranking = rank_units([unit(1, eta_s=200), unit(2, eta_s=230, on_road=True)])

    assert order(ranking) == ["A02", "A01"]


def test_a_unit_is_taken_from_a_less_urgent_incident_only_for_enough_gain() -> None:
    coming = unit(1, eta_s=100, mission_state="en_route", theirs=4)

    near = rank_units([coming, unit(2, eta_s=200)], priority=1)
    far = rank_units([coming, unit(2, eta_s=500)], priority=1)
    as_urgent = rank_units(
        [unit(1, eta_s=100, mission_state="en_route", theirs=2), unit(2, eta_s=500)], priority=1
    )

    assert order(near) == ["A02"]
    assert said(near, "A01")[Why.GAINS_LITTLE] == {"gain_s": 100}
    assert order(far) == ["A01", "A02"]
    assert said(far, "A01")[Why.TAKEN_FROM] == {"number": "C1-7", "priority": 4}
    assert order(as_urgent) == ["A02"]


def test_another_policy_orders_the_same_units_otherwise() -> None:
    units = [unit(1, eta_s=100), unit(2, eta_s=250, capability="bls")]

    assert order(rank_units(units, policy="standard")) == ["A01", "A02"]
    assert order(rank_units(units, policy="spare_als")) == ["A02", "A01"]
    assert order(rank_units(units, policy="nearest", needs=["micu"])) == ["A01", "A02"]


def test_both_sides_weigh_those_who_wait_beside_this_one() -> None:
    first, second = UUID(int=1), UUID(int=2)
    other = Waiting("C1-8", 1, NOW - timedelta(seconds=60), {first: 100.0, second: 900.0})

    def sending(unit_id: UUID, takes_s: float) -> Side:
        return side(
            unit_id=unit_id,
            call_sign="A",
            response_s=takes_s,
            priority=3,
            opened_at=NOW,
            others=[other],
            policy=STANDARD,
            now=NOW,
        )

    nearest, farther = sending(first, 100.0), sending(second, 200.0)

    assert (nearest.late, nearest.of, nearest.mean_s) == (1, 2, 530.0)
    assert (farther.late, farther.of, farther.mean_s) == (0, 2, 180.0)


def hospital(
    number: int,
    *offers: str,
    eta_s: float | None = 600,
    on_divert: bool = False,
    inbound: int = 0,
    offloading: int = 0,
    beds: dict[str, int] | None = None,
    inbound_since: int = 0,
) -> HospitalCandidate:
    return HospitalCandidate(
        hospital_id=UUID(int=number),
        code=f"H{number}",
        capabilities=frozenset({"ed", *offers}),
        on_divert=on_divert,
        inbound=inbound,
        offloading=offloading,
        beds=beds or {},
        declared_at=NOW - timedelta(minutes=5),
        inbound_since=inbound_since,
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
    assert Why.BYPASS in {reason.code for reason in ranking[0].reasons}


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


def why(ranking: Sequence[RankedHospital], code: str) -> set[Why]:
    return {reason.code for one in ranking if one.code == code for reason in one.reasons}


def test_a_cath_lab_is_passed_other_doors_for_but_not_beyond_the_time_that_counts() -> None:
    near = hospital(1, eta_s=300)

    reached = rank_hospitals([near, hospital(2, "cath_lab", eta_s=1800)], needs=["cath_lab"])
    beyond = rank_hospitals([near, hospital(2, "cath_lab", eta_s=6000)], needs=["cath_lab"])

    assert reached[0].code == "H2"
    assert Why.BYPASS in why(reached, "H2")
    assert beyond[0].code == "H1"
    assert Why.TOO_FAR in why(beyond, "H2")


def test_a_declared_bed_is_gone_once_as_many_have_set_out_for_it() -> None:
    full = hospital(1, "stroke", eta_s=300, beds={"stroke": 1}, inbound_since=1)

    ranking = rank_hospitals([full, hospital(2, "stroke", eta_s=600)], needs=["stroke"])

    assert [one.code for one in ranking] == ["H2", "H1"]
    assert Why.NO_BED in why(ranking, "H1")


def test_who_waits_at_the_door_counts_beside_who_is_coming() -> None:
    ranking = rank_hospitals(
        [hospital(1, eta_s=300, offloading=6), hospital(2, eta_s=500)], needs=[]
    )

    assert [one.code for one in ranking] == ["H2", "H1"]
    assert {Why.OFFLOADING, Why.SLOWER_BY} & why(ranking, "H1") == {Why.OFFLOADING}


def test_every_hospital_that_lost_says_more_than_its_road_time() -> None:
    ranking = rank_hospitals(
        [hospital(1, "trauma", eta_s=300), hospital(2, eta_s=200), hospital(3, "trauma", eta_s=900),
         hospital(4, "trauma", eta_s=200, on_divert=True), hospital(5, eta_s=None)],
        needs=["trauma"],
    )  # fmt: skip

    assert ranking[0].code == "H1"
    assert all(why(ranking, one.code) - {Why.ROAD_TIME, Why.OFFERS} for one in ranking[1:])
