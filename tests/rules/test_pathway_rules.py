"""Checklists: what stands of them, their clocks, and what of a record is a suspicion."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ehr_prehospital.handover.allocation import Known, allocation_code
from ehr_prehospital.handover.allocation import table as allocation_table
from ehr_prehospital.pathways.files import ORDER, checklists
from ehr_prehospital.pathways.rules import (
    Answer,
    Checklist,
    Said,
    Tick,
    running,
    standing,
    suspected,
)
from ehr_prehospital.pathways.words import DIRECT, TEAMS
from ehr_prehospital.record.catalogue import elements
from ehr_prehospital.record.terms import tables
from ehr_prehospital.vitals.scores.tables import scores

T0 = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
STEMI = checklists()["stemi"]
EVERY = list(checklists().values())
FIRST_WORDS = ("drug", "treatment", "observation", "impression", "form")


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def tick(item: str, answer: Answer, minutes: float, *, heard: float | None = None) -> Tick:
    return Tick(item, answer, at(minutes), at(minutes if heard is None else heard))


def test_there_is_a_checklist_for_every_pathway_in_both_languages() -> None:
    assert tuple(checklists()) == ORDER
    for one in EVERY:
        assert one.en, one.kind
        assert one.zh, one.kind
        assert all(word.en and word.zh for word in one.items)
        assert all(word.en and word.zh for word in one.clocks)
        assert all(word.en and word.zh for word in one.suspects)
        assert one.source
        assert one.team in TEAMS
        assert set(one.direct) <= set(DIRECT)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.kind)
def test_what_a_checklist_reads_of_a_record_can_be_written_there(one: Checklist) -> None:
    pairs = [pair for many in one.moments.values() for pair in many]
    pairs += [(suspect.element, value) for suspect in one.suspects for value in suspect.values]
    for element, value in pairs:
        group, _dot, code = element.partition(".")
        if group in FIRST_WORDS:
            assert group in ("impression", "form", "observation") or code in tables()[group]
            continue
        known = elements()[element]
        assert not value or value in tables()[known.table], (element, value)
    assert {suspect.score for suspect in one.suspects if suspect.score} <= set(scores())


def test_the_newest_word_on_an_item_counts_whichever_came_first() -> None:
    late_word = tick("aspirin", Answer.NOT_APPLICABLE, 5, heard=20)
    stands = standing(STEMI, [late_word, tick("aspirin", Answer.DONE, 9)], {})

    assert (stands["aspirin"].answer, stands["aspirin"].at) == (Answer.DONE, at(9))


def test_what_the_record_says_ticks_by_itself_until_a_person_says_otherwise() -> None:
    filled = standing(STEMI, [], {"ecg": at(4)})
    denied = standing(STEMI, [tick("ecg", Answer.NOT_DONE, 6)], {"ecg": at(4)})

    assert (filled["ecg"].answer, filled["ecg"].at, filled["ecg"].by) == (Answer.DONE, at(4), None)
    assert denied["ecg"].answer is Answer.NOT_DONE


def test_a_slip_that_was_taken_back_leaves_nothing() -> None:
    ticks = [tick("wire", Answer.DONE, 5), tick("wire", Answer.TAKEN_BACK, 6)]

    assert "wire" not in standing(STEMI, ticks, {})


def test_clocks_run_from_the_first_moment_and_stop_with_the_second() -> None:
    moments = {"at_patient": at(0), "ecg": at(7), "at_destination": at(30)}
    stands = standing(STEMI, [tick("consent_asked", Answer.DONE, 20)], moments)

    found = {one.clock.code: one for one in running(STEMI, stands, moments)}

    assert (found["contact_ecg"].started_at, found["contact_ecg"].ended_at) == (at(0), at(7))
    assert found["door_wire"].ended_at is None
    assert found["consent"].started_at == at(20)
    assert "lab" not in found  # no team was called


def test_an_end_before_its_start_is_no_end() -> None:
    moments = {"at_patient": at(10), "ecg": at(4)}

    (clock, *_rest) = running(STEMI, {}, moments)

    assert (clock.clock.code, clock.ended_at) == ("contact_ecg", None)


def test_an_impression_is_certain_and_a_score_is_not() -> None:
    said = Said(impressions=frozenset({"stroke"}), scores={"qsofa": Decimal(2)})

    found = {one.kind: (one.reasons, one.certain) for one in suspected(EVERY, said)}

    assert found == {"stroke": (("impression",), True), "sepsis": (("qsofa",), False)}


def test_below_the_limit_or_without_a_word_nothing_is_suspected() -> None:
    assert suspected(EVERY, Said(scores={"qsofa": Decimal(1), "phi": Decimal(3)})) == []
    assert suspected(EVERY, Said(elements={"vital.rhythm": frozenset({"sinus"})})) == []


def test_an_ecg_statement_proposes_a_stemi() -> None:
    (found,) = suspected(EVERY, Said(elements={"vital.rhythm": frozenset({"stemi_inferior"})}))

    assert (found.kind, found.certain) == ("stemi", False)


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (Known(pathways=["trauma", "stemi"], age_years=76, triage="red"), "111-76-1"),
        (Known(impression="sepsis", age_years=8, priority=2), "411-08-2"),
        (Known(complaint="chest_pain", age_years=104, priority=1), "114-99-1"),
        (Known(complaint="something", priority=5), "999----3"),
    ],
)
def test_the_allocation_code_is_indication_age_urgency(known: Known, code: str) -> None:
    assert allocation_code(known) == code


def test_every_indication_has_three_figures_and_every_pathway_one() -> None:
    codes = allocation_table()
    assert set(codes["pathway"]) == set(checklists())
    assert set(codes["impression"]) <= set(tables()["impression"])
    assert all(
        100 <= number <= 998
        for name in ("pathway", "impression", "complaint")
        for number in codes[name].values()
    )
