"""Reads of the door: the sheet as it was signed, its parts of the record."""

from collections.abc import Collection
from uuid import UUID

from ehr_prehospital.handover.door.models import TransferSheet
from ehr_prehospital.handover.door.rules import SheetContent, colour, sheet_hash, things_of
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.record.content import SheetPart, SignaturePart, ThingPart
from ehr_prehospital.record.models import RecordEntry
from ehr_prehospital.record.queries import named, replaced_in, stamp


def content_of(sheet: TransferSheet) -> SheetContent:
    return SheetContent(
        condition=sheet.condition,
        condition_note=sheet.condition_note,
        things=things_of(sheet.things),
        note=sheet.note,
    )


def scene_tags(missions: Collection[UUID]) -> dict[UUID, str]:
    """Mission → the newest tag that its crew gave the patient at the scene."""
    rows = RecordEntry.objects.filter(
        record__mission__in=missions, element="scene.triage", not_value=""
    )
    gone = replaced_in(set(rows.values_list("record", flat=True)))
    said = rows.order_by("occurred_at").values_list("pk", "record__mission", "value")
    return {mission: value for pk, mission, value in said if pk not in gone}


def colour_of(handover: Handover, tag: str) -> tuple[str, str]:
    kept = getattr(handover, "reception", None)
    return colour(
        scale=kept.scale if kept else "",
        level=kept.level if kept else "",
        priority=handover.mission.incident.priority,
        tag=tag,
    )


def sheet_part(handover: Handover) -> SheetPart | None:
    sheet = TransferSheet.objects.filter(handover=handover).first()
    if sheet is None:
        return None
    content = content_of(sheet)
    return SheetPart(
        condition=content.condition,
        condition_note=content.condition_note,
        things=tuple(
            ThingPart(one.what, one.count, one.keeper, one.valuable) for one in content.things
        ),
        note=content.note,
        written_at=stamp(sheet.written_at),
        hash=sheet_hash(content),
    )


def signature_parts(handover: Handover) -> tuple[SignaturePart, ...]:
    """The crew's first, whichever came first."""
    return tuple(
        SignaturePart(
            side=row.side,
            method=row.method,
            signer=named(row.signer),
            signed_at=stamp(row.signed_at),
            remark=row.remark,
            image=row.image,
            sheet_hash=row.sheet_hash,
        )
        for row in handover.signatures.select_related("signer").order_by("side")
    )
