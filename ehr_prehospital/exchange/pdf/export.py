"""A canonical record as PDF, the record itself or the sheet that changes hands."""

from datetime import datetime
from typing import Literal

from django.utils import translation

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.pdf.content import content_in
from ehr_prehospital.exchange.pdf.paper import Kind, paper
from ehr_prehospital.exchange.pdf.typesetting import pdf
from ehr_prehospital.handover.words import STATES
from ehr_prehospital.record.printable import Sheet, sheet_of

Language = Literal["zh", "en"]
LOCALES = {"zh": "zh-hans", "en": "en"}


def export(
    record: CanonicalRecord,
    language: Language = "zh",
    sheet: Literal["record", "handover"] = "record",
) -> bytes:
    """The pages in one language; the same record gives the same bytes.

    A canonical record has no chain of versions, so no hash stands on it: a closed version
    with its hash is printed from the database (`views.py`).
    """
    with translation.override(LOCALES[language]):
        laid_out = sheet_of(content_in(record), hash_hex="", handover_states=STATES)
        return pdf_of(laid_out, Kind(sheet), language=language, written_at=record.written_at)


def pdf_of(sheet: Sheet, kind: Kind, *, language: str, written_at: datetime) -> bytes:
    """A sheet that was laid out in the active language."""
    return pdf(paper(sheet, kind, language=language), written_at=written_at)
