"""Triage: answers to priority, with reasons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.calls.rules.triage import Complaint, UnknownCode, protocol, triage

USING = protocol()


@pytest.mark.parametrize("awake", ["no", "unsure"])
@pytest.mark.parametrize("breathing", ["no", "unsure"])
def test_not_awake_and_not_breathing_normally_is_an_arrest_whatever_the_complaint(
    awake: str, breathing: str
) -> None:
    judged = triage(
        complaint="abdominal", answers={"awake": awake, "breathing": breathing}, using=USING
    )

    assert judged.priority == 1
    assert judged.determinant == "arrest-1"
    assert judged.reasons == (f"awake:{awake}", f"breathing:{breathing}")
    assert "als" in judged.needs


def test_a_danger_sign_raises_the_priority_and_says_so() -> None:
    judged = triage(complaint="chest_pain", answers={"sweating": "yes"}, using=USING)

    assert (judged.priority, judged.determinant) == (1, "chest_pain-1")
    assert judged.reasons == ("complaint:chest_pain", "chest_pain.sweating:yes")
    assert judged.needs == ("als", "cath_lab")


def test_a_reassuring_answer_lowers_only_when_nothing_raises() -> None:
    walks = {"can_move": "yes"}
    bleeds = {**walks, "heavy_bleeding": "yes"}

    assert triage(complaint="trauma", answers=walks, using=USING).priority == 4
    assert triage(complaint="trauma", answers=bleeds, using=USING).priority == 1


def test_without_answers_the_complaint_decides() -> None:
    for complaint in USING.complaints.values():
        judged = triage(complaint=complaint.code, answers={}, using=USING)
        assert judged.priority == complaint.base


@pytest.mark.parametrize(
    ("complaint", "answers"),
    [
        ("boredom", {}),
        ("chest_pain", {"nonsense": "yes"}),
        ("chest_pain", {"sweating": "maybe"}),
        ("chest_pain", {"height": "yes"}),
    ],
)
def test_what_the_protocol_does_not_know_is_refused(
    complaint: str, answers: dict[str, str]
) -> None:
    with pytest.raises(UnknownCode):
        triage(complaint=complaint, answers=answers, using=USING)


@given(
    complaint=st.sampled_from(list(USING.complaints.values())),
    picks=st.lists(st.sampled_from(["yes", "no", "unsure", ""]), min_size=8, max_size=8),
)
def test_every_combination_of_answers_gives_a_priority_with_reasons(
    complaint: Complaint, picks: list[str]
) -> None:
    questions = (*USING.arrest, *complaint.questions)
    answers = {
        question.code: pick for question, pick in zip(questions, picks, strict=False) if pick
    }

    judged = triage(complaint=complaint.code, answers=answers, using=USING)

    assert 1 <= judged.priority <= 5
    assert judged.reasons


def test_every_text_of_the_protocol_is_in_both_languages() -> None:
    texts = [question.text for question in USING.arrest]
    for complaint in USING.complaints.values():
        texts += [complaint.text, *(question.text for question in complaint.questions)]

    assert all(text.en and any("\u4e00" <= sign <= "\u9fff" for sign in text.zh) for text in texts)
