"""Whether a statement makes sense: what is wrong with it is said beside it, never refused.

A tablet that was without network says what happened an hour ago; it has happened. So a
statement out of bounds or of an unknown code is stored with its problems, and shown with them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from ehr_prehospital.record.catalogue import ENTERED_IN_ERROR, FORM, Element, Kind, elements
from ehr_prehospital.record.rules.statements import (
    JUDGES,
    InvalidEntry,
    Statement,
    Wrong,
    check,
    date_in,
    known_code,
    needed,
    number_in,
    plain,
)

FORM_ITEM = re.compile(r"form\.[a-z0-9_]+\.[a-z0-9_.]+")
LONGEST_FORM_VALUE = 4000
# An element of a standard that the catalogue has no word for, or an attribute there.
CARRIED = re.compile(r"nemsis:e[A-Z][A-Za-z]+\.[A-Za-z0-9]+(@[A-Za-z0-9]+)?")
LONGEST_CARRIED_VALUE = 100_000
# A code of a standard that the element's table has no term for.
CODE_ELSEWHERE = re.compile(r"(nemsis|icd10|snomed|rxnorm):[A-Za-z0-9.]{1,24}")
# A tablet's clock may be a little ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a stored statement, as a code of `Wrong` and what it is about."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """The statement with a tidy value, as it is stored, and what is wrong with it."""

    said: Statement
    problems: tuple[Problem, ...]


def judge(
    said: Statement,
    *,
    group: UUID | None = None,
    occurred_at: datetime | None = None,
    now: datetime | None = None,
) -> Judged:
    """Judge a statement of any element; never raises."""
    problems = []
    tidy = said
    try:
        tidy = check(said) if is_first(said.element) else check_element(said)
    except InvalidEntry as wrong:
        problems.append(Problem(wrong.wrong, wrong.params))
    known = elements().get(said.element)
    if known and group is None and known.occurs == "group":
        problems.append(Problem(Wrong.GROUP_MISSING, {"element": said.element}))
    if known and group is not None and known.occurs != "group":
        problems.append(Problem(Wrong.NOT_IN_A_GROUP, {"element": said.element}))
    if occurred_at and now and occurred_at > now + CLOCKS_DIFFER:
        problems.append(Problem(Wrong.IN_FUTURE, {"value": occurred_at.isoformat()}))
    return Judged(tidy, tuple(problems))


def is_first(element: str) -> bool:
    """One of the first elements, from before the catalogue; identity is in both."""
    return (element not in elements() and element.partition(".")[0] in JUDGES) or (
        element.startswith("identity.")
    )


def check_element(said: Statement) -> Statement:
    """Return the statement of a catalogue element with a tidy value, or raise InvalidEntry."""
    known_code("not_value", said.not_value)
    known_code("pertinent_negative", said.pertinent_negative)
    said = replace(said, value=said.value.strip())
    if said.not_value and said.value:
        raise InvalidEntry(Wrong.VALUE_AND_REASON, element=said.element)
    if said.element.startswith(FORM):
        return words_of(said, FORM_ITEM, LONGEST_FORM_VALUE)
    if CARRIED.fullmatch(said.element):
        return words_of(said, CARRIED, LONGEST_CARRIED_VALUE)
    element = elements().get(said.element)
    if element is None:
        raise InvalidEntry(Wrong.UNKNOWN_ELEMENT, element=said.element)
    reason_allowed(said, element)
    if said.says_why:
        return said
    needed(said)
    return TYPES[element.type](said, element)


def words_of(said: Statement, named: re.Pattern[str], longest: int) -> Statement:
    """An answer on a form, or what is carried for a standard: others judge what it means."""
    if not named.fullmatch(said.element):
        raise InvalidEntry(Wrong.UNKNOWN_ELEMENT, element=said.element)
    if len(said.value) > longest:
        raise InvalidEntry(Wrong.TOO_LONG, element=said.element, longest=str(longest))
    if not said.says_why:
        needed(said)
    return said


def reason_allowed(said: Statement, element: Element) -> None:
    for reason, allowed in (
        (said.not_value, (*element.nv, ENTERED_IN_ERROR)),
        (said.pertinent_negative, element.pn),
    ):
        if reason and reason not in allowed:
            raise InvalidEntry(Wrong.REASON_NOT_ALLOWED, element=said.element, reason=reason)


def code_of(said: Statement, element: Element) -> Statement:
    if said.value in element.codes or CODE_ELSEWHERE.fullmatch(said.value):
        return said
    if not element.open:
        raise InvalidEntry(Wrong.UNKNOWN_CODE, table=element.table, code=said.value)
    return text_of(said, element)


def number_of(said: Statement, element: Element) -> Statement:
    """A number in one of the units; without a unit the only one is meant."""
    allowed = ", ".join(element.units)
    unit = said.unit or (next(iter(element.units)) if len(element.units) == 1 else "")
    if not unit:
        raise InvalidEntry(Wrong.UNIT_MISSING, element=said.element, allowed=allowed)
    if unit not in element.units:
        raise InvalidEntry(Wrong.WRONG_UNIT, unit=unit, allowed=allowed)
    number = number_in(said.value)
    low, high = (Decimal(str(bound)) for bound in element.units[unit])
    if not low <= number <= high:
        raise InvalidEntry(Wrong.OUT_OF_BOUNDS, value=said.value, low=str(low), high=str(high))
    return replace(said, value=plain(number), unit=unit)


def text_of(said: Statement, element: Element) -> Statement:
    if len(said.value) > element.longest:
        raise InvalidEntry(Wrong.TOO_LONG, element=said.element, longest=str(element.longest))
    return said


def time_of(said: Statement, _element: Element) -> Statement:
    """A time with its offset."""
    try:
        moment = datetime.fromisoformat(said.value)
    except ValueError:
        raise InvalidEntry(Wrong.NOT_A_TIME, value=said.value) from None
    if moment.tzinfo is None:
        raise InvalidEntry(Wrong.NOT_A_TIME, value=said.value)
    return said


def day_of(said: Statement, _element: Element) -> Statement:
    date_in(said.value)
    return said


def position_of(said: Statement, _element: Element) -> Statement:
    """Latitude and longitude in degrees of WGS-84, with a comma between."""
    lat, comma, lon = said.value.partition(",")
    try:
        inside = bool(comma) and abs(number_in(lat)) <= 90 and abs(number_in(lon)) <= 180
    except InvalidEntry:
        inside = False
    if not inside:
        raise InvalidEntry(Wrong.NOT_A_POSITION, value=said.value)
    return said


TYPES: Mapping[Kind, Callable[[Statement, Element], Statement]] = {
    Kind.CODE: code_of,
    Kind.NUMBER: number_of,
    Kind.TEXT: text_of,
    Kind.REFERENCE: text_of,
    Kind.TIME: time_of,
    Kind.DATE: day_of,
    Kind.POSITION: position_of,
}
