"""The catalogue's groups as the printed record shows them, and the spoken handover with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from dispatch.people.models import in_language
from ehr_prehospital.record.catalogue import Kind, elements, groups
from ehr_prehospital.record.content import Content
from ehr_prehospital.record.rules.handover_text import Section, sections, suggested
from ehr_prehospital.record.rules.statements_of import Line, line_of, standing_in

# A signature is drawn, not read; its words stand beside it.
DRAWN = frozenset({"signature.image"})


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """A time has no words: the template writes `moment` as all other times."""

    label: str
    words: str
    moment: datetime | None
    doubtful: bool
    element: str
    value: str


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One statement, or the statements of one group of entries."""

    at: datetime | None
    values: tuple[PrintedValue, ...]


@dataclass(frozen=True, slots=True)
class PrintedGroup:
    code: str
    label: str
    rows: tuple[PrintedRow, ...]


def printed_groups(content: Content) -> tuple[PrintedGroup, ...]:
    """What stands, group by group; identity and mission have their own place on the page."""
    lines = [line for one in standing_in(content) if (line := line_of(one)) is not None]
    found = []
    for group in groups().values():
        of_group = [
            line
            for line in lines
            if elements()[line.element].group == group.code and line.element not in DRAWN
        ]
        if of_group and group.code != "identity":
            rows = repeated(of_group) if group.repeats else (row_of(of_group, at=None),)
            found.append(PrintedGroup(group.code, in_language(group.en, group.zh), tuple(rows)))
    return tuple(found)


def repeated(lines: Sequence[Line]) -> list[PrintedRow]:
    by_group: dict[object, list[Line]] = {}
    for line in lines:
        by_group.setdefault(line.group, []).append(line)
    return [row_of(rows, at=min(row.at for row in rows if row.at)) for rows in by_group.values()]


def row_of(lines: Sequence[Line], *, at: datetime | None) -> PrintedRow:
    order = list(elements())
    return PrintedRow(
        at=at,
        values=tuple(
            printed(line) for line in sorted(lines, key=lambda row: order.index(row.element))
        ),
    )


def printed(line: Line) -> PrintedValue:
    known = elements()[line.element]
    return PrintedValue(
        label=in_language(known.en, known.zh),
        words=in_language(line.en, line.zh),
        moment=time_in(line) if known.type is Kind.TIME else None,
        doubtful=line.doubtful,
        element=line.element,
        value=line.value,
    )


def time_in(line: Line) -> datetime | None:
    try:
        return datetime.fromisoformat(line.value)
    except ValueError:
        return None  # flagged when it was written; its words are printed


@dataclass(frozen=True, slots=True)
class PrintedSignature:
    """Who signed what, and when. `strokes` is an SVG path in a box of 600 by 200, or empty."""

    signer: str
    reasons: tuple[str, ...]
    status: str
    name: str
    statement: str
    at: datetime | None
    strokes: str
    doubtful: bool


def printed_signatures(content: Content) -> tuple[PrintedSignature, ...]:
    lines = [line for one in standing_in(content) if (line := line_of(one)) is not None]
    by_group: dict[object, dict[str, list[Line]]] = {}
    for line in lines:
        if line.element.startswith("signature."):
            by_group.setdefault(line.group, {}).setdefault(line.element, []).append(line)
    found = [printed_signature(group) for group in by_group.values()]
    return tuple(sorted(found, key=lambda one: one.at.isoformat() if one.at else ""))


def printed_signature(group: dict[str, list[Line]]) -> PrintedSignature:
    def words(element: str) -> tuple[str, ...]:
        rows = group.get(f"signature.{element}", ())
        return tuple(in_language(row.en, row.zh) for row in rows)

    lines = [line for rows in group.values() for line in rows]
    signed = next(iter(group.get("signature.signed_at", ())), None)
    image = next(iter(group.get("signature.image", ())), None)
    return PrintedSignature(
        signer=" / ".join(words("signer")),
        reasons=words("reason"),
        status=" / ".join(words("status")),
        name=" / ".join(words("name")),
        statement=" ".join(words("statement")),
        at=(time_in(signed) if signed else None)
        or min((line.at for line in lines if line.at), default=None),
        strokes=image.value if image else "",
        doubtful=any(line.doubtful for line in lines),
    )


@dataclass(frozen=True, slots=True)
class Spoken:
    scheme: str
    sections: tuple[Section, ...]
    chinese: bool


def spoken(content: Content) -> Spoken:
    scheme = suggested(content)
    return Spoken(
        scheme=scheme.upper(),
        sections=sections(content, scheme),
        chinese=(get_language() or "").startswith("zh"),
    )
