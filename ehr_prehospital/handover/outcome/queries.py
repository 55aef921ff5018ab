"""Reads of what the hospital said back: the newest of each handover."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.outcome.models import AlertJudgement, Outcome
from ehr_prehospital.record.catalogue import From
from ehr_prehospital.record.filled import Filled
from ehr_prehospital.record.queries import stamp


def newest_outcomes(ids: Collection[UUID]) -> dict[UUID, Outcome]:
    rows = Outcome.objects.filter(handover__in=ids).select_related("returned_by")
    return {row.handover_id: row for row in rows.order_by("returned_at")}


def newest_judgements(ids: Collection[UUID]) -> dict[UUID, AlertJudgement]:
    rows = AlertJudgement.objects.filter(handover__in=ids).select_related("judged_by")
    return {row.handover_id: row for row in rows.order_by("judged_at")}


def filled_by_hospital(handover: Handover) -> list[Filled]:
    """What the hospital said back, in the record's elements: every exporter carries it."""
    found: list[Filled] = []

    def say(element: str, value: str, at: datetime | None) -> None:
        if value:
            found.append(Filled(element, value, source=From.DOCUMENT, at=at))

    if handover.handed_over_at:
        say("outcome.ed_admitted_at", stamp(handover.handed_over_at), handover.handed_over_at)
    reception = getattr(handover, "reception", None)
    if reception:
        say("outcome.triage_level", reception.level, reception.triaged_at)
        say("outcome.wristband", reception.wristband, reception.wristband_at)
    outcome = newest_outcomes([handover.pk]).get(handover.pk)
    if outcome:
        at = outcome.returned_at
        # With its code, as the official lists write it; else in the hospital's words.
        coded = outcome.diagnosis_code and f"icd10:{outcome.diagnosis_code}"
        say("outcome.ed_diagnosis", coded or outcome.diagnosis, at)
        say("outcome.ed_disposition", outcome.disposition, at)
        say("outcome.hospital_disposition", outcome.hospital_disposition, at)
        say("outcome.hospital_diagnosis", outcome.hospital_diagnosis, at)
        for code, moment in outcome.times.items():
            say(f"outcome.{code}_at", moment, at)
    return found
