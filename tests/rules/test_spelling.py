"""What a mistyped word may have meant."""

import random

from hypothesis import given
from hypothesis import strategies as st

from dispatch.city.places.spelling import Lexicon, near_query
from tests.benchmarks.decisions.places import slip

KNOWN = Lexicon(["rua", "restauradores", "repsol", "esplanada", "maia", "maria", "医", "lane"])
NAMES = st.text(alphabet="abcdefghijklmnop", min_size=6, max_size=14)


def test_a_word_that_begins_a_known_one_is_taken_as_it_is() -> None:
    assert KNOWN.meant("resta") == ["resta"]
    assert near_query("rua resta", KNOWN) == ""


def test_one_slip_is_mended_and_the_nearest_beginnings_are_meant() -> None:
    assert KNOWN.meant("repol") == ["repsol"]
    assert KNOWN.meant("reposl") == ["repsol"]
    assert KNOWN.meant("esplnaad") == ["esplanad"]
    assert KNOWN.meant("mria") == ["maia", "maria"]


def test_a_short_word_and_a_wrong_first_letter_are_not_guessed_at() -> None:
    assert KNOWN.meant("xx") == []
    assert KNOWN.meant("tepsol") == []


def test_an_unknown_word_is_left_out_while_another_stays() -> None:
    assert near_query("zzzzz repol", KNOWN) == "('repsol':*)"
    assert near_query("zzzzz", KNOWN) == ""
    assert near_query("医院路", KNOWN) == ""


@given(name=NAMES, others=st.lists(NAMES, max_size=20), seed=st.integers(0, 99))
def test_the_name_behind_one_slip_is_among_what_was_meant_unless_the_slip_is_a_beginning(
    name: str, others: list[str], seed: int
) -> None:
    lexicon = Lexicon([name, *others])
    typed = slip(name, random.Random(seed))

    meant = lexicon.meant(typed)

    assert meant == [typed] or any(name.startswith(begun) for begun in meant)
