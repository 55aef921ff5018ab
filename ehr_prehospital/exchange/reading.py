"""Records of the database as the exporters take them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dispatch.fleet.models import Mission
from ehr_prehospital.attachments.models import Attachment
from ehr_prehospital.ecg.models import Ecg
from ehr_prehospital.exchange.canonical import CanonicalRecord, Enclosure, Statement
from ehr_prehospital.exchange.wave_reading import waves_of
from ehr_prehospital.handover.filled import filled_by_handover
from ehr_prehospital.record.filled import Filled
from ehr_prehospital.record.models import Record
from ehr_prehospital.record.rules.merging import Standing
from ehr_prehospital.record.standing import RecordNow, record_now


def canonical_record(record: Record, *, now: datetime, with_waves: bool = False) -> CanonicalRecord:
    """The record as it stands now: what people wrote goes before what filled itself."""
    mission = Mission.objects.get(pk=record.mission_id)
    stands = record_now(record, now=now, more=filled_by_handover(mission))
    said = (*written(stands), *filled(stands))
    return CanonicalRecord(
        id=record.pk,
        version=record.version,
        written_at=record.closed_at or now,
        statements=said,
        enclosures=tuple(enclosures_of(mission)),
        waves=tuple(waves_of(mission.pk, measured_at(said))) if with_waves else (),
    )


def measured_at(said: Sequence[Statement]) -> Iterator[datetime]:
    """When each set of vital signs was taken."""
    for one in said:
        if one.element == "vital.taken_at" and one.value:
            moment = datetime.fromisoformat(one.value)
            if moment.tzinfo:
                yield moment


def written(stands: RecordNow) -> list[Statement]:
    return [entered(one, stands) for one in stands.canonical]


def entered(one: Standing, stands: RecordNow) -> Statement:
    entry = one.entry
    author = stands.authors.get(entry.author_id) if entry.author_id else None
    return Statement(
        element=one.element,
        value=entry.value,
        unit=entry.unit,
        route=entry.route,
        not_value=entry.not_value,
        pertinent_negative=entry.pertinent_negative,
        group=one.group,
        occurred_at=entry.occurred_at,
        device_at=entry.device_at,
        source=entry.source,
        author=author.username if author else "",
        id=entry.id,
    )


def filled(stands: RecordNow) -> list[Statement]:
    """What fills itself, where nobody wrote another value."""
    said = {(one.element, one.group) for one in stands.canonical}
    return [by_itself(one) for one in stands.filled if (one.element, one.group) not in said]


def by_itself(one: Filled) -> Statement:
    return Statement(
        element=one.element,
        value=one.value,
        unit=one.unit,
        group=one.group,
        occurred_at=one.at,
        source=one.source,
        en=one.en,
        zh=one.zh,
    )


def enclosures_of(mission: Mission) -> list[Enclosure]:
    """Photographs, papers and 12-lead ECGs, without their bytes."""
    files = Attachment.objects.filter(mission=mission).defer("content")
    ecgs = Ecg.objects.filter(mission_id=mission.pk)
    return [
        *(
            Enclosure(row.pk, row.name, row.media_type, bytes(row.sha256).hex(), row.occurred_at)
            for row in files.order_by("occurred_at")
        ),
        *(
            Enclosure(
                row.pk,
                f"{row.format}.ecg",
                "application/octet-stream",
                bytes(row.original_id).hex(),
                row.occurred_at,
            )
            for row in ecgs.order_by("occurred_at")
        ),
    ]
