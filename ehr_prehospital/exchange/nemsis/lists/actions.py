"""Take the operator's copy of the official lists into the database."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from dispatch.journal.actions import append
from ehr_prehospital.exchange.nemsis.lists.models import OfficialCode, OfficialList
from ehr_prehospital.exchange.nemsis.lists.reading import official_lists

SOURCE = "nemsis"


def load(folder: Path, *, now: datetime) -> dict[str, int]:
    """Replace all lists of NEMSIS; list → how many codes. Raises Unreadable, and changes nothing.

    What a record says stays as it was written: it holds the code itself.
    """
    counts: dict[str, int] = {}
    with transaction.atomic():
        OfficialList.objects.filter(source=SOURCE).delete()
        for one in official_lists(folder):
            row = OfficialList.objects.create(
                source=SOURCE,
                name=one.name,
                version=one.version,
                elements=list(one.elements),
                loaded_at=now,
            )
            OfficialCode.objects.bulk_create(
                OfficialCode(
                    list=row,
                    place=place,
                    system=code.system,
                    code=code.code,
                    name=code.name[:300],
                    category=code.category[:80],
                )
                for place, code in enumerate(one.codes)
            )
            counts[one.name] = len(one.codes)
        append(
            kind="nemsis.code_lists_loaded",
            actor=None,
            now=now,
            refs={},
            detail={"lists": len(counts), "codes": sum(counts.values())},
        )
    return counts
