"""Say who the patient is. Each changed part becomes an entry that replaces the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose, admit
from ehr_prehospital.access.models import Patient
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.record.actions.closing import amend
from ehr_prehospital.record.actions.opening import locked, open_record, record_refs
from ehr_prehospital.record.followers import tell as tell_followers
from ehr_prehospital.record.models import Record, RecordEntry
from ehr_prehospital.record.queries import replaced_in
from ehr_prehospital.record.rules import IDENTITY, InvalidEntry, Statement, check
from ehr_prehospital.record.sentences import sentence

# The document of a number that came without saying what it is of.
OTHER_DOCUMENT = "other"


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
        record = locked(open_record(mission=mission, actor=actor, now=now))
        patient = Patient.objects.select_for_update(no_key=True).get(pk=record.encounter.patient_id)
        changed = {part: values[part] for part in IDENTITY if shown(patient, part) != values[part]}
        if not changed:
            return patient
        say(record=record, patient=patient, parts=changed, author=actor, now=now)
        tell_followers(record, frozenset(f"identity.{part}" for part in changed), actor, now)
        append(
            kind="patient.identified" if patient.name else "patient.described",
            actor=actor,
            now=now,
            refs=record_refs(record, mission),
            detail={"parts": ",".join(changed)},
        )
        amend(record=record, mission=mission, actor=actor, now=now)
    return patient


def checked(said: Statement) -> None:
    """Judge a part of the form; a refusal speaks the user's language."""
    try:
        check(said)
    except InvalidEntry as wrong:
        raise BadInput(sentence(wrong.wrong, wrong.params), code=wrong.wrong) from wrong


def say(
    *,
    record: Record,
    patient: Patient,
    parts: Mapping[str, str],
    author: User | None,
    now: datetime,
    source: str = RecordEntry.Source.CREW,
) -> list[RecordEntry]:
    """Write parts of an identity, each in place of what stands, and keep them at the patient."""
    heads = identity_heads(record)
    rows = RecordEntry.objects.bulk_create(
        RecordEntry(
            id=uuid4(),
            record=record,
            element=f"identity.{part}",
            value=value,
            occurred_at=now,
            entered_at=now,
            replaces=heads.get(f"identity.{part}", []),
            author=author,
            source=source,
        )
        for part, value in parts.items()
    )
    keep(patient, parts)
    return rows


def take_over(record: Record, rows: Sequence[RecordEntry]) -> None:
    """What the entries just written say of the identity, at the patient too."""
    said = {
        row.element.partition(".")[2]: "" if row.not_value else row.value
        for row in rows
        if row.element.startswith("identity.") and not row.problems
    }
    if said:
        keep(
            Patient.objects.select_for_update(no_key=True).get(pk=record.encounter.patient_id), said
        )


def keep(patient: Patient, parts: Mapping[str, str]) -> None:
    for part, value in parts.items():
        setattr(patient, part, stored(part, value))
    fields = set(parts)
    if patient.id_number and not patient.id_type:
        patient.id_type = OTHER_DOCUMENT
        fields.add("id_type")
    patient.save(update_fields=fields)


def identity_heads(record: Record) -> dict[str, list[UUID]]:
    """Identity element → the entries that stand for it."""
    found: dict[str, list[UUID]] = {}
    gone = replaced_in([record.pk])
    rows = record.entries.filter(element__startswith="identity.").values_list("element", "pk")
    for element, entry_id in rows:
        if entry_id not in gone:
            found.setdefault(element, []).append(entry_id)
    return found


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
