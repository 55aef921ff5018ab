"""Close the record as its next version, chained to the one before."""

from datetime import datetime

from django.db import transaction

from dispatch.fleet.models import Mission
from dispatch.journal.actions import Told, append, append_all
from dispatch.people.models import User
from ehr_prehospital.delivery.actions import wake
from ehr_prehospital.record.actions.opening import record_refs
from ehr_prehospital.record.content import HandoverPart, canonical, read
from ehr_prehospital.record.models import Record, RecordVersion
from ehr_prehospital.record.queries import content_now, newest_version
from ehr_prehospital.record.rules import GENESIS, version_hash


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
            Record.objects.select_for_update(of=("self",), no_key=True)
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
        wake()  # whoever sends closed records by itself looks now
    return version


def tell_of_entries(*, record: Record, kind: str, actor: User | None, now: datetime) -> None:
    """Journal that a hospital gains or loses sight of what has been written so far."""
    entries = record.entries.exclude(element__startswith="identity.").order_by("entered_at", "pk")
    known = {"record": record.pk, "mission": record.mission_id}
    told = [Told(kind, {**known, "entry": pk}) for pk in entries.values_list("pk", flat=True)]
    append_all(told, actor=actor, now=now)


def amend(*, record: Record, mission: Mission, actor: User, now: datetime) -> None:
    """What is added to a closed record goes into its next version, with the same handover."""
    last = newest_version(record)
    if last:
        close_version(record=record, handover=read(last.content).handover, actor=actor, now=now)
