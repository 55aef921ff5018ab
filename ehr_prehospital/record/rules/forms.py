"""The one engine of all forms. It is given a form and answers, and knows no form by name.

What is unknown or not answered is named, never counted as 0: the sum is then incomplete, and
a criterion is neither met nor excluded. One met criterion is enough, whatever else is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

UNKNOWN = "unknown"


class Type(StrEnum):
    """`derived` is a number from the record or the age, given with the answers."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    TIME = "time"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    en: str
    zh: str
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """`origin` names the element (or `age_years`) of a derived item.

    An item counts in the sum when its options have points; it is seen when the item
    `visible_item` says `visible_is`.
    """

    id: str
    type: Type
    section: str
    en: str
    zh: str
    options: tuple[Option, ...] = ()
    origin: str = ""
    visible_item: str = ""
    visible_is: str = ""

    @property
    def counts(self) -> bool:
        return any(option.points is not None for option in self.options)


@dataclass(frozen=True, slots=True)
class Clause:
    """`item` says `equals`, or lies below or over a bound: a number plus `times` of `other`."""

    item: str
    equals: str = ""
    below: Decimal | None = None
    over: Decimal | None = None
    other: str = ""
    times: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Criterion:
    """Met when all clauses hold; it then proposes `code` for `element` of the catalogue."""

    id: str
    band: str
    en: str
    zh: str
    clauses: tuple[Clause, ...]
    element: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """From `low` on. Of a form with criteria: the worst first, and the last when none is met."""

    code: str
    en: str
    zh: str
    advice_en: str
    advice_zh: str
    low: int = 0
    proposes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """`score` is the element that takes the sum; `checked` the day its source was compared."""

    id: str
    version: str
    source: str
    en: str
    zh: str
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    criteria: tuple[Criterion, ...] = ()
    score: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class FormResult:
    """`reasons` are the items with points, or the criteria met. `missing` names items."""

    form: str
    version: str
    complete: bool
    score: int | None = None
    band: str = ""
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    proposals: tuple[tuple[str, str], ...] = ()


def evaluate_form(form: Form, answers: Mapping[str, str]) -> FormResult:
    """Item → answer, as written. The result of what is visible, with its reasons."""
    seen = {item.id: known(item, answers) for item in form.items if visible(item, answers)}
    return judged(form, seen) if form.criteria else summed(form, seen)


def known(item: Item, answers: Mapping[str, str]) -> str:
    """The answer; none when it is not one of the item's options."""
    said = answers.get(item.id, "")
    return said if not item.options or said in {one.code for one in item.options} else ""


def visible(item: Item, answers: Mapping[str, str]) -> bool:
    return not item.visible_item or answers.get(item.visible_item) == item.visible_is


def summed(form: Form, seen: Mapping[str, str]) -> FormResult:
    missing, reasons, total = [], [], 0
    for item in form.items:
        if item.id not in seen:
            continue
        points = {option.code: option.points for option in item.options}.get(seen[item.id])
        if points is None and (item.counts or decides(form, item)):
            if item.counts or not answered(seen[item.id]):
                missing.append(item.id)
        elif points:
            total += points
            reasons.append(item.id)
    if missing:
        return FormResult(
            form.id, form.version, complete=False, reasons=tuple(reasons), missing=tuple(missing)
        )
    band = max((one for one in form.bands if one.low <= total), key=lambda one: one.low)
    score = ((form.score, str(total)),) if form.score else ()
    return FormResult(
        form.id,
        form.version,
        complete=True,
        score=total,
        band=band.code,
        reasons=tuple(reasons),
        proposals=(*score, *band.proposes),
    )


def decides(form: Form, item: Item) -> bool:
    """Whether another item is seen by it: unanswered, nobody knows what counts."""
    return any(one.visible_item == item.id and one.counts for one in form.items)


def judged(form: Form, seen: Mapping[str, str]) -> FormResult:
    states = {one.id: met(one, seen) for one in form.criteria}
    found = [one for one in form.criteria if states[one.id]]
    ranks = [band.code for band in form.bands]
    rank = min((ranks.index(one.band) for one in found), default=len(ranks) - 1)
    worse = [c for c in form.criteria if states[c.id] is None and ranks.index(c.band) < rank]
    missing = {name for one in worse for name in asked(one) if not answered(seen.get(name, ""))}
    clear = bool(found) or not worse
    return FormResult(
        form.id,
        form.version,
        complete=not worse,
        band=ranks[rank] if clear else "",
        reasons=tuple(one.id for one in found),
        missing=tuple(item.id for item in form.items if item.id in missing),
        proposals=tuple((one.element, one.code) for one in found if one.element),
    )


def asked(criterion: Criterion) -> list[str]:
    return [name for one in criterion.clauses for name in (one.item, one.other) if name]


def met(criterion: Criterion, seen: Mapping[str, str]) -> bool | None:
    """None when it is not known: one clause that fails is enough to exclude it."""
    states = [holds(clause, seen) for clause in criterion.clauses]
    return False if False in states else None if None in states else True


def holds(clause: Clause, seen: Mapping[str, str]) -> bool | None:
    said = seen.get(clause.item, "")
    if not answered(said):
        return None
    if clause.equals:
        return said == clause.equals
    value, more = number(said), Decimal(0)
    if clause.other:
        other = number(seen.get(clause.other, ""))
        if other is None:
            return None
        more = other * clause.times
    if value is None:
        return None
    if clause.below is not None:
        return value < clause.below + more
    return clause.over is not None and value > clause.over + more


def answered(said: str) -> bool:
    return said not in {"", UNKNOWN}


def number(said: str) -> Decimal | None:
    """A finite number, or None: a slip of the finger is no measurement."""
    try:
        value = Decimal(said)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
