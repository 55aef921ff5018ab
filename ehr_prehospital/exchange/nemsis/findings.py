"""What the official schema and rules say of a record as it would be sent now, by our elements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _
from lxml import etree

from dispatch.people.models import in_language
from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.nemsis.agency import PARTS, Agency
from ehr_prehospital.exchange.nemsis.export import Incomplete, export
from ehr_prehospital.exchange.nemsis.mapping import table
from ehr_prehospital.exchange.nemsis.placing import ScopeId, Sheet, sheet_of
from ehr_prehospital.exchange.nemsis.structure import nodes
from ehr_prehospital.exchange.nemsis.submission.client import patients_words, without
from ehr_prehospital.exchange.nemsis.validation import NoOfficialFiles, official, validate_document
from ehr_prehospital.exchange.report import Finding
from ehr_prehospital.exchange.safe_xml import parse_xml
from ehr_prehospital.record.catalogue import elements

NAMED = re.compile(r"\b[e][A-Z][A-Za-z]+\.\d+\b")
STEP = re.compile(r"(?P<name>[^/\[]+)(?:\[(?P<place>\d+)\])?")
# The rule by which the standard itself demands a value.
MANDATORY = "mandatory"


class Checked(StrEnum):
    """Whether it could be checked: no files here, no agency that reports, or done."""

    NO_FILES = "no_official_files"
    NO_AGENCY = "no_agency"
    DONE = "checked"


@dataclass(frozen=True, slots=True)
class OfficialFinding:
    """`text` is the standard's own, `nemsis` its element; `element`, `group` are ours, if any."""

    level: str
    rule: str
    text: str
    nemsis: str
    element: str = ""
    group: UUID | None = None


@dataclass(frozen=True, slots=True)
class OfficialFindings:
    state: Checked
    findings: tuple[OfficialFinding, ...] = ()

    @property
    def errors(self) -> int:
        return sum(one.level == "error" for one in self.findings)


def official_findings(record: CanonicalRecord, *, agency: Agency | None) -> OfficialFindings:
    """Errors first. What is mandatory and missing comes alone: there is no document without it."""
    try:
        official()
    except NoOfficialFiles:
        return OfficialFindings(Checked.NO_FILES)
    try:
        content = export(record, agency=agency)
    except Incomplete as incomplete:
        if incomplete.missing == PARTS:
            return OfficialFindings(Checked.NO_AGENCY)
        return OfficialFindings(Checked.DONE, tuple(map(mandatory, incomplete.missing)))
    sheet = sheet_of(record)
    tree = parse_xml(content)
    hidden = patients_words(content)  # a schema's words repeat the value that does not fit
    found = [
        placed(replace(one, where=named(one.where, tree), text=without(hidden, one.text)), sheet)
        for one in validate_document(content).findings
    ]
    return OfficialFindings(
        Checked.DONE, tuple(sorted(found, key=lambda one: one.level != "error"))
    )


def mandatory(name: str) -> OfficialFinding:
    known = elements().get(ours(name))
    called = f"{in_language(known.en, known.zh)} ({name})" if known else name
    text = _("NEMSIS demands a value of %(element)s.") % {"element": called}
    return OfficialFinding("error", MANDATORY, text, name, ours(name))


def named(where: str, tree: etree._ElementTree) -> str:
    """A path with names: the schema's `/*/*[2]` counts children only."""
    if "*" not in where:
        return where
    # The stubs call an element private; it is what every search gives.
    node = cast("list[etree._Element]", tree.xpath(where))[0]  # noqa: SLF001
    steps = []
    for one in (node, *node.iterancestors()):
        place = 1 + sum(1 for _same in one.itersiblings(str(one.tag), preceding=True))
        steps.append(f"/{etree.QName(one).localname}[{place}]")
    return "".join(reversed(steps))


def placed(finding: Finding, sheet: Sheet) -> OfficialFinding:
    """With the element that a tap should lead to: what is missing goes before what is there."""
    name, group = "", None
    for candidate in candidates(finding):
        name = name or candidate
        if ours(candidate):
            name, group = candidate, group_in(finding.where, candidate, sheet)
            break
    return OfficialFinding(finding.level, finding.rule, finding.text, name, ours(name), group)


def candidates(finding: Finding) -> Iterator[str]:
    yield from finding.missing
    yield from reversed([step["name"] for step in STEP.finditer(finding.where)])
    yield from NAMED.findall(finding.text)  # the schema's words name the element


def ours(name: str) -> str:
    rows = table().rows.get(name, ())
    return rows[0].ours.code if rows else ""


def group_in(where: str, name: str, sheet: Sheet) -> UUID | None:
    """Our group by the place of the repeating groups in a path."""
    row = table().rows[name][0]
    if not row.group or row.each:
        return None
    scope: ScopeId = None
    for step in STEP.finditer(where):
        node = nodes().get(step["name"])
        if node is not None and node.repeats and node.inner:
            there = sheet.within(node.name, scope)
            place = int(step["place"] or 1)
            scope = there[place - 1] if place <= len(there) else None
    return scope
