"""The spoken handover as text: ATMIST for the injured, ISBAR for everybody. Pure.

A layout names elements; the text holds nothing but what stands in the record, each value with
its time and who or what said it. The same content gives the same text.

ATMIST: JRCALC / NHS pre-hospital trauma handover. ISBAR: WHO patient-safety solution on
communication during handovers (SBAR with Identity first).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ehr_prehospital.record.catalogue import elements
from ehr_prehospital.record.content import Content
from ehr_prehospital.record.rules.statements_of import Line, joined, lines_in, newest_of
from ehr_prehospital.record.terms import tables


class Scheme(StrEnum):
    ATMIST = "atmist"
    ISBAR = "isbar"


@dataclass(frozen=True, slots=True)
class Part:
    """One letter of a scheme: its heading, and which elements stand under it.

    `newest` elements stand once, with the last word on them; `groups` are told group by
    group, oldest first, each with the elements named.
    """

    letter: str
    en: str
    zh: str
    newest: tuple[str, ...] = ()
    every: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    label_en: str
    label_zh: str
    line: Line


@dataclass(frozen=True, slots=True)
class Section:
    letter: str
    en: str
    zh: str
    items: tuple[Item, ...]


PERSON = ("identity.name", "identity.sex", "identity.age_years", "patient.age", "body.weight")
SIGNS = (
    "vital.avpu",
    "vital.gcs_total",
    "vital.gcs_eye",
    "vital.gcs_verbal",
    "vital.gcs_motor",
    "vital.heart_rate",
    "vital.pulse_rate",
    "vital.systolic",
    "vital.diastolic",
    "vital.respiratory_rate",
    "vital.spo2",
    "vital.oxygen",
    "vital.etco2",
    "vital.temperature",
    "vital.glucose",
    "vital.pain",
    "vital.pupils",
    "vital.rhythm",
    "vital.news2",
    "vital.shock_index",
    "vital.phi",
    "vital.stroke_scale",
    "vital.stroke_score",
    "vital.stroke_result",
)
MEDICATION = (
    "medication",
    ("medication.drug", "medication.dose", "medication.route", "medication.response"),
)
PROCEDURE = (
    "procedure",
    (
        "procedure.kind",
        "procedure.amount",
        "procedure.size",
        "procedure.access_site",
        "procedure.success",
    ),
)
AIRWAY = ("airway", ("airway.device", "airway.confirmation", "airway.etco2"))
RESUSCITATION = (
    "arrest_event",
    ("arrest_event.kind", "arrest_event.rhythm", "arrest_event.shock_energy"),
)
REGION = "exam.region"
FINDING = (
    "exam",
    (
        REGION,
        "exam.side",
        "exam.area",
        "exam.finding",
        "exam.burn_depth",
        "exam.burn_percent",
    ),
)
ARREST = (
    "arrest.arrest",
    "arrest.first_rhythm",
    "arrest.arrest_at",
    "arrest.rosc",
    "arrest.outcome",
)
TREATMENTS = (RESUSCITATION, AIRWAY, MEDICATION, PROCEDURE)
SCHEMES: Mapping[Scheme, tuple[Part, ...]] = {
    Scheme.ATMIST: (
        Part("A", "Age and person", "年龄与身份", newest=PERSON),
        Part(
            "T",
            "Time",
            "时间",
            newest=("situation.onset", "times.at_patient", "times.on_board"),
        ),
        Part(
            "M",
            "Mechanism",
            "致伤机制",
            newest=("dispatch.reason", "situation.complaint", "injury.fall_height"),
            every=("injury.cause", "injury.safety_equipment"),
        ),
        Part(
            "I",
            "Injuries and impression",
            "损伤与初步诊断",
            newest=("situation.primary_impression", "situation.acuity"),
            every=("situation.secondary_impression", "injury.high_risk", "injury.moderate_risk"),
            groups=(FINDING,),
        ),
        Part("S", "Signs", "生命体征", newest=(*SIGNS, *ARREST)),
        Part(
            "T",
            "Treatment",
            "救治",
            every=("history.allergy", "history.anticoagulant"),
            groups=TREATMENTS,
        ),
    ),
    Scheme.ISBAR: (
        Part(
            "I",
            "Identity",
            "身份",
            newest=(
                *PERSON,
                "patient.number",
                "disposition.preadmission_number",
                "response.call_sign",
                "response.mission_number",
            ),
        ),
        Part(
            "S",
            "Situation",
            "现状",
            newest=(
                "dispatch.reason",
                "situation.complaint",
                "situation.primary_impression",
                "situation.acuity",
                "situation.onset",
                "situation.last_known_well",
                "times.at_patient",
                "times.on_board",
            ),
            every=("situation.primary_symptom", "situation.secondary_impression"),
        ),
        Part(
            "B",
            "Background",
            "背景",
            newest=("narrative.present_illness", "history.pregnancy", "history.last_intake"),
            every=(
                "history.allergy",
                "history.other_allergy",
                "history.condition",
                "history.medication",
                "history.anticoagulant",
                "history.advance_directive",
            ),
        ),
        Part(
            "A",
            "Assessment",
            "评估",
            newest=(*SIGNS, *ARREST, "vital.reperfusion"),
            groups=(FINDING, *TREATMENTS),
        ),
        Part(
            "R",
            "Recommendation",
            "建议",
            newest=("disposition.destination_name", "disposition.green_channel"),
            every=("disposition.prealert", "disposition.destination_reason", "narrative.note"),
        ),
    ),
}
INJURED = frozenset({"trauma", "burns"})


def sections(content: Content, scheme: Scheme) -> tuple[Section, ...]:
    """Every letter of the scheme, also one under which nothing stands."""
    lines = lines_in(content)
    return tuple(
        Section(part.letter, part.en, part.zh, tuple(items(part, lines)))
        for part in SCHEMES[scheme]
    )


def items(part: Part, lines: Sequence[Line]) -> Iterator[Item]:
    newest = newest_of(lines)
    for element in part.newest:
        if element in newest:
            yield item(newest[element])
    for element in part.every:
        yield from (item(line) for line in lines if line.element == element)
    for name, named in part.groups:
        yield from grouped(name, named, lines)


def item(line: Line) -> Item:
    known = elements()[line.element]
    return Item(known.en, known.zh, line)


def grouped(name: str, named: Sequence[str], lines: Sequence[Line]) -> Iterator[Item]:
    """Each group of a kind as one item, in the order of its elements.

    What was found stands behind its region: “Lungs: crackles”, not “Region: lungs crackles”.
    """
    prefix = f"{name}."
    found: dict[object, list[Line]] = {}
    for line in lines:
        if line.element.startswith(prefix) and line.element in named:
            found.setdefault(line.group, []).append(line)
    for rows in found.values():
        first, *rest = sorted(rows, key=lambda row: named.index(row.element))
        if first.element == REGION and rest:
            yield Item(first.en, first.zh, joined(rest))
        else:
            yield item(joined([first, *rest]))


def suggested(content: Content) -> Scheme:
    """ATMIST for the injured: said so, or by the impression's pathway."""
    said = newest_of(lines_in(content))
    impression = said.get("situation.primary_impression")
    term = tables()["impression"].get(impression.value) if impression else None
    injury = said.get("situation.possible_injury")
    if (injury and injury.value == "yes") or (term and term.pathway in INJURED):
        return Scheme.ATMIST
    return Scheme.ISBAR


SOURCES = {
    "crew": ("crew", "车组"),
    "tablet": ("crew", "车组"),
    "vehicle": ("vehicle", "车辆"),
    "device": ("device", "设备"),
    "dispatch": ("dispatch", "调度"),
    "document": ("document", "文书"),
    "order": ("remote order", "远程医嘱"),
    "clock": ("clock", "时钟"),
}


def text(found: Sequence[Section], *, chinese: bool) -> str:
    """The sections as plain text, one statement a line; times as hours and minutes."""
    rows = []
    for section in found:
        rows.append(f"{section.letter}  {section.zh if chinese else section.en}")
        rows += [f"   {said(one, chinese=chinese)}" for one in section.items] or ["   –"]
    return "\n".join(rows)


def said(one: Item, *, chinese: bool) -> str:
    line = one.line
    label, words = (one.label_zh, line.zh) if chinese else (one.label_en, line.en)
    source = SOURCES.get(line.source, (line.source, line.source))[chinese]
    if line.value and line.at and line.value == line.en and elements()[line.element].type == "time":
        words = clock(line)
    stamp = f"{line.at:%H:%M}, {source}" if line.at else source
    doubt = (" ⚠ 存疑" if chinese else " ⚠ in doubt") if line.doubtful else ""
    return f"{label}{'：' if chinese else ': '}{words} [{stamp}]{doubt}"


def clock(line: Line) -> str:
    """A time as people say it, in the offset in which it was written."""
    from_text = line.value.partition("T")[2]
    return from_text[:5] or line.value
