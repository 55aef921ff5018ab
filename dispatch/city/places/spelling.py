"""What a mistyped word may have meant: the beginnings of words that the index knows."""

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dispatch.city.places.rules import is_chinese, words

# A word of so many letters may have one letter wrong, left out, doubled or exchanged; a longer
# one two. Shorter words are taken as they are: too many others are as near.
ONE_SLIP_FROM = 3
TWO_SLIPS_FROM = 8
MOST_MEANT = 12


class Lexicon:
    """The Latin words of one city's index."""

    def __init__(self, known: Iterable[str]) -> None:
        self._words = sorted({word for word in known if word and not is_chinese(word)})
        self._begun: dict[int, list[str]] = {}

    def beginnings(self, length: int) -> list[str]:
        """Every way in which a known word can begin with so many letters."""
        if length not in self._begun:
            self._begun[length] = sorted({word[:length] for word in self._words})
        return self._begun[length]

    def meant(self, word: str) -> list[str]:
        """The known beginnings nearest to a word: itself when one begins so, else those with the
        fewest slips; empty when nothing is near. The first letter counts as right.
        """
        length = len(word)
        if word in self._set_of(length):
            return [word]
        if length < ONE_SLIP_FROM:
            return []
        slips = 1 if length < TWO_SLIPS_FROM else 2
        found: dict[str, float] = {}
        for cut in range(length - 1, length + 2):
            near = process.extract(
                word, self.beginnings(cut), scorer=OSA.distance, score_cutoff=slips, limit=None
            )
            found.update((begun, distance) for begun, distance, _at in near if begun[0] == word[0])
        least = min(found.values(), default=0)
        return sorted(begun for begun, distance in found.items() if distance == least)[:MOST_MEANT]

    @lru_cache(maxsize=64)  # noqa: B019  (a lexicon lives as long as its city)
    def _set_of(self, length: int) -> frozenset[str]:
        return frozenset(self.beginnings(length))


def near_query(text: str, lexicon: Lexicon) -> str:
    """The tsquery for what the words may have meant; empty when that is only what was typed.

    A word to which nothing is near is left out, as long as another one stays.
    """
    terms: list[str] = []
    mended = False
    for word in words(text):
        if is_chinese(word.text):
            return ""
        meant = lexicon.meant(word.text)
        mended |= meant != [word.text]
        if meant:
            terms.append("(" + " | ".join(f"'{begun}':*" for begun in meant) + ")")
    return " & ".join(terms) if mended else ""
