"""Where in a report each statement goes: its element of NEMSIS, and which of the groups around."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from ehr_prehospital.exchange.canonical import CanonicalRecord, Statement
from ehr_prehospital.exchange.nemsis.examination import examined
from ehr_prehospital.exchange.nemsis.mapping import CARRIED, FIRST, INSIDE, Row, table
from ehr_prehospital.exchange.nemsis.structure import Node, nodes, outer

ScopeId = UUID | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement and how it is said; without a row it says itself."""

    said: Statement
    row: Row | None = None


@dataclass
class Sheet:
    """What a record says, by element and group.

    `scopes`: group that repeats → the ids of those that there are, in the order of the record;
    None is the one that ours does not repeat with. `about`: attributes, by what they are of.
    """

    placed: dict[tuple[str, ScopeId], list[Placed]] = field(default_factory=dict)
    scopes: dict[str, list[ScopeId]] = field(default_factory=dict)
    around: dict[tuple[str, ScopeId], ScopeId] = field(default_factory=dict)
    about: dict[tuple[ScopeId, str], dict[str, str]] = field(default_factory=dict)

    def put(self, name: str, scope: ScopeId, placed: Placed) -> None:
        node = nodes()[name]
        scope = scope if node.scope else None
        self.placed.setdefault((name, scope), []).append(placed)
        if node.scope:
            self.open(node.scope, scope)

    def open(self, group: str, scope: ScopeId) -> None:
        """A group that repeats is there, and so are those around it."""
        known = self.scopes.setdefault(group, [])
        if scope not in known:
            known.append(scope)
        if outer()[group]:
            self.open(outer()[group], self.parent(group, scope))

    def parent(self, group: str, scope: ScopeId) -> ScopeId:
        """The group around; the first in it has its id."""
        return self.around.get((group, scope), scope)

    def within(self, group: str, scope: ScopeId) -> list[ScopeId]:
        """The groups of a name that stand in one of the groups around."""
        there = self.scopes.get(group, [])
        return [one for one in there if not outer()[group] or self.parent(group, one) == scope]

    def has(self, node: Node, scope: ScopeId) -> bool:
        """Whether anything is said in a group, at any depth."""
        if (node.name, scope) in self.placed:
            return True
        return any(
            bool(self.within(child.name, scope))
            if child.repeats and child.inner
            else self.has(child, scope)
            for child in node.inner
        )


def sheet_of(record: CanonicalRecord) -> Sheet:
    sheet = Sheet()
    statements = [*record.statements, *examined(record)]
    for said in statements:
        group, at, _rest = said.element.removeprefix(CARRIED).partition(f"@{INSIDE}")
        if at and said.element.startswith(CARRIED):
            sheet.around[group, said.group] = None if said.value == FIRST else UUID(said.value)
    for number, said in enumerate(statements):
        if said.element.startswith(CARRIED):
            carried(said, sheet)
        elif row := table().by_element.get(said.element):
            scope = scope_of(row, said) or (
                uuid5(record.id, f"each/{number}") if row.each else None
            )
            sheet.put(row.name, scope, Placed(said, row))
            for name, beside in unit_of(row, said):
                sheet.put(name, scope, beside)
    name_of(record, sheet)
    times_of(record, sheet)
    for group in table().of_lists:
        gather(group, sheet)
    return sheet


def name_of(record: CanonicalRecord, sheet: Sheet) -> None:
    """A name that nobody took apart: the family name is what stands last, or all of it."""
    said = record.one("identity.name")
    if said is None or ("ePatient.02", None) in sheet.placed:
        return
    given, _space, family = said.value.strip().rpartition(" ")
    for name, part in (("ePatient.02", family), ("ePatient.03", given)):
        if part or not said.value:
            sheet.put(name, None, Placed(replace(said, value=part, id=None)))


def times_of(record: CanonicalRecord, sheet: Sheet) -> None:
    """The time of a group whose own nobody said: when its first statement was made."""
    for head, name in table().times.items():
        for group in record.groups(head):
            first = next(iter(group.values()))[0]
            if first.occurred_at and (name, first.group) not in sheet.placed:
                at = Statement(f"{CARRIED}{name}", first.occurred_at.isoformat())
                sheet.put(name, first.group, Placed(at))


def carried(said: Statement, sheet: Sheet) -> None:
    """What says its own name; an unknown one is none of NEMSIS."""
    name, at, attribute = said.element.removeprefix(CARRIED).partition("@")
    if name not in nodes():
        return
    if attribute == INSIDE:
        return
    if at:
        sheet.about.setdefault((said.group, name), {})[attribute] = said.value
        if nodes()[name].inner and nodes()[name].repeats:
            sheet.open(name, said.group)
    else:
        sheet.put(name, said.group, Placed(said))


def scope_of(row: Row, said: Statement) -> ScopeId:
    if row.each:
        return said.id
    return said.group if row.group else None


def unit_of(row: Row, said: Statement) -> Iterator[tuple[str, Placed]]:
    """The element that says a number's unit."""
    if row.unit.element and said.value and said.unit in row.unit.codes:
        code = row.unit.codes[said.unit]
        yield row.unit.element, Placed(Statement(f"{CARRIED}{row.unit.element}", code))


def gather(group: str, sheet: Sheet) -> None:
    """What stands once in a record goes into the first group of a list that has one."""
    there = sheet.scopes.get(group, [])
    if None not in there or len(there) == 1:
        return
    there.remove(None)
    for name, scope in list(sheet.placed):
        if scope is None and nodes()[name].scope == group:
            sheet.placed[name, there[0]] = sheet.placed.pop((name, None))
