"""Reads of records: the content as it stands now, or as it was closed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime

from dispatch.fleet.models import Mission, Shift
from dispatch.fleet.rules import NEMSIS_TIMES, WAY, State
from dispatch.people.models import Organisation, User
from ehr_prehospital.access.models import Patient
from ehr_prehospital.ecg.queries import ecgs_of
from ehr_prehospital.record.content import (
    Content,
    CrewMember,
    EcgPart,
    EntryPart,
    HandoverPart,
    MissionPart,
    Moment,
    Named,
    PatientPart,
    ProblemPart,
    VitalPart,
    read,
)
from ehr_prehospital.record.models import PatientMerge, Record, RecordEntry, RecordVersion
from ehr_prehospital.record.rules import GENESIS, Entry, Problem, version_hash
from ehr_prehospital.vitals.queries import thinned

# The vitals table of the record has one column each five minutes.
TABLE_EVERY_S = 300


def stamp(moment: datetime | None) -> str:
    """Local time with its offset, never `Z`; "" for a time that is not there."""
    return localtime(moment).isoformat(timespec="seconds") if moment else ""


def named(of: Organisation | User | None) -> Named | None:
    if of is None:
        return None
    code = of.code if isinstance(of, Organisation) else of.username
    return Named(of.name_en, of.name_zh, code)


def record_of(mission: Mission) -> Record | None:
    return Record.objects.filter(mission=mission).select_related("encounter__patient").first()


def merge_of(patient: Patient) -> PatientMerge | None:
    """The merge that holds now."""
    return (
        PatientMerge.objects.filter(patient=patient, parted_at__isnull=True)
        .select_related("known")
        .first()
    )


def newest_version(record: Record) -> RecordVersion | None:
    return record.versions.order_by("-version").first()


def content_now(
    record: Record, *, handover: HandoverPart | None, version: int, closed_at: datetime | None
) -> Content:
    """The record as it stands. `version` 0 is a draft."""
    mission = Mission.objects.select_related(
        "incident__centre", "ambulance__station", "destination"
    ).get(pk=record.mission_id)
    return Content(
        record_id=str(record.pk),
        version=version,
        closed_at=stamp(closed_at),
        mission=mission_part(mission),
        patient=patient_part(record.encounter.patient),
        vitals=vitals_part(mission),
        entries=entry_parts(record),
        handover=handover,
        ecgs=ecg_parts(mission),
    )


def ecg_parts(mission: Mission) -> tuple[EcgPart, ...]:
    return tuple(
        EcgPart(
            id=str(row.pk),
            sha256=bytes(row.original_id).hex(),
            occurred_at=stamp(row.occurred_at),
            format=row.format,
            state=row.state,
            fault=row.fault,
        )
        for row in ecgs_of(mission.pk)
    )


def content_of(version: RecordVersion) -> Content:
    return read(version.content)


def mission_part(mission: Mission) -> MissionPart:
    incident, unit = mission.incident, mission.ambulance
    return MissionPart(
        number=mission.number,
        incident_number=incident.number,
        centre=Named(incident.centre.name_en, incident.centre.name_zh, incident.centre.code),
        station=Named(unit.station.name_en, unit.station.name_zh, unit.station.code),
        call_sign=unit.call_sign,
        plate=unit.plate,
        capability=unit.capability,
        crew=crew_part(mission),
        complaint=incident.complaint,
        determinant=incident.determinant,
        priority=incident.priority,
        place_label=incident.place_label,
        place_detail=incident.place_detail,
        moments=moments_of(mission),
        destination=named(mission.destination),
        state=mission.state,
    )


def crew_part(mission: Mission) -> tuple[CrewMember, ...]:
    """Who sat in the ambulance when the mission began."""
    shifts = Shift.objects.filter(
        ambulance_id=mission.ambulance_id,
        starts_at__lte=mission.assigned_at,
        ends_at__gt=mission.assigned_at,
    ).select_related("user")
    return tuple(
        CrewMember(shift.user.name_en, shift.user.name_zh, shift.seat)
        for shift in shifts.order_by("seat", "user__username")
    )


def moments_of(mission: Mission) -> tuple[Moment, ...]:
    moments = [
        Moment(state.value, NEMSIS_TIMES.get(state, ""), stamp(getattr(mission, f"{state}_at")))
        for state in WAY
        if getattr(mission, f"{state}_at")
    ]
    ended = State(mission.state)
    if mission.ended_at and ended not in WAY:
        moments.append(Moment(ended.value, NEMSIS_TIMES.get(ended, ""), stamp(mission.ended_at)))
    return tuple(moments)


def patient_part(patient: Patient) -> PatientPart:
    return PatientPart(
        temporary_number=patient.temporary_number,
        name=patient.name,
        sex=patient.sex,
        birth_date=patient.birth_date.isoformat() if patient.birth_date else "",
        age_years=patient.age_years,
        id_type=patient.id_type,
        id_number=patient.id_number,
        phone=patient.phone,
    )


def vitals_part(mission: Mission) -> tuple[VitalPart, ...]:
    """One value of each code every few minutes, while the patient was in the crew's care."""
    numbers = thinned(
        mission_id=mission.pk,
        since=mission.at_patient_at,
        until=mission.handed_over_at or mission.ended_at,
        every_s=TABLE_EVERY_S,
    )
    return tuple(
        VitalPart(
            number.code,
            number.value,
            number.unit,
            stamp(number.measured_at),
            number.quality,
            number.source,
        )
        for number in numbers
    )


def replaced_in(record_ids: Collection[UUID]) -> frozenset[UUID]:
    """Every entry of these records that another one replaces."""
    rows = RecordEntry.objects.filter(record__in=record_ids).values_list("replaces", "parent_id")
    return frozenset(
        parent for replaces, one in rows for parent in (*replaces, one) if parent is not None
    )


def entry_parts(record: Record) -> tuple[EntryPart, ...]:
    gone = replaced_in([record.pk])
    rows = record.entries.select_related("author").order_by("occurred_at", "entered_at", "pk")
    return tuple(entry_part(row, replaced=row.pk in gone) for row in rows)


def entries_of(record: Record) -> list[Entry]:
    """All entries as the rules see them, oldest first; as plain rows, for there are many."""
    rows = record.entries.order_by("occurred_at", "entered_at", "pk").values_list(
        "id",
        "element",
        "occurred_at",
        "entered_at",
        "value",
        "unit",
        "route",
        "not_value",
        "pertinent_negative",
        "group",
        "replaces",
        "parent_id",
        "source",
        "device_at",
        "reading_id",
        "author_id",
        "problems",
    )
    return [
        Entry(
            id=row[0],
            element=row[1],
            occurred_at=row[2],
            entered_at=row[3],
            value=row[4],
            unit=row[5],
            route=row[6],
            not_value=row[7],
            pertinent_negative=row[8],
            group=row[9],
            replaces=frozenset(row[10]) if row[11] is None else frozenset([row[11]]),
            source=row[12],
            device_at=row[13],
            reading_id=row[14],
            author_id=row[15],
            problems=tuple(Problem(one["code"], one["params"]) for one in row[16]),
        )
        for row in rows
    ]


def entry_part(row: RecordEntry, *, replaced: bool) -> EntryPart:
    return EntryPart(
        id=str(row.pk),
        element=row.element,
        value=row.value,
        unit=row.unit,
        route=row.route,
        not_value=row.not_value,
        pertinent_negative=row.pertinent_negative,
        occurred_at=stamp(row.occurred_at),
        entered_at=stamp(row.entered_at),
        author=named(row.author),
        source=row.source,
        replaced=replaced,
        group=str(row.group) if row.group else "",
        replaces=tuple(sorted(str(parent) for parent in row.parents)),
        device_at=stamp(row.device_at),
        reading_id=row.reading_id,
        problems=tuple(ProblemPart(one["code"], one["params"]) for one in row.problems),
    )


def broken_version(versions: Iterable[RecordVersion]) -> int | None:
    """The first version of a record whose hash does not follow, None while the chain holds."""
    previous = GENESIS
    for number, row in enumerate(versions, start=1):
        follows = version_hash(previous=previous, content=row.content)
        if (row.version, bytes(row.previous_hash), bytes(row.hash)) != (number, previous, follows):
            return row.version
        previous = follows
    return None
