"""What is missing in a record and what does not fit together. No database, no clock.

The tablet judges by the same rules, which it gets as data (`published.py`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ehr_prehospital.record.catalogue import Level, Occurs, elements
from ehr_prehospital.record.rulebook import Case, Condition, Must, Rule, cases, rules, texts
from ehr_prehospital.record.rules.merging import Standing

IN_GROUP = "in_group"


class Kind(StrEnum):
    MISSING = "missing"
    ILLEGAL = "illegal"


@dataclass(frozen=True, slots=True)
class Said:
    """What counts for an element: its values, and whether somebody said why there is none.

    A `proposed` value decides which case it is, but is not recorded before a person says it.
    """

    values: tuple[str, ...] = ()
    reason: bool = False
    proposed: bool = False

    @property
    def recorded(self) -> bool:
        return self.reason or (bool(self.values) and not self.proposed)


NOTHING = Said()
Facts = Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where, how much it matters, by which rule, in both languages."""

    element: str
    group: UUID | None
    level: Level
    kind: Kind
    rule: str
    source: str
    official: bool
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Facing:
    """A record as the rules look at it.

    `facts`: element → what is said of it anywhere. `groups`: each repeating group by its
    catalogue name and uuid.
    """

    facts: Facts
    groups: Mapping[tuple[str, UUID], Facts]


def facing(
    standing: Iterable[Standing],
    *,
    filled: Iterable[tuple[str, UUID | None, str]] = (),
    likely: Iterable[tuple[str, str]] = (),
) -> Facing:
    """From what stands, what fills itself (element, group, value), and what is proposed."""
    facts: dict[str, Said] = {}
    groups: dict[tuple[str, UUID], dict[str, Said]] = {}
    for one in standing:
        head = one.entry
        reason = bool(head.pertinent_negative or head.not_value) and not head.withdrawn
        said = Said((head.value,) if head.value else (), reason=reason)
        add(facts, groups, one.element, one.group, said)
    written = frozenset(facts)
    for element, group, value in filled:
        if element not in written or group is not None:
            add(facts, groups, element, group, Said((value,)))
    for element, value in likely:
        facts.setdefault(element, Said((value,), proposed=True))
    return Facing(facts, groups)


def add(
    facts: dict[str, Said],
    groups: dict[tuple[str, UUID], dict[str, Said]],
    element: str,
    group: UUID | None,
    said: Said,
) -> None:
    places = [facts]
    if group is not None:
        places.append(groups.setdefault((element.partition(".")[0], group), {}))
    for place in places:
        there = place.get(element, NOTHING)
        place[element] = Said((*there.values, *said.values), there.reason or said.reason)


def findings(of: Facing, *, now: datetime) -> list[Finding]:
    """Everything to mend, what matters most first."""
    holds = {name: holding(case, of.facts) for name, case in cases().items()}
    found = [
        finding(rule, group)
        for rule in rules()
        if holds[rule.when]
        for group, facts in places(rule, of)
        if not CHECKS[rule.must](rule, facts, now)
    ]
    order = list(Level)
    return sorted(found, key=lambda one: order.index(one.level))


def places(rule: Rule, of: Facing) -> list[tuple[UUID | None, Facts]]:
    """Where a rule looks: into each group of its kind, or at the whole record."""
    known = elements()[rule.element]
    each = rule.when == IN_GROUP or rule.must is not Must.RECORDED
    if known.occurs is Occurs.GROUP and each:
        return [(group, facts) for (name, group), facts in of.groups.items() if name == known.group]
    return [(None, of.facts)]


def finding(rule: Rule, group: UUID | None) -> Finding:
    en, zh = texts(rule)
    return Finding(
        element=rule.element,
        group=group,
        level=rule.level,
        kind=Kind.MISSING if rule.must is Must.RECORDED else Kind.ILLEGAL,
        rule=rule.id,
        source=rule.source,
        official=rule.official,
        en=en,
        zh=zh,
    )


def holding(case: Case, facts: Facts) -> bool:
    return any(all(true(condition, facts) for condition in every) for every in case)


def true(condition: Condition, facts: Facts) -> bool:
    said = facts.get(condition.element, NOTHING)
    if condition.recorded:
        return said.recorded
    if condition.among:
        return any(value in condition.among for value in said.values)
    return not any(value in condition.not_among for value in said.values)


# --- what a rule asks of its element -----------------------------------------------


def recorded(rule: Rule, facts: Facts, _now: datetime) -> bool:
    return facts.get(rule.element, NOTHING).recorded


def empty(rule: Rule, facts: Facts, _now: datetime) -> bool:
    return not facts.get(rule.element, NOTHING).values


def one_of(rule: Rule, facts: Facts, _now: datetime) -> bool:
    return all(value in rule.values for value in facts.get(rule.element, NOTHING).values)


def alone(rule: Rule, facts: Facts, _now: datetime) -> bool:
    values = set(facts.get(rule.element, NOTHING).values)
    return not values & set(rule.values) or len(values) == 1


def not_both(rule: Rule, facts: Facts, _now: datetime) -> bool:
    values = set(facts.get(rule.element, NOTHING).values)
    return not (values & set(rule.values) and values & set(rule.against))


def not_before(rule: Rule, facts: Facts, _now: datetime) -> bool:
    own, other = time_of(facts, rule.element), time_of(facts, rule.other)
    return own is None or other is None or own >= other


def not_future(rule: Rule, facts: Facts, now: datetime) -> bool:
    own = time_of(facts, rule.element)
    return own is None or own <= now


def time_of(facts: Facts, element: str) -> datetime | None:
    """The first time said; what is no time is flagged where it was written."""
    for value in facts.get(element, NOTHING).values:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            continue
        if moment.tzinfo is not None:
            return moment
    return None


CHECKS: Mapping[Must, Callable[[Rule, Facts, datetime], bool]] = {
    Must.RECORDED: recorded,
    Must.EMPTY: empty,
    Must.ONE_OF: one_of,
    Must.ALONE: alone,
    Must.NOT_BOTH: not_both,
    Must.NOT_BEFORE: not_before,
    Must.NOT_FUTURE: not_future,
}
