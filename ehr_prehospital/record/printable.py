"""A record as a page to print: labels in the language of the request, times to format.

`sheet_of` turns a Content (a closed version or a draft) into one frozen tree; the
template only lays it out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dispatch.people.models import in_language
from dispatch.terms import label as dispatch_label
from dispatch.terms import tables as dispatch_tables
from ehr_prehospital.ecg.words import FAULTS, FORMATS
from ehr_prehospital.record.content import (
    Content,
    EcgPart,
    EntryPart,
    HandoverPart,
    MissionPart,
    Moment,
    Named,
    PatientPart,
    SheetPart,
    VitalPart,
)
from ehr_prehospital.record.printed_groups import (
    DRAWN,
    PrintedGroup,
    PrintedSignature,
    Spoken,
    printed_groups,
    printed_signatures,
    spoken,
)
from ehr_prehospital.record.sentences import sentence
from ehr_prehospital.record.transfer_words import CONDITIONS, KEEPERS
from ehr_prehospital.record.words import choices_of, element_label, group_label, label
from ehr_prehospital.vitals.words import QUALITIES, UNITS, VITALS

Labels = Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class SheetMoment:
    label: str
    nemsis: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SheetMission:
    number: str
    incident_number: str
    centre: str
    station: str
    call_sign: str
    plate: str
    capability: str
    crew: tuple[str, ...]
    complaint: str
    priority: int
    determinant: str
    place: str
    destination: str
    moments: tuple[SheetMoment, ...]


@dataclass(frozen=True, slots=True)
class SheetPatient:
    """`name` is empty for an unknown patient, who is called by the temporary number."""

    temporary_number: str
    name: str
    sex: str
    birth_date: str
    age_years: int | None
    id_type: str
    id_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of the vitals table; `quality` is "" when it is good."""

    value: str
    quality: str


@dataclass(frozen=True, slots=True)
class VitalsRow:
    code: str
    label: str
    unit: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class VitalsTable:
    """One column each few minutes, one row a vital sign; None where nothing was measured.

    A column bears the time of its latest value.
    """

    times: tuple[datetime, ...]
    rows: tuple[VitalsRow, ...]


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A line of the time line. A replaced one is shown struck through."""

    at: datetime | None
    element: str
    kind: str
    label: str
    value: str
    unit: str
    route: str
    reason: str
    author: str
    replaced: bool
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetEcg:
    id: str
    at: datetime | None
    format: str
    fault: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SheetHandover:
    hospital: str
    preadmission_number: str
    state: str
    bay: str
    team: str
    moments: tuple[SheetMoment, ...]
    confirmed_by: str
    given_by: str
    given_at: datetime | None
    received_by: str
    received_at: datetime | None
    # Of the transfer sheet: the condition in words, what came along, and the strokes of both sides.
    condition: str = ""
    things: tuple[str, ...] = ()
    given_strokes: str = ""
    received_strokes: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    record_id: str
    version: int
    draft: bool
    closed_at: datetime | None
    hash: str
    mission: SheetMission
    patient: SheetPatient
    vitals: VitalsTable
    entries: tuple[SheetEntry, ...]
    handover: SheetHandover | None
    ecgs: tuple[SheetEcg, ...]
    groups: tuple[PrintedGroup, ...]
    spoken: Spoken
    signatures: tuple[PrintedSignature, ...]


def sheet_of(content: Content, *, hash_hex: str, handover_states: Labels) -> Sheet:
    """Lay out a content; `hash_hex` is empty for a draft."""
    return Sheet(
        record_id=content.record_id,
        version=content.version,
        draft=content.version == 0,
        closed_at=parsed(content.closed_at),
        hash=hash_hex,
        mission=mission_sheet(content.mission),
        patient=patient_sheet(content.patient),
        vitals=vitals_table(content.vitals),
        entries=tuple(
            entry_sheet(entry)
            for entry in content.entries
            if not entry.element.startswith("identity.")
        ),
        handover=handover_sheet(content.handover, handover_states) if content.handover else None,
        ecgs=tuple(ecg_sheet(part) for part in content.ecgs),
        groups=printed_groups(content),
        spoken=spoken(content),
        signatures=printed_signatures(content),
    )


def ecg_sheet(part: EcgPart) -> SheetEcg:
    return SheetEcg(
        id=part.id,
        at=parsed(part.occurred_at),
        format=FORMATS.get(part.format, part.format),
        fault=str(FAULTS.get(part.fault, part.fault)),
        sha256=part.sha256,
    )


def parsed(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def name_of(of: Named | None) -> str:
    return in_language(of.name_en, of.name_zh) or of.code if of else ""


def mission_sheet(part: MissionPart) -> SheetMission:
    return SheetMission(
        number=part.number,
        incident_number=part.incident_number,
        centre=name_of(part.centre),
        station=name_of(part.station),
        call_sign=part.call_sign,
        plate=part.plate,
        capability=dispatch_label("capability", part.capability),
        crew=tuple(
            f"{in_language(member.name_en, member.name_zh)} ({dispatch_label('seat', member.seat)})"
            for member in part.crew
        ),
        complaint=dispatch_label("complaint", part.complaint),
        priority=part.priority,
        determinant=part.determinant,
        place=" ".join(filter(None, (part.place_label, part.place_detail))),
        destination=name_of(part.destination),
        moments=moment_sheets(part.moments, dispatch_tables()["mission_state"]),
    )


def moment_sheets(moments: Iterable[Moment], labels: Labels) -> tuple[SheetMoment, ...]:
    return tuple(
        SheetMoment(
            str(labels.get(moment.state) or element_label(moment.state)),
            moment.nemsis,
            parsed(moment.at),
        )
        for moment in moments
    )


def patient_sheet(part: PatientPart) -> SheetPatient:
    return SheetPatient(
        temporary_number=part.temporary_number,
        name=part.name,
        sex=label("sex", part.sex),
        birth_date=part.birth_date,
        age_years=part.age_years,
        id_type=label("id_type", part.id_type) if part.id_type else "",
        id_number=part.id_number,
        phone=part.phone,
    )


def vitals_table(parts: tuple[VitalPart, ...]) -> VitalsTable:
    """Columns are the stretches of five minutes in which anything was measured."""
    latest: dict[datetime, datetime] = {}
    for part in sorted(parts, key=lambda part: part.measured_at):
        latest[stretch(part)] = datetime.fromisoformat(part.measured_at)
    columns = list(latest)
    found = {(part.code, stretch(part)): part for part in parts}
    return VitalsTable(
        times=tuple(latest.values()),
        rows=tuple(
            VitalsRow(
                code=code,
                label=str(name),
                unit=next(UNITS.get(part.unit, part.unit) for part in parts if part.code == code),
                cells=tuple(cell(found.get((code, column))) for column in columns),
            )
            for code, name in VITALS.items()
            if any(part.code == code for part in parts)
        ),
    )


def stretch(part: VitalPart) -> datetime:
    at = datetime.fromisoformat(part.measured_at)
    return at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)


def cell(part: VitalPart | None) -> Cell | None:
    if part is None:
        return None
    good = part.quality == "good"
    return Cell(f"{part.value:g}", "" if good else str(QUALITIES.get(part.quality, part.quality)))


def entry_sheet(part: EntryPart) -> SheetEntry:
    kind = group_label(part.element)
    return SheetEntry(
        at=parsed(part.occurred_at),
        element=part.element,
        kind=kind,
        label=element_label(part.element),
        value=value_label(part),
        unit=label("unit", part.unit) if part.unit else "",
        route=label("route", part.route) if part.route else "",
        reason=label("not_value", part.not_value)
        if part.not_value
        else label("pertinent_negative", part.pertinent_negative)
        if part.pertinent_negative
        else "",
        author=name_of(part.author),
        replaced=part.replaced,
        problems=tuple(sentence(one.code, one.params) for one in part.problems),
    )


def value_label(part: EntryPart) -> str:
    if part.element in DRAWN:
        return ""
    table = choices_of(part.element)
    return label(table, part.value) if table else part.value


def handover_sheet(part: HandoverPart, states: Labels) -> SheetHandover:
    return SheetHandover(
        hospital=name_of(part.hospital),
        preadmission_number=part.preadmission_number,
        state=str(states.get(part.state, part.state)),
        bay=part.bay,
        team=part.team,
        moments=moment_sheets(part.moments, states),
        confirmed_by=name_of(part.confirmed_by),
        given_by=name_of(part.given_by),
        given_at=parsed(part.given_at),
        received_by=name_of(part.received_by),
        received_at=parsed(part.received_at),
        condition=condition_text(part.sheet),
        things=thing_texts(part.sheet),
        given_strokes=strokes_of(part, "crew"),
        received_strokes=strokes_of(part, "hospital"),
        remark=next((one.remark for one in part.signatures if one.remark), ""),
    )


def condition_text(sheet: SheetPart | None) -> str:
    if sheet is None:
        return ""
    said = str(CONDITIONS.get(sheet.condition, sheet.condition))
    return " · ".join(filter(None, (said, sheet.condition_note, sheet.note)))


def thing_texts(sheet: SheetPart | None) -> tuple[str, ...]:
    """`2 × ring, valuable, to a relative`: as both sides signed it."""
    if sheet is None:
        return ()
    return tuple(
        ", ".join(
            filter(
                None,
                (
                    f"{one.count} × {one.what}" if one.count > 1 else one.what,
                    _("valuable") if one.valuable else "",
                    str(KEEPERS.get(one.keeper, one.keeper)),
                ),
            )
        )
        for one in sheet.things
    )


def strokes_of(part: HandoverPart, side: str) -> str:
    return next((one.image for one in part.signatures if one.side == side), "")
