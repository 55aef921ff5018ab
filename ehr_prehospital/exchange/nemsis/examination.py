"""Findings of the examination, of which NEMSIS has a list of its own for each region: exam.toml."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from ehr_prehospital.exchange.canonical import CanonicalRecord, Statement
from ehr_prehospital.exchange.nemsis.mapping import CARRIED
from ehr_prehospital.exchange.nemsis.structure import nodes

FILE = Path(__file__).with_name("exam.toml")
ASSESSMENT = "eExam.AssessmentGroup"

Group = Mapping[str, tuple[Statement, ...]]


# Any: the file's own shape, see its head.
@cache
def table() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def examined(record: CanonicalRecord) -> Iterator[Statement]:
    """The findings as statements of eExam's own elements, by assessment and region."""
    within = timedelta(minutes=table()["minutes"])
    began: datetime | None = None
    assessment = record.id
    for group in record.groups("exam"):
        first = next(iter(group.values()))[0]
        told = list(findings(group))
        if not told or first.group is None:
            continue
        at = first.occurred_at
        if began is None or at is None or at - began > within:
            began, assessment = at, uuid5(record.id, f"exam/{first.group}")
            if at:
                yield Statement(f"{CARRIED}eExam.03", at.isoformat(), group=assessment)
        yield from said(told, assessment, first.group)


def findings(group: Group) -> Iterator[tuple[str, str, str, str, str]]:
    """(element, code, pertinent negative, element of the place, its code) of each that it knows."""
    region = table()["regions"].get(value(group, "exam.region"))
    if region is None:
        return
    side = value(group, "exam.side")
    element = region["element"]
    place = region.get("place", "")
    for one in group.get("exam.finding", ()):
        codes = codes_of(one.value, side, value(group, "exam.burn_depth"))
        if code := codes.get(element):
            where = region.get("sides", {}).get(side) or region.get("sides", {}).get("", "")
            yield element, code, one.pertinent_negative, place, where


def codes_of(finding: str, side: str, depth: str) -> Mapping[str, str]:
    if finding == "burn":
        return {**table()["burns"].get(depth or "superficial", {})}
    sided = table()["sided"].get(finding, {}).get(side, {})
    return {**table()["findings"].get(finding, {}), **sided}


def value(group: Group, element: str) -> str:
    return next((one.value for one in group.get(element, ())), "")


def said(
    told: list[tuple[str, str, str, str, str]], assessment: UUID, group: UUID
) -> Iterator[Statement]:
    """In the assessment itself, or in the group that its region has inside it."""
    for number, (element, code, negative, place, where) in enumerate(told):
        name = f"eExam.{element}"
        inside = nodes()[name].scope != ASSESSMENT
        scope = group if inside else assessment
        if inside and not number:
            yield Statement(f"{CARRIED}{nodes()[name].scope}@in", str(assessment), group=scope)
        if inside and not number and where:
            yield Statement(f"{CARRIED}eExam.{place}", f"35{place}{where}", group=scope)
        yield Statement(
            f"{CARRIED}{name}", f"35{element}{code}", pertinent_negative=negative, group=scope
        )
