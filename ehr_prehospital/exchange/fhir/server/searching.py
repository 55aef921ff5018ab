"""Search parameters of FHIR over the resources of one record. No database.

An unknown parameter is refused: a filter that is silently left out shows the wrong patient.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ehr_prehospital.exchange.fhir.checking import listed
from ehr_prehospital.exchange.fhir.mapping import Json

# How many in a page when nobody says, and at most.
USUAL, MOST = 50, 200
PAGING = ("_count", "_page", "_format")
PREFIXED = re.compile(r"(eq|ne|gt|lt|ge|le)?(\d.*)")
# Where the date of a type stands.
DATES: Mapping[str, str] = {
    "Observation": "effectiveDateTime",
    "Encounter": "period.start",
    "Composition": "date",
    "DocumentReference": "date",
    "AuditEvent": "recorded",
}
TYPES = ("Patient", "Encounter", "Observation", "DocumentReference", "Composition", "AuditEvent")


class BadSearch(ValueError):
    """A search that cannot be answered; the text says which parameter and why."""


def parameters_of(kind: str) -> Iterator[str]:
    """The search parameters of a type."""
    yield from ("_id", "_lastUpdated", "identifier")
    if kind != "Patient":
        yield from ("patient", "subject")
    if kind in DATES:
        yield "date"
    if kind in ("Observation", "Composition", "DocumentReference", "Encounter"):
        yield from ("status", "encounter")
    if kind == "Observation":
        yield from ("code", "category")
    if kind in ("Composition", "DocumentReference", "Encounter"):
        yield "type"


def matching(
    kind: str, resources: Iterable[Json], wanted: Mapping[str, Sequence[str]]
) -> list[Json]:
    """Those of a type that fit every parameter, a comma being "or". Raises BadSearch."""
    for name in wanted:
        if name not in (*parameters_of(kind), *PAGING):
            raise BadSearch(f"{name} is no search parameter of {kind} here")
    tests = [
        test_of(kind, name, value)
        for name, values in wanted.items()
        if name not in PAGING
        for value in values
    ]
    return [
        one for one in resources if one["resourceType"] == kind and all(test(one) for test in tests)
    ]


def test_of(kind: str, name: str, value: str) -> Callable[[Json], bool]:
    parts = value.split(",")
    match name:
        case "_id":
            return lambda one: one["id"] in parts
        case "patient" | "subject" | "encounter":
            path = "encounter" if name == "encounter" else "subject"
            return lambda one: bool(links(one, path) & {last(part) for part in parts})
        case "date":
            return lambda one: any(dated(at(one, DATES[kind]), part) for part in parts)
        case "_lastUpdated":
            return lambda one: any(dated(at(one, "meta.lastUpdated"), part) for part in parts)
        case "status":
            return lambda one: one.get("status") in parts
        case "identifier":
            return lambda one: any(identified(one, part) for part in parts)
    return lambda one: any(coded(one.get(name), part) for part in parts)


def last(text: str) -> str:
    """The id of `Patient/123` and of an address that ends so."""
    return text.rpartition("/")[2]


def links(one: Json, path: str) -> set[str]:
    """The ids that a resource points at; a document keeps its encounter in its context."""
    inside = one.get("context", {}) if path == "encounter" and "context" in one else one
    found = [inside.get(path), *listed(inside.get("encounter") if path == "encounter" else None)]
    found += [row.get("what") for row in listed(one.get("entity"))] if path == "subject" else []
    return {last(str(row.get("reference", ""))) for row in found if isinstance(row, dict)}


def at(one: Json, path: str) -> str:
    value: Any = one
    for step in path.split("."):
        value = value.get(step, {}) if isinstance(value, dict) else {}
    return value if isinstance(value, str) else ""


def coded(concepts: Any, wanted: str) -> bool:
    """`system|code`, `code` or `|code` in any coding."""
    system, bar, code = wanted.rpartition("|")
    for concept in listed(concepts):
        for one in listed(concept.get("coding", [concept])):
            if one.get("code") == code and (not bar or one.get("system", "") == system):
                return True
    return False


def identified(one: Json, wanted: str) -> bool:
    system, bar, value = wanted.rpartition("|")
    return any(
        row.get("value") == value and (not bar or row.get("system", "") == system)
        for row in listed(one.get("identifier"))
    )


def dated(text: str, wanted: str) -> bool:
    """Whether a time fits `ge2026-11-22`; a day and a month are as long as they are."""
    found = PREFIXED.fullmatch(wanted)
    if not found:
        raise BadSearch(f"{wanted} is no date")
    if not text:
        return False
    begin, end = span(found[2])
    moment = span(text)[0]
    match found[1] or "eq":
        case "ge":
            return moment >= begin
        case "le":
            return moment < end
        case "gt":
            return moment >= end
        case "lt":
            return moment < begin
        case "ne":
            return not begin <= moment < end
    return begin <= moment < end


def span(text: str) -> tuple[datetime, datetime]:
    """From when until when a date, a month, a year or a moment is. Without an offset, UTC."""
    try:
        if len(text) == 4:
            return day(f"{text}-01-01"), day(f"{int(text) + 1}-01-01")
        if len(text) == 7:
            begin = day(f"{text}-01")
            return begin, (begin + timedelta(days=32)).replace(day=1)
        if len(text) == 10:
            return day(text), day(text) + timedelta(days=1)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadSearch(f"{text} is no date") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment, moment + timedelta(seconds=1)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def page_in(wanted: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """(how many, which page from 1). Raises BadSearch."""
    numbers = []
    for name, usual in (("_count", USUAL), ("_page", 1)):
        text = next(iter(wanted.get(name, ())), str(usual))
        if not text.isdigit() or int(text) < 1:
            raise BadSearch(f"{name} must be a number from 1 on")
        numbers.append(int(text))
    return min(numbers[0], MOST), numbers[1]
