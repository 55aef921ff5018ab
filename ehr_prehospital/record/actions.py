"""Write into a record: add, replace, close. Nothing is ever edited or taken away."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose, admit, open_encounter
from ehr_prehospital.access.models import Patient
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.record.content import HandoverPart, canonical, read
from ehr_prehospital.record.models import Record, RecordEntry, RecordVersion
from ehr_prehospital.record.queries import content_now, newest_version, record_of
from ehr_prehospital.record.rules import (
    GENESIS,
    IDENTITY,
    InvalidEntry,
    Statement,
    check,
    version_hash,
)
from ehr_prehospital.record.sentences import sentence


class AlreadyReplaced(Refused):
    """Somebody has replaced this entry already; replace the newer one."""

    code = "already_replaced"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the patient is, as far as known. `unknown` takes a name back (无名氏)."""

    name: str = ""
    sex: str = "unknown"
    birth_date: date | None = None
    age_years: int | None = None
    id_type: str = ""
    id_number: str = ""
    phone: str = ""
    unknown: bool = False


def record_refs(record: Record, mission: Mission) -> dict[str, UUID]:
    """Every subject whose row on a board changes with this record."""
    return {
        **refs_of(mission),
        "record": record.pk,
        "patient": record.encounter.patient_id,
    }


def open_record(*, mission: Mission, actor: User | None, now: datetime) -> Record:
    """The mission's record; opened with encounter and unknown patient when there is none."""
    with transaction.atomic():
        locked = (
            Mission.objects.select_for_update(of=("self",))
            .select_related("incident")
            .get(pk=mission.pk)
        )
        existing = record_of(locked)
        if existing:
            return existing
        encounter = open_encounter(mission=locked, now=now)
        record = Record.objects.create(mission=locked, encounter=encounter, opened_at=now)
        append(
            kind="record.opened",
            actor=actor,
            now=now,
            refs=record_refs(record, locked),
            detail={"temporary_number": encounter.patient.temporary_number},
        )
    return record


def add_entry(
    *,
    mission: Mission,
    entry_id: UUID,
    said: Statement,
    occurred_at: datetime,
    replaces: UUID | None,
    actor: User,
    now: datetime,
) -> RecordEntry:
    """Write one statement into the mission's record. Idempotent on the entry's id.

    Raises NoAccess for anybody but the crew, BadInput for what makes no sense,
    AlreadyReplaced. An entry into a closed record closes its next version at once.
    """
    admit(
        user=actor,
        mission=mission,
        needed=Level.CLINICAL,
        only=Relation.CREW,
        purpose=Purpose.RECORD,
        now=now,
    )
    tidy = checked(said)
    with transaction.atomic():
        record = open_record(mission=mission, actor=actor, now=now)
        record = (
            Record.objects.select_for_update(of=("self",))
            .select_related("encounter__patient")
            .get(pk=record.pk)
        )
        earlier = RecordEntry.objects.filter(pk=entry_id).first()
        if earlier:
            return own(earlier, record)
        entry = write(
            record=record,
            entry_id=entry_id,
            said=tidy,
            occurred_at=occurred_at,
            replaces=replaces,
            author=actor,
            now=now,
        )
        append(
            kind="record.entry_added",
            actor=actor,
            now=now,
            occurred_at=occurred_at,
            refs={**record_refs(record, mission), "entry": entry.pk},
        )
        if replaces:
            # A row of its own: a row names one subject of a kind, and two items change.
            append(
                kind="record.entry_replaced",
                actor=actor,
                now=now,
                refs={"record": record.pk, "mission": mission.pk, "entry": replaces},
            )
        amend(record=record, mission=mission, actor=actor, now=now)
    return entry


def checked(said: Statement) -> Statement:
    """Judge a statement; a refusal speaks the user's language."""
    try:
        return check(said)
    except InvalidEntry as wrong:
        raise BadInput(sentence(wrong), code=wrong.wrong) from wrong


def own(entry: RecordEntry, record: Record) -> RecordEntry:
    """The entry that is already there, unless its id belongs to another record."""
    if entry.record_id != record.pk:
        raise BadInput(_("This identifier is already used."), code="id_in_use")
    return entry


def write(
    *,
    record: Record,
    entry_id: UUID,
    said: Statement,
    occurred_at: datetime,
    replaces: UUID | None,
    author: User | None,
    now: datetime,
) -> RecordEntry:
    """Insert one entry; the database refuses a second replacement of the same one."""
    if replaces and not record.entries.filter(pk=replaces).exists():
        raise BadInput(_("The entry to replace is not in this record."), code="unknown_entry")
    try:
        with transaction.atomic():
            return RecordEntry.objects.create(
                id=entry_id,
                record=record,
                element=said.element,
                value=said.value,
                unit=said.unit,
                route=said.route,
                not_value=said.not_value,
                pertinent_negative=said.pertinent_negative,
                occurred_at=occurred_at,
                entered_at=now,
                author=author,
                source=RecordEntry.Source.TABLET,
                replaces_id=replaces,
            )
    except IntegrityError as clash:
        if "replaces" not in str(clash):
            raise
        raise AlreadyReplaced(_("This entry has already been replaced.")) from clash


def set_patient(*, mission: Mission, identity: Identity, actor: User, now: datetime) -> Patient:
    """Say who the patient is. Each changed part becomes an entry that replaces the one before."""
    admit(
        user=actor,
        mission=mission,
        needed=Level.CLINICAL,
        only=Relation.CREW,
        purpose=Purpose.RECORD,
        now=now,
    )
    values = identity_values(identity)
    for part, value in values.items():
        checked(Statement(f"identity.{part}", value))
    if identity.birth_date and identity.birth_date > now.date():
        raise BadInput(_("The date of birth lies in the future."), code="born_in_future")
    if identity.id_number and not identity.id_type:
        raise BadInput(_("Say which kind of document this number is of."), code="no_id_type")
    with transaction.atomic():
        record = open_record(mission=mission, actor=actor, now=now)
        patient = Patient.objects.select_for_update().get(pk=record.encounter.patient_id)
        changed = [part for part in IDENTITY if shown(patient, part) != values[part]]
        if not changed:
            return patient
        newest = {
            row.element: row.pk
            for row in record.entries.filter(
                element__startswith="identity.", replaced_by__isnull=True
            )
        }
        for part in changed:
            element = f"identity.{part}"
            write(
                record=record,
                entry_id=uuid4(),
                said=Statement(element, values[part]),
                occurred_at=now,
                replaces=newest.get(element),
                author=actor,
                now=now,
            )
            setattr(patient, part, stored(part, values[part]))
        patient.save(update_fields=changed)
        append(
            kind="patient.identified" if patient.name else "patient.described",
            actor=actor,
            now=now,
            refs=record_refs(record, mission),
            detail={"parts": ",".join(changed)},
        )
        amend(record=record, mission=mission, actor=actor, now=now)
    return patient


def identity_values(identity: Identity) -> dict[str, str]:
    """The parts as entries hold them; an unknown patient has neither name nor document."""
    born, age = identity.birth_date, identity.age_years
    return {
        "name": "" if identity.unknown else identity.name.strip(),
        "sex": identity.sex,
        "birth_date": born.isoformat() if born and not identity.unknown else "",
        "age_years": "" if age is None else str(age),
        "id_type": "" if identity.unknown else identity.id_type,
        "id_number": "" if identity.unknown else identity.id_number.strip(),
        "phone": "" if identity.unknown else identity.phone.strip(),
    }


def shown(patient: Patient, part: str) -> str:
    value = getattr(patient, part)
    return "" if value is None else str(value)


def stored(part: str, value: str) -> str | int | date | None:
    match part:
        case "birth_date":
            return date.fromisoformat(value) if value else None
        case "age_years":
            return int(value) if value else None
        case _:
            return value


def close_version(
    *,
    record: Record,
    handover: HandoverPart | None,
    actor: User | None,
    now: datetime,
) -> RecordVersion:
    """Freeze the record as its next version, chained to the one before.

    Runs inside the caller's transaction; what it wrote cannot be changed any more.
    """
    with transaction.atomic():
        locked = (
            Record.objects.select_for_update(of=("self",))
            .select_related("encounter__patient", "mission")
            .get(pk=record.pk)
        )
        last = newest_version(locked)
        number = locked.version + 1
        content = canonical(content_now(locked, handover=handover, version=number, closed_at=now))
        previous = bytes(last.hash) if last else GENESIS
        version = RecordVersion.objects.create(
            record=locked,
            version=number,
            content=content,
            previous_hash=previous,
            hash=version_hash(previous=previous, content=content),
            closed_by=actor,
            closed_at=now,
        )
        locked.state, locked.version, locked.closed_at = Record.State.CLOSED, number, now
        locked.save(update_fields=["state", "version", "closed_at"])
        append(
            kind="record.closed",
            actor=actor,
            now=now,
            refs=record_refs(locked, locked.mission),
            detail={"version": number, "hash": version.hash.hex()},
        )
    return version


def tell_of_entries(*, record: Record, kind: str, actor: User | None, now: datetime) -> None:
    """Journal that a hospital gains or loses sight of what has been written so far."""
    entries = record.entries.exclude(element__startswith="identity.").order_by("entered_at", "pk")
    for entry_id in entries.values_list("pk", flat=True):
        append(
            kind=kind,
            actor=actor,
            now=now,
            refs={"record": record.pk, "mission": record.mission_id, "entry": entry_id},
        )


def amend(*, record: Record, mission: Mission, actor: User, now: datetime) -> None:
    """What is added to a closed record goes into its next version, with the same handover."""
    last = newest_version(record)
    if last:
        close_version(record=record, handover=read(last.content).handover, actor=actor, now=now)
