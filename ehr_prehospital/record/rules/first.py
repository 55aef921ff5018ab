"""The first elements (`drug.aspirin`, `treatment.cpr`, `impression`) as the catalogue says them.

Old entries are read for ever, and what judges or sends a record knows one model only.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID, uuid5

from ehr_prehospital.record.rules.merging import Standing

OBSERVATIONS: Mapping[str, str] = {"pain_score": "vital.pain", "blood_glucose": "vital.glucose"}
WORDS: Mapping[str, str] = {
    "complaint": "situation.complaint",
    "allergy": "history.allergy",
    "note": "narrative.note",
}
FIRST = frozenset({"drug", "treatment", "observation"})
# Any constant will do; it makes a group's id out of an entry's.
GROUPS = UUID("6ad7a9a4-7f0e-4f4e-9d0b-54c2b7f0a6d1")


def in_catalogue(standing: Iterable[Standing]) -> tuple[Standing, ...]:
    """What stands, in the words of the catalogue only; the newest impression is the primary."""
    rows = list(standing)
    impressions = [one for one in rows if one.element == "impression"]
    newest = max((one.entry.order for one in impressions), default=None)
    known = any(one.element == "situation.primary_impression" for one in rows)
    found: list[Standing] = []
    for one in rows:
        if one.element == "impression":
            first = one.entry.order == newest and not known
            rank = "primary" if first else "secondary"
            found.append(renamed(one, f"situation.{rank}_impression"))
        else:
            found.extend(said_anew(one))
    return tuple(found)


def said_anew(one: Standing) -> Iterator[Standing]:
    table, _dot, code = one.element.partition(".")
    if table not in FIRST:
        yield renamed(one, WORDS[one.element]) if one.element in WORDS else one
        return
    group = uuid5(GROUPS, str(one.entry.id))
    if table == "drug":
        yield coded(one, "medication.drug", code, group)
        if one.entry.value:
            yield bare(one, "medication.dose", group)
        if one.entry.route:
            yield coded(one, "medication.route", one.entry.route, group)
    elif table == "treatment":
        yield coded(one, "procedure.kind", code, group)
        if one.entry.value:
            yield bare(one, "procedure.amount", group)
    elif table == "observation":
        yield renamed(one, OBSERVATIONS.get(code, f"vital.{code}"), group)


def renamed(one: Standing, element: str, group: UUID | None = None) -> Standing:
    return Standing(
        element, group, tuple(replace(head, element=element, group=group) for head in one.heads)
    )


def coded(one: Standing, element: str, code: str, group: UUID) -> Standing:
    """What the name of the element said becomes the value; a reason why not goes along."""
    heads = tuple(
        replace(head, element=element, group=group, value=code, unit="", route="")
        for head in one.heads
    )
    return Standing(element, group, heads)


def bare(one: Standing, element: str, group: UUID) -> Standing:
    heads = tuple(
        replace(head, element=element, group=group, route="", pertinent_negative="")
        for head in one.heads
    )
    return Standing(element, group, heads)
