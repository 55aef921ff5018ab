"""The two papers: what stands on the record, and on the sheet that changes hands."""

from collections.abc import Iterator
from enum import StrEnum
from html import escape
from itertools import groupby

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from ehr_prehospital.exchange.pdf import care
from ehr_prehospital.exchange.pdf.blocks import (
    Clock,
    Clocks,
    Grid,
    Label,
    Letter,
    Mark,
    Paper,
    Signature,
    Signatures,
    Spoken,
    Table,
    Text,
    Trend,
)
from ehr_prehospital.exchange.pdf.signs import signs_table, trend
from ehr_prehospital.exchange.pdf.words import (
    NOTHING,
    cell,
    clock,
    doubtful,
    instant,
    minute,
    moment,
)
from ehr_prehospital.record.printable import Sheet, SheetEntry, SheetMoment
from ehr_prehospital.record.printed_groups import PrintedSignature

NEWEST_SETS = 4
LONGEST_NAME = 32
# Told by the table below the handover text where there is one.
TABLED = frozenset(care.TREATMENT)
Block = Grid | Clocks | Table | Trend | Spoken | Signatures


class Kind(StrEnum):
    RECORD = "record"
    HANDOVER = "handover"


def paper(sheet: Sheet, kind: Kind, *, language: str) -> Paper:
    """In the language that is active; `language` (zh, en) is the document's."""
    titles = {Kind.RECORD: _("Pre-hospital medical record"), Kind.HANDOVER: _("Handover sheet")}
    made = {Kind.RECORD: record_blocks, Kind.HANDOVER: handover_blocks}
    code = number_of(sheet)
    seal = f"SHA-256 {sheet.hash}" if sheet.hash else _("Record %(id)s") % {"id": sheet.record_id}
    return Paper(
        language=language,
        title=titles[kind],
        centre=" · ".join(filter(None, (sheet.mission.centre, sheet.mission.station))),
        state=state(sheet),
        draft=sheet.draft,
        person=person(sheet),
        number_label=_("Pre-admission number")
        if sheet.handover and sheet.handover.preadmission_number
        else _("Mission"),
        number=code,
        code=sheet.mission.number,
        qr=symbol(code) if code else "",
        seal=seal,
        zone=_("Times in the centre’s time zone") + f" ({settings.TIME_ZONE})",
        # Filled in by paper.typ, which alone knows the pages.
        foot=" · ".join(filter(None, (person(sheet), code))),
        compact=kind is Kind.HANDOVER,
        page=_("Page %(page)s of %(pages)s"),
        blocks=tuple(block for block in made[kind](sheet) if block is not None),
    )


def symbol(code: str) -> str:
    """A QR symbol that survives a photocopy: a quarter of it may be lost."""
    return str(segno.make(code, error="q", micro=False).svg_inline(border=2, omitsize=True))


def number_of(sheet: Sheet) -> str:
    return (sheet.handover.preadmission_number if sheet.handover else "") or sheet.mission.number


def state(sheet: Sheet) -> str:
    if sheet.draft:
        return _("DRAFT – not closed")
    return _("Version %(version)s, closed %(at)s") % {
        "version": sheet.version,
        "at": moment(sheet.closed_at),
    }


def person(sheet: Sheet) -> str:
    """Who it is about, in the head of every page; a name too long for it stands whole below."""
    patient = sheet.patient
    name = patient.name or patient.temporary_number or NOTHING
    shown = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    return " · ".join(filter(None, (shown, patient.sex, age(sheet))))


def age(sheet: Sheet) -> str:
    years = sheet.patient.age_years
    return "" if years is None else _("%(years)s years") % {"years": years}


def record_blocks(sheet: Sheet) -> Iterator[Block | None]:
    yield patient(sheet)
    yield mission(sheet)
    yield clocks(_("Times"), sheet.mission.moments)
    yield from care.story(sheet)
    yield signs_table(sheet)
    yield trend(sheet)
    yield care.examination(sheet)
    yield care.treatment(sheet)
    yield from care.groups(sheet)
    yield from care.answered(sheet)
    yield ecgs(sheet)
    yield spoken(sheet)
    yield handover(sheet)
    yield signatures(sheet)
    yield time_line(sheet)


def handover_blocks(sheet: Sheet) -> Iterator[Block | None]:
    """One page where it fits: who, what, the newest signs, what was given, both names."""
    yield patient(sheet)
    yield handover(sheet) or mission(sheet)
    yield clocks(_("Times"), sheet.mission.moments)
    treatment = care.treatment(sheet)
    yield spoken(sheet, tabled=TABLED if treatment else frozenset())
    yield signs_table(sheet, newest=NEWEST_SETS)
    yield treatment
    yield ecgs(sheet)
    yield both_names(sheet)


def patient(sheet: Sheet) -> Grid:
    one = sheet.patient
    born = f" ({one.birth_date})" if one.birth_date else ""
    return Grid(
        _("Patient"),
        (
            cell(_("Name"), one.name, 4),
            cell(_("Sex"), one.sex, 2),
            cell(_("Age"), (age(sheet) or NOTHING) + born, 3),
            cell(_("Temporary number"), one.temporary_number, 3),
            cell(_("Document"), " ".join(filter(None, (one.id_type, one.id_number))), 6),
            cell(_("Telephone"), one.phone, 6),
        ),
    )


def mission(sheet: Sheet) -> Grid:
    one = sheet.mission
    call = [
        one.complaint,
        f"{_('priority')} {one.priority}" if one.priority else "",
        one.determinant,
    ]
    unit = [one.call_sign, one.capability, one.plate]
    return Grid(
        _("Mission"),
        (
            cell(_("Mission"), one.number, 3),
            cell(_("Incident"), one.incident_number, 3),
            cell(_("Unit"), " · ".join(filter(None, unit)), 6),
            cell(_("Crew"), ", ".join(one.crew), 6),
            cell(_("Reason for the call"), " · ".join(filter(None, call)), 6),
            cell(_("Place"), one.place, 6),
            cell(_("Destination"), one.destination, 6),
        ),
    )


def clocks(title: str, moments: tuple[SheetMoment, ...]) -> Clocks | None:
    cells = tuple(Clock(one.label, clock(one.at), one.nemsis) for one in moments)
    return Clocks(title, cells) if cells else None


def spoken(sheet: Sheet, *, tabled: frozenset[str] = frozenset()) -> Spoken | None:
    """ATMIST or ISBAR, letter by letter; without it where nothing is said.

    Of the groups `tabled` it only says that a table tells of them.
    """
    told = sheet.spoken
    if not any(section.items for section in told.sections):
        return None
    letters = []
    for section in told.sections:
        items = []
        for one in section.items:
            if one.line.element.partition(".")[0] in tabled:
                continue
            time = one.line.at
            words = one.line.zh if told.chinese else one.line.en
            texts = [Text(instant(one.line.element, one.line.value) or words)]
            if one.line.group or one.line.element.startswith("vital."):
                texts += [Text(minute(time), Mark.SMALL)] if time else []
            if one.line.doubtful:
                texts.append(Text(doubtful(), Mark.STRONG))
            items.append(Label(one.label_zh if told.chinese else one.label_en, tuple(texts)))
        if len(items) < len(section.items):
            items.append(Label("", (Text(_("Treatment: see the table below."), Mark.SMALL),)))
        letters.append(
            Letter(section.letter, section.zh if told.chinese else section.en, tuple(items))
        )
    return Spoken(f"{_('Handover text')} ({told.scheme})", tuple(letters))


def ecgs(sheet: Sheet) -> Table | None:
    if not sheet.ecgs:
        return None
    return Table(
        title=_("12-lead ECGs"),
        heads=(_("Time"), _("Format"), "SHA-256"),
        widths=(0.0, 0.0, 1.0),
        rows=tuple(
            (
                (Text(clock(one.at)),),
                (Text(" · ".join(filter(None, (one.format, one.fault)))),),
                (Text(one.sha256, Mark.SMALL),),
            )
            for one in sheet.ecgs
        ),
    )


def handover(sheet: Sheet) -> Grid | None:
    one = sheet.handover
    if one is None:
        return None
    when = [f"{moment.label} {clock(moment.at)}" for moment in one.moments]
    return Grid(
        _("Handover"),
        (
            cell(_("Hospital"), one.hospital, 4),
            cell(_("Pre-admission number"), one.preadmission_number, 4),
            cell(_("State"), one.state, 2),
            cell(_("Bay"), one.bay, 2),
            *((cell(_("Team"), one.team, 4),) if one.team else ()),
            *((cell(_("Condition at handover"), one.condition, 12),) if one.condition else ()),
            *((cell(_("Things handed over"), " · ".join(one.things), 12),) if one.things else ()),
            *((cell(_("Remark of the receiver"), one.remark, 12),) if one.remark else ()),
            *((cell(_("Steps"), " · ".join(when), 8 if one.team else 12),) if when else ()),
        ),
    )


def signatures(sheet: Sheet) -> Signatures | None:
    """Those of the record, then the two names of the transfer of care."""
    boxes = [*(signed(one) for one in sheet.signatures), *transfer(sheet)]
    return Signatures(_("Signatures"), tuple(boxes)) if boxes else None


def both_names(sheet: Sheet) -> Signatures:
    """Always two places to sign, also on a draft that is printed for the pen."""
    given = transfer(sheet) or [
        Signature(_("Given by"), "", "", _("ambulance crew")),
        Signature(_("Received by"), "", "", _("emergency department")),
    ]
    return Signatures(_("Signatures"), (*(signed(one) for one in sheet.signatures), *given))


def transfer(sheet: Sheet) -> list[Signature]:
    one = sheet.handover
    if one is None:
        return []
    return [
        Signature(
            _("Given by"),
            one.given_by,
            moment(one.given_at) if one.given_at else "",
            _("ambulance crew"),
            drawing(one.given_strokes),
        ),
        Signature(
            _("Received by"),
            one.received_by,
            moment(one.received_at) if one.received_at else "",
            _("emergency department"),
            drawing(one.received_strokes),
        ),
    ]


def signed(one: PrintedSignature) -> Signature:
    note = [*one.reasons, one.status, one.statement, doubtful() if one.doubtful else ""]
    return Signature(
        one.signer,
        one.name,
        moment(one.at) if one.at else "",
        " · ".join(filter(None, note)),
        drawing(one.strokes),
    )


def drawing(strokes: str) -> str:
    """The strokes of the tablet's pad as a picture; "" for what is no path of lines."""
    if not strokes or set(strokes) - set("ML0123456789,.- "):
        return ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200">'
        f'<path d="{escape(strokes)}" fill="none" stroke="#000" stroke-width="4" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def time_line(sheet: Sheet) -> Table:
    """Every entry as it was written, the replaced ones struck through.

    What one person wrote of one group at one time shares a row.
    """
    entries = sorted(sheet.entries, key=lambda one: one.at or care.NEVER)
    shared = groupby(entries, key=lambda one: (one.at, one.kind, one.author))
    return Table(
        title=_("Time line"),
        heads=(_("Time"), _("Kind"), _("Entry"), _("Author")),
        widths=(0.0, 0.0, 1.0, 0.0),
        rows=tuple(
            (
                (Text(clock(at)),),
                (Text(care.kind_of(rows[0])),),
                tuple(text for row in rows for text in line(row)),
                (Text(author),),
            )
            for (at, _kind, author), found in shared
            for rows in [list(found)]
        )
        or (((Text(NOTHING),), (), (Text(_("Nothing recorded.")),), ()),),
        small=True,
    )


def line(entry: SheetEntry) -> tuple[Text, ...]:
    mark = Mark.STRUCK if entry.replaced else Mark.PLAIN
    label, value = care.answer(entry)
    value = instant(entry.element, value) or value
    words = " ".join(filter(None, (value, entry.unit, entry.route, entry.reason)))
    drawn = words or ("✓" if entry.element == "signature.image" else "")
    return (
        Text(label, Mark.STRUCK if entry.replaced else Mark.SMALL),
        Text(f"{drawn} ", mark),
        *(Text(f"⚠ {problem} ", Mark.STRONG) for problem in entry.problems),
    )
