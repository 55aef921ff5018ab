"""What the record itself puts on the time line: statuses, entries, 12-leads, files, alarms."""

from collections.abc import Iterator
from datetime import datetime

from dispatch.fleet.models import Mission
from dispatch.people.models import User, in_language
from dispatch.terms import label as dispatch_label
from ehr_prehospital.attachments.models import Attachment
from ehr_prehospital.attachments.rules import PICTURES, SOUNDS
from ehr_prehospital.ecg.queries import ecgs_of
from ehr_prehospital.ecg.words import STATES as ECG_STATES
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.rules import State as HandoverState
from ehr_prehospital.handover.words import STATES as HANDOVER_STATES
from ehr_prehospital.hypermedia.timeline import Lane, Moment
from ehr_prehospital.hypermedia.words import KINDS
from ehr_prehospital.record.catalogue import elements
from ehr_prehospital.record.queries import content_now, record_of
from ehr_prehospital.record.rules.statements_of import Line, line_of, standing_in
from ehr_prehospital.record.words import group_label
from ehr_prehospital.vitals.alarms.models import Alarm
from ehr_prehospital.vitals.alarms.words import ALARMS

# Said by the statuses, drawn, or the time line's own; who the patient is stands above it.
_NOT_HERE = frozenset({"identity", "patient", "response", "dispatch", "times", "signature"})
_FILES = frozenset({"attachment.reference", "attachment.name"})


def statuses(mission: Mission) -> Iterator[Moment]:
    """The facts that count, and what the hospital answered."""
    rows = mission.facts.filter(undone_at__isnull=True).select_related("actor")
    for row in rows.order_by("occurred_at"):
        yield Moment(
            id=f"fact-{row.pk}",
            lane=Lane.STATUS,
            kind=row.fact,
            at=row.occurred_at,
            recorded_at=row.recorded_at,
            title=dispatch_label("fact", row.fact),
            detail=dispatch_label("contradiction", row.contradiction) if row.contradiction else "",
            by=_name(row.actor),
            urgent=bool(row.contradiction),
        )
    yield from _assignment(mission)
    for handover in Handover.objects.filter(mission=mission):
        yield from _handover(handover)


def _assignment(mission: Mission) -> Iterator[Moment]:
    yield Moment(
        id=f"assigned-{mission.pk}",
        lane=Lane.STATUS,
        kind="assigned",
        at=mission.assigned_at,
        title=dispatch_label("mission_state", "assigned"),
    )


def _handover(handover: Handover) -> Iterator[Moment]:
    people = {HandoverState.CONFIRMED: handover.confirmed_by}
    for state in HandoverState:
        moment: datetime | None = getattr(handover, f"{state}_at", None)
        if moment:
            yield Moment(
                id=f"handover-{handover.pk}-{state}",
                lane=Lane.STATUS,
                kind=f"handover_{state}",
                at=moment,
                title=str(HANDOVER_STATES[state]),
                detail=in_language(handover.hospital.name_en, handover.hospital.name_zh),
                by=_name(people.get(state)),
            )


def entries(mission: Mission) -> Iterator[Moment]:
    """What stands in the record, each group of entries as one moment."""
    record = record_of(mission)
    if record is None:
        return
    content = content_now(record, handover=None, version=0, closed_at=None)
    groups: dict[object, list[Line]] = {}
    for one in standing_in(content):
        line = line_of(one)
        if line and line.at and line.element.partition(".")[0] not in _NOT_HERE:
            groups.setdefault(line.group or line.element, []).append(line)
    for key, lines in groups.items():
        yield _entry(str(key), lines)


def _entry(key: str, lines: list[Line]) -> Moment:
    order = list(elements())
    lines = sorted(lines, key=lambda one: order.index(one.element))
    said = [line for line in lines if line.element not in _FILES]
    kind = lines[0].element.partition(".")[0]
    words = [_words(line, alone=len(said) == 1) for line in said]
    return Moment(
        id=f"entry-{key}",
        lane=Lane.CARE,
        kind=kind,
        at=min(line.at for line in lines if line.at),
        title=group_label(lines[0].element),
        detail=" · ".join(words),
        urgent=any(line.doubtful for line in lines),
    )


def _words(line: Line, *, alone: bool) -> str:
    known = elements()[line.element]
    text = in_language(line.en, line.zh)
    name = in_language(known.en, known.zh)
    return text if not alone and known.table else f"{name} {text}"


def ecgs(mission: Mission) -> Iterator[Moment]:
    for row in ecgs_of(mission.pk):
        yield Moment(
            id=f"ecg-{row.pk}",
            lane=Lane.FINDING,
            kind="ecg",
            at=row.occurred_at,
            recorded_at=row.recorded_at,
            title=str(KINDS["ecg"]),
            detail="" if row.state == "read" else str(ECG_STATES.get(row.state, "")),
            by=_name(row.author),
            link=f"/ecgs/{row.pk}/",
            more={"ecg": str(row.pk)},
        )


def files(mission: Mission) -> Iterator[Moment]:
    """Photographs, voice notes and papers, with what they are said to be about."""
    about = _about(mission)
    rows = Attachment.objects.filter(mission=mission).defer("content").select_related("author")
    for row in rows.order_by("occurred_at"):
        kind = "photo" if row.media_type in PICTURES else "document"
        kind = "voice" if row.media_type in SOUNDS else kind
        yield Moment(
            id=f"file-{row.pk}",
            lane=Lane.FINDING,
            kind=kind,
            at=row.occurred_at,
            recorded_at=row.recorded_at,
            title=str(KINDS[kind]),
            detail=about.get(str(row.pk), ""),
            by=_name(row.author),
            link=f"/api/attachments/{row.pk}/" if kind == "document" else "",
            media=f"/api/attachments/{row.pk}/" if kind != "document" else "",
            media_type=row.media_type,
        )


def _about(mission: Mission) -> dict[str, str]:
    """File → what the record says it is about."""
    record = record_of(mission)
    if record is None:
        return {}
    groups: dict[object, dict[str, str]] = {}
    rows = record.entries.filter(element__in=["attachment.reference", "attachment.about"])
    for row in rows.order_by("occurred_at", "entered_at"):
        groups.setdefault(row.group, {})[row.element] = row.value
    found = {}
    for group in groups.values():
        element = group.get("attachment.about", "")
        known = elements().get(element)
        found[group.get("attachment.reference", "")] = (
            in_language(known.en, known.zh) if known else element
        )
    return found


def alarms(mission: Mission) -> Iterator[Moment]:
    rows = Alarm.objects.filter(mission=mission).select_related("acknowledged_by")
    for row in rows.order_by("began_at"):
        yield Moment(
            id=f"alarm-{row.pk}",
            lane=Lane.FINDING,
            kind="alarm",
            at=row.began_at,
            until=row.ended_at,
            recorded_at=row.raised_at,
            title=str(ALARMS.get(row.code, row.code)),
            detail=f"{row.value:g}" if row.value is not None else "",
            by=_name(row.acknowledged_by),
            urgent=row.priority == "high",
        )


def _name(person: User | None) -> str:
    return person.shown_name if person else ""
