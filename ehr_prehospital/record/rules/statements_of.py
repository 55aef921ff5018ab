"""A frozen record's statements as lines: what was said, when, by whom, in both languages. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ehr_prehospital.record.catalogue import Kind, code_lists, elements
from ehr_prehospital.record.content import Content, EntryPart
from ehr_prehospital.record.rules.first import in_catalogue
from ehr_prehospital.record.rules.judging import Problem
from ehr_prehospital.record.rules.merging import Entry, Standing, merge


@dataclass(frozen=True, slots=True)
class Line:
    """One statement in words. `at` is when it happened; "" of `en` and `zh` never occurs."""

    element: str
    group: UUID | None
    value: str
    en: str
    zh: str
    at: datetime | None
    source: str
    doubtful: bool = False


def entry_in(part: EntryPart) -> Entry:
    """An entry as the rules see it, from a closed version or a draft."""
    return Entry(
        id=UUID(part.id),
        element=part.element,
        occurred_at=datetime.fromisoformat(part.occurred_at),
        entered_at=datetime.fromisoformat(part.entered_at),
        value=part.value,
        unit=part.unit,
        route=part.route,
        not_value=part.not_value,
        pertinent_negative=part.pertinent_negative,
        group=UUID(part.group) if part.group else None,
        replaces=frozenset(UUID(parent) for parent in part.replaces),
        source=part.source,
        device_at=datetime.fromisoformat(part.device_at) if part.device_at else None,
        reading_id=part.reading_id,
        problems=tuple(Problem(one.code, one.params) for one in part.problems),
    )


def standing_in(content: Content) -> tuple[Standing, ...]:
    """What stands in a content, in the catalogue's words.

    Versions from before conflicts say only that an entry is replaced, not by which.
    """
    parents = {parent for part in content.entries for parent in part.replaces}
    rows = [
        entry_in(part)
        for part in content.entries
        if not part.replaced or part.id in parents or part.replaces
    ]
    return in_catalogue(merge(rows).standing)


def lines_in(content: Content) -> list[Line]:
    """Every statement that stands, then what the mission and the monitors say."""
    written = [line for one in standing_in(content) if (line := line_of(one)) is not None]
    return [*written, *mission_lines(content), *monitor_lines(content, written)]


def line_of(one: Standing) -> Line | None:
    """In words; None for what is no element of the catalogue, or says nothing."""
    head = one.entry
    known = elements().get(one.element)
    if known is None:
        return None
    words = words_of(known.code, head.value, head.unit) if head.value else None
    reason = reason_of(head)
    if words is None and reason is None:
        return None
    en, zh = (
        " ".join(part for part in parts if part)
        for parts in zip(words or ("", ""), reason or ("", ""), strict=True)
    )
    return Line(
        element=one.element,
        group=one.group,
        value=head.value,
        en=en,
        zh=zh,
        at=head.device_at or head.occurred_at,
        source=head.source,
        doubtful=one.conflict or bool(head.problems),
    )


def words_of(element: str, value: str, unit: str = "") -> tuple[str, str]:
    """A value with its unit, a code as its label."""
    known = elements()[element]
    term = known.codes.get(value)
    if term:
        return term.en, term.zh
    unit_term = code_lists()["unit"].get(unit)
    if known.type is Kind.NUMBER and unit_term:
        return f"{value} {unit_term.en}".strip(), f"{value} {unit_term.zh}".strip()
    return value, value


def reason_of(entry: Entry) -> tuple[str, str] | None:
    for table, code in (
        ("pertinent_negative", entry.pertinent_negative),
        ("not_value", entry.not_value),
    ):
        term = code_lists()[table].get(code)
        if term:
            return term.en, term.zh
    return None


def mission_lines(content: Content) -> Iterator[Line]:
    """What dispatch says: numbers, the unit, the call, the clocks, the destination."""
    mission = content.mission
    said = {
        "response.call_sign": mission.call_sign,
        "response.mission_number": mission.number,
        "dispatch.reason": mission.complaint,
        "scene.address": mission.place_label,
        "patient.number": content.patient.temporary_number,
    }
    if content.handover:
        said["disposition.preadmission_number"] = content.handover.preadmission_number
    for element, value in said.items():
        if value:
            yield Line(element, None, value, *words_of(element, value), at=None, source="dispatch")
    if mission.destination:
        to = mission.destination
        yield Line(
            "disposition.destination_name",
            None,
            to.code,
            to.name_en or to.code,
            to.name_zh or to.code,
            at=None,
            source="dispatch",
        )
    for moment in mission.moments:
        clock = MOMENTS.get(moment.state)
        if clock and moment.at:
            at = datetime.fromisoformat(moment.at)
            yield Line(clock, None, moment.at, moment.at, moment.at, at=at, source="clock")


MOMENTS = {
    "at_patient": "times.at_patient",
    "on_board": "times.on_board",
    "at_destination": "times.at_destination",
}


def monitor_lines(content: Content, written: Iterable[Line]) -> Iterator[Line]:
    """The newest good value of each number, where nobody wrote a newer one."""
    newest = {line.element: line.at for line in written if line.at}
    by_reading = {one.reading: code for code, one in elements().items() if one.reading}
    latest = {part.code: part for part in content.vitals if part.quality == "good"}
    for part in latest.values():
        element, at = by_reading.get(part.code), datetime.fromisoformat(part.measured_at)
        if element is None or (element in newest and at <= newest[element]):
            continue
        value = f"{part.value:g}"
        yield Line(
            element, None, value, *words_of(element, value, part.unit), at=at, source="device"
        )


def newest_of(lines: Iterable[Line]) -> dict[str, Line]:
    """Element → its newest line; what has no time is older than what has one."""
    found: dict[str, Line] = {}
    for line in lines:
        there = found.get(line.element)
        if there is None or there.at is None or (line.at is not None and line.at >= there.at):
            found[line.element] = line
    return found


def joined(lines: Sequence[Line]) -> Line:
    """The lines of one group as one: aspirin 300 mg oral. A yes or no says to what."""
    first, *rest = lines
    return replace(
        first,
        en=" ".join([first.en, *(with_name(row).en for row in rest)]),
        zh=" ".join([first.zh, *(with_name(row).zh for row in rest)]),
        doubtful=any(row.doubtful for row in lines),
    )


def with_name(line: Line) -> Line:
    known = elements()[line.element]
    if not known.table.startswith("yes_no"):
        return line
    return replace(line, en=f"({known.en}: {line.en})", zh=f"（{known.zh}：{line.zh}）")
