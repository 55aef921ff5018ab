"""A NEMSIS document as records: each report in the words of the catalogue, nothing left out.

What the catalogue has no word for, or would judge to be wrong though NEMSIS allows it, becomes a
statement under its own name (`nemsis:eScene.10`). Attributes do, too (`…@CorrelationID`): the id
of what they are about is their `group`.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid5

from lxml import etree

from ehr_prehospital.exchange.canonical import CanonicalRecord, Statement
from ehr_prehospital.exchange.nemsis.agency import NS, XSI
from ehr_prehospital.exchange.nemsis.mapping import (
    CARRIED,
    FIRST,
    INSIDE,
    PRESENT,
    Row,
    reasons,
    table,
)
from ehr_prehospital.exchange.nemsis.structure import REPORT, Node, nodes, report
from ehr_prehospital.exchange.safe_xml import Unreadable, line_in, parse_xml
from ehr_prehospital.record.catalogue import Kind, Occurs
from ehr_prehospital.record.rules import Statement as Said
from ehr_prehospital.record.rules import judge

NIL = f"{{{XSI}}}nil"
STANDARD = "nemsis"
SOURCE = "document"
NAME_PARTS = ("patient.given_name", "patient.middle_name", "patient.family_name")


def import_document(content: bytes) -> tuple[CanonicalRecord, ...]:
    """One record for each report of a document of the ambulance services' data set.

    Raises Unreadable, with the line, for what is no such document.
    """
    root = parse_xml(content).getroot()
    if root.tag != f"{NS}EMSDataSet":
        raise Unreadable(f"not an EMSDataSet of NEMSIS 3: {root.tag}", line_in(root))
    return tuple(
        record_of(one, shell_of(root, header))
        for header in root.iterfind(f"{NS}Header")
        for one in header.iterfind(f"{NS}{REPORT}")
    )


def shell_of(root: etree._Element, header: etree._Element) -> bytes:
    """The document without its reports: the agency and its own definitions."""
    shell = deepcopy(root)
    for other in list(shell):
        shell.remove(other)
    copy = deepcopy(header)
    for one in copy.findall(f"{NS}{REPORT}"):
        copy.remove(one)
    shell.append(copy)
    return etree.tostring(shell)


def record_of(root: etree._Element, shell: bytes) -> CanonicalRecord:
    try:
        id_ = UUID(root.get("UUID", ""))
    except ValueError:
        raise Unreadable("a report without a UUID", line_in(root)) from None
    reader = Reader(id_)
    reader.read(root, report(), Scope())
    reader.name()
    return CanonicalRecord(
        id=id_,
        version=0,
        written_at=newest(reader.statements),
        statements=tuple(reader.statements),
        of_standards={STANDARD: shell},
    )


def newest(statements: list[Statement]) -> datetime:
    """The last time that a report tells of: it has none of its own."""
    moments = [datetime(1950, 1, 1, tzinfo=UTC)]
    for one in statements:
        try:
            moment = datetime.fromisoformat(one.value)
        except ValueError:
            continue
        if moment.tzinfo and len(one.value) > len("2026-01-01"):
            moments.append(moment)
    return max(moments)


@dataclass(frozen=True, slots=True)
class Scope:
    """The innermost group that repeats, around what is read: its name, which one, its id.

    The id is None outside of all, and in the first of those that nothing of ours repeats with.
    """

    name: str = ""
    first: bool = True
    id: UUID | None = None


@dataclass
class Reader:
    """Reads one report in the order of the document."""

    record: UUID
    statements: list[Statement] = field(default_factory=list)
    said: set[tuple[str, UUID | None]] = field(default_factory=set)

    def read(self, root: etree._Element, node: Node, scope: Scope) -> None:
        known = {child.name: child for child in node.inner}
        children = root.findall("*")
        numbers: Counter[str] = Counter()
        used: set[etree._Element | None] = set()
        for child, follower in zip(children, [*children[1:], None], strict=True):
            name = child.tag.removeprefix(NS)
            if name not in known:
                raise Unreadable(f"{name} cannot stand in {node.name}", line_in(child))
            numbers[name] += 1
            if not known[name].is_element:
                self.group(child, known[name], scope, numbers[name])
            elif (
                child not in used and self.element(child, follower, scope) and follower is not None
            ):
                used.add(follower)

    def group(self, root: etree._Element, node: Node, around: Scope, number: int) -> None:
        scope = around
        if node.repeats:
            id_ = self.id_of(node, around, number)
            scope = Scope(node.name, first=number == 1, id=id_)
            if around.name and id_ != around.id:
                self.carry(f"{CARRIED}{node.name}@{INSIDE}", str(around.id or FIRST), id_)
        for attribute, value in root.attrib.items():
            self.carry(f"{CARRIED}{node.name}@{attribute!s}", str(value), scope.id)
        if not len(root):
            self.carry(f"{CARRIED}{node.name}", PRESENT, scope.id)
        self.read(root, node, scope)

    def id_of(self, node: Node, around: Scope, number: int) -> UUID | None:
        """The first group inside another has that one's id; the first that ours has not, none."""
        if number == 1 and around.name:
            return around.id
        if number == 1 and node.name not in table().repeating:
            return None
        return self.nth(node.name, number, around.id)

    def nth(self, name: str, number: int, around: UUID | None = None) -> UUID:
        return uuid5(self.record, f"{around or ''}/{name}/{number}")

    def element(self, one: etree._Element, follower: etree._Element | None, scope: Scope) -> bool:
        """Whether the element behind it is said with it: its unit."""
        name = one.tag.removeprefix(NS)
        for row in table().rows.get(name, ()):
            beside = follower if unit_beside(row, follower) else None
            said = in_our_words(row, one, beside)
            if said and self.place(row, said, one, scope):
                return beside is not None
        handled = frozenset({NIL, "NV", "PN"})
        self.say(replace(as_it_is(one, name), group=scope.id), one, handled)
        return False

    def place(self, row: Row, said: Statement, one: etree._Element, scope: Scope) -> bool:
        """Say it in our words, where they have a place for it and find nothing wrong."""
        id_ = None
        group = None
        if row.each:
            id_ = scope.id
        elif row.ours.occurs is Occurs.GROUP:
            group = scope.id if nodes()[row.name].scope else self.nth(row.group, 1)
        elif scope.id is not None and not (scope.first and scope.name in table().of_lists):
            return False
        slot = (row.ours.code, group)
        listed = row.ours.many or row.ours.occurs is Occurs.MANY
        if (slot in self.said and not listed) or not fits(said, group):
            return False
        self.said.add(slot)
        self.say(replace(said, group=group, id=id_), one, row.handled)
        return True

    def say(self, said: Statement, one: etree._Element, handled: frozenset[str]) -> None:
        id_ = said.id or uuid5(self.record, str(len(self.statements)))
        self.statements.append(replace(said, id=id_, source=SOURCE))
        for attribute, value in one.attrib.items():
            if attribute not in handled:
                name = one.tag.removeprefix(NS)
                self.carry(f"{CARRIED}{name}@{attribute!s}", str(value), id_)

    def name(self) -> None:
        """The whole name beside its parts: everybody else reads that one."""
        parts = {one.element: one.value for one in self.statements if one.element in NAME_PARTS}
        if whole := " ".join(parts[part] for part in NAME_PARTS if parts.get(part)):
            self.carry("identity.name", whole, None)

    def carry(self, element: str, value: str, group: UUID | None) -> None:
        id_ = uuid5(self.record, str(len(self.statements)))
        self.statements.append(Statement(element, value, group=group, id=id_, source=SOURCE))


def as_it_is(one: etree._Element, name: str) -> Statement:
    return Statement(
        element=f"{CARRIED}{name}",
        value=one.text or "",
        not_value=reason(one, "NV", "not_value"),
        pertinent_negative=reason(one, "PN", "pertinent_negative"),
    )


def reason(one: etree._Element, attribute: str, name: str) -> str:
    code = one.get(attribute)
    if not code:
        return ""
    try:
        return reasons(name)[code]
    except KeyError:
        raise Unreadable(f"{attribute}={code} is unknown", line_in(one)) from None


def unit_beside(row: Row, follower: etree._Element | None) -> bool:
    """Whether the element behind is this one's unit, in a word that we know."""
    return (
        follower is not None
        and bool(row.unit.element)
        and follower.tag == f"{NS}{row.unit.element}"
        and follower.text in row.unit.codes.values()
        and not follower.attrib
    )


def in_our_words(row: Row, one: etree._Element, beside: etree._Element | None) -> Statement | None:
    """The element as a statement without a place; None where ours has no such value."""
    said = replace(as_it_is(one, row.name), element=row.ours.code)
    if not said.value:
        return said
    if row.coded:
        system = row.system_of(one.get("CodeType"))
        return replace(said, value=row.value_of(said.value, system)) if system else None
    if row.ours.type is not Kind.NUMBER:
        return said
    told = one.get(row.unit.attribute or "-") or (beside.text if beside is not None else None)
    unit = row.unit_of(told)
    return replace(said, unit=unit) if unit in row.ours.units else None


def fits(said: Statement, group: UUID | None) -> bool:
    judged = judge(
        Said(
            said.element,
            said.value,
            said.unit,
            not_value=said.not_value,
            pertinent_negative=said.pertinent_negative,
        ),
        group=group,
    )
    return not judged.problems
