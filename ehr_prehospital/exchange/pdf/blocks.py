"""What a page is made of: blocks with words that are ready to print. Data only.

frame.typ lays each kind out; nothing here knows the record and nothing there knows a word.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Mark(StrEnum):
    """How a text stands out in black and white."""

    PLAIN = ""
    STRONG = "strong"
    STRUCK = "struck"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled cell; `span` of the twelve columns of its row."""

    label: str
    words: tuple[Text, ...]
    span: int = 4


@dataclass(frozen=True, slots=True)
class Grid:
    title: str
    cells: tuple[Label, ...]
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True, slots=True)
class Clock:
    label: str
    time: str
    code: str


@dataclass(frozen=True, slots=True)
class Clocks:
    title: str
    cells: tuple[Clock, ...]
    kind: Literal["clocks"] = "clocks"


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are parts of the free width, 0 for as wide as its content."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[tuple[Text, ...], ...], ...]
    small: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Series:
    """One line of the trend; `mark` (dot, ring, down, up, cross) survives a copier."""

    label: str
    mark: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Vital signs over time, in parts of the width and of the height."""

    title: str
    series: tuple[Series, ...]
    times: tuple[Tick, ...]
    values: tuple[Tick, ...]
    kind: Literal["trend"] = "trend"


@dataclass(frozen=True, slots=True)
class Letter:
    letter: str
    label: str
    items: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    title: str
    letters: tuple[Letter, ...]
    kind: Literal["spoken"] = "spoken"


@dataclass(frozen=True, slots=True)
class Signature:
    """`svg` is a drawing or empty; an empty one leaves room for a pen."""

    label: str
    name: str
    time: str
    note: str
    svg: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    title: str
    boxes: tuple[Signature, ...]
    kind: Literal["signatures"] = "signatures"


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. `code` is the number in the QR symbol, `qr` its drawing."""

    language: str
    title: str
    centre: str
    state: str
    draft: bool
    person: str
    number_label: str
    number: str
    code: str
    qr: str
    seal: str
    zone: str
    page: str
    foot: str
    compact: bool
    blocks: tuple[Grid | Clocks | Table | Trend | Spoken | Signatures, ...]
