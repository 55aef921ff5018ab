"""How typed text is read: words, Chinese characters, house numbers, junctions, coordinates."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# What people write for a word that its own beginning does not already find.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "road": ("rd",), "boulevard": ("blvd",), "lane": ("ln",), "highway": ("hwy",),
    "parkway": ("pkwy",), "court": ("ct",), "expressway": ("expy", "expwy"), "saint": ("st",),
    "square": ("sq",), "turnpike": ("tpke",), "northeast": ("ne",), "northwest": ("nw",),
    "southeast": ("se",), "southwest": ("sw",), "hospital": ("hosp",), "avenida": ("avda",),
    "first": ("1st",), "second": ("2nd",), "third": ("3rd",), "fourth": ("4th",),
    "fifth": ("5th",), "sixth": ("6th",), "seventh": ("7th",), "eighth": ("8th",),
    "ninth": ("9th",), "tenth": ("10th",),
}  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_CJK = "\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_NO_WORD = re.compile(r"[\W_]+")
_APOSTROPHE = re.compile(r"['’`´]")
# Positions of a street's own name, and of the district it lies in, in one vector.
_GAP = 20
_MOST_WORDS = 12
# Between the folded names of the two languages; folded text never holds it.
DIVIDER = "|"


@dataclass(frozen=True, slots=True)
class Word:
    """One searchable unit; `chained` when it continues a run of Chinese characters."""

    text: str
    chained: bool = False
    also: tuple[str, ...] = ()


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Lower case without accents, quotes or doubled spaces: both sides are compared so."""
    bare = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).casefold())
    if not bare.isascii():
        bare = "".join(
            c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c)
        )
    return " ".join(_NO_WORD.sub(" ", bare).split())


@lru_cache(maxsize=50_000)
def words(text: str) -> tuple[Word, ...]:
    """Cut into words, Chinese into single characters."""
    folded = fold(text)
    spelled: dict[str, str] = {}
    if not text.isascii():
        german = fold(unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS))
        if german != folded:
            spelled = dict(zip(folded.split(), german.split(), strict=False))
    found: list[Word] = []
    end = -1
    for match in _WORD.finditer(folded):
        word = match[0]
        chinese = is_chinese(word)
        also = SYNONYMS.get(word, ())
        if not chinese and spelled.get(word, word) != word:
            also = (*also, spelled[word])
        chained = chinese and match.start() == end and is_chinese(found[-1].text)
        found.append(Word(word, chained, also))
        end = match.end()
    return tuple(found)


def is_chinese(character: str) -> bool:
    return "\u3400" <= character[0] <= "\u9fff" or "\uf900" <= character[0] <= "\ufaff"


def vector(names: Sequence[str], within: Sequence[str]) -> str:
    """The tsvector literal: own names with weight A, surroundings with weight D."""
    entries: list[str] = []
    position = 1
    for texts, weight in ((names, "A"), (within, "D")):
        for text in dict.fromkeys(filter(None, texts)):
            for word in words(text):
                spot = min(position, 16_000)
                entries += [f"'{form}':{spot}{weight}" for form in (word.text, *word.also)]
                position += 1
            position += _GAP
    return " ".join(entries)


def prefix_query(text: str) -> str:
    """The tsquery literal: every word as a prefix, neighbouring Chinese characters in order."""
    terms: list[str] = []
    for word in words(text)[: _MOST_WORDS * 2]:
        if word.chained:
            terms[-1] += f" <-> '{word.text}'"
        else:
            terms.append(f"'{word.text}'" if is_chinese(word.text) else f"'{word.text}':*")
    return " & ".join(f"({term})" for term in terms)


def loose_query(text: str) -> str:
    """For Chinese with one wrong character: all the others must be there. Empty when too short.

    Three characters share no trigram once the middle one is wrong.
    """
    characters = [word.text for word in words(text) if is_chinese(word.text)]
    if not 3 <= len(characters) <= _MOST_WORDS:
        return ""
    rests = [characters[:i] + characters[i + 1 :] for i in range(len(characters))]
    return " | ".join("(" + " & ".join(f"'{c}'" for c in rest) + ")" for rest in rests)


# --- house numbers ------------------------------------------------------------

_NUMBER = re.compile(
    r"(?:no\.?\s*|nº\s*|#)?(\d{1,5}\s?[a-z]?(?:[-/]\d{1,4}[a-z]?)?)", re.IGNORECASE
)
_CHINESE_NUMBER = re.compile(r"(\d{1,5}[a-zA-Z]?(?:-\d{1,4})?)\s*[号號](?:楼|院)?")


def fold_number(number: str) -> str:
    """As numbers are compared: "12 A" and "12a" are one."""
    return re.sub(r"[\s号號]", "", unicodedata.normalize("NFKC", number).casefold())


def split_number(text: str) -> tuple[str, str] | None:
    """Street text and house number, wherever the number stands; None when there is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    chinese = _CHINESE_NUMBER.search(plain)
    if chinese:
        rest = f"{plain[: chinese.start()]} {plain[chinese.end() :]}".strip(" ,，")
        return (rest, fold_number(chinese[1])) if rest else None
    parts = [part for part in re.split(r"[\s,，;]+", plain) if part]
    if len(parts) == 1:
        glued = re.fullmatch(rf"(.*[{_CJK}])(\d{{1,5}}[a-zA-Z]?)", plain)
        return (glued[1], fold_number(glued[2])) if glued else None
    for order in (parts[:1], parts[:0:-1]):
        for part in order:
            if _NUMBER.fullmatch(part):
                at = parts.index(part)
                match = _NUMBER.fullmatch(part)
                rest = " ".join(parts[:at] + parts[at + 1 :])
                if match and rest:
                    return rest, fold_number(match[1])
    return None


# --- junctions ----------------------------------------------------------------

_BETWEEN = re.compile(
    r"\s*(?:[&＆/／@+×]|(?<=\s)(?:and|at|x|und|e|y)(?=\s)|[与與和跟及])\s*", re.IGNORECASE
)
_CROSSING = re.compile(
    r"(?:的)?(?:交叉路口|交叉口|十字路口|交汇处|交口|路口|交界)\s*$|\b(?:junction|corner)\b"
)


def split_junction(text: str) -> Iterator[tuple[str, str]]:
    """Every way to read the text as two streets. A name may itself hold a 和, so try all."""
    plain = _CROSSING.sub("", unicodedata.normalize("NFKC", text).strip()).strip()
    for match in _BETWEEN.finditer(plain):
        left, right = plain[: match.start()].strip(), plain[match.end() :].strip()
        if len(left) >= 2 and right:
            yield left, right


# --- coordinates --------------------------------------------------------------

_DEGREES = (
    r"([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*['′]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*[\"″]\s*)?"
)
_PAIR = re.compile(
    rf"^\s*(?:geo:)?([NSEW])?\s*{_DEGREES}\s*([NSEW])?\s*[,;/\s]\s*"
    rf"([NSEW])?\s*{_DEGREES}\s*([NSEW])?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bounds:
    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float, margin: float = 0.3) -> bool:
        return (
            self.west - margin <= lon <= self.east + margin
            and self.south - margin <= lat <= self.north + margin
        )


def coordinates(text: str, bounds: Bounds | None) -> tuple[float, float] | None:
    """(lon, lat) when the text is a pair of coordinates, in either order.

    Letters decide the order; else the city's bounds; else latitude comes first.
    """
    plain = unicodedata.normalize("NFKC", text).replace("，", ",").strip()
    match = _PAIR.match(plain)
    if not match or not re.search(r"[.°NSEWnsew]", plain):
        return None
    first = _signed(match[2], match[3], match[4], match[1] or match[5])
    second = _signed(match[7], match[8], match[9], match[6] or match[10])
    letters = {side for side in (match[1], match[5], match[6], match[10]) if side}
    lat, lon = first, second
    if letters:
        if (match[1] or match[5] or "N").upper() in "EW":
            lat, lon = second, first
    elif (bounds and not bounds.holds(lon, lat) and bounds.holds(lat, lon)) or abs(lat) > 90:
        lat, lon = second, first
    return (lon, lat) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _signed(degrees: str, minutes: str | None, seconds: str | None, side: str | None) -> float:
    size = abs(float(degrees)) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    negative = degrees.startswith("-") or (side or "").upper() in {"S", "W"}
    return -size if negative else size
