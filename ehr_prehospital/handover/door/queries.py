"""Reads of the door: the sheet as it was signed, its parts of the record."""

from ehr_prehospital.handover.door.models import TransferSheet
from ehr_prehospital.handover.door.rules import SheetContent, sheet_hash, things_of
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.record.content import SheetPart, SignaturePart, ThingPart
from ehr_prehospital.record.queries import named, stamp


def content_of(sheet: TransferSheet) -> SheetContent:
    return SheetContent(
        condition=sheet.condition,
        condition_note=sheet.condition_note,
        things=things_of(sheet.things),
        note=sheet.note,
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
