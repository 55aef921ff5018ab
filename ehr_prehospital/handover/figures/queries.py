"""The alerts of one hospital as the figures take them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.utils.timezone import localtime

from ehr_prehospital.handover.department.queries import department_of
from ehr_prehospital.handover.figures.rules import CaseRow
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.outcome.models import Outcome
from ehr_prehospital.handover.outcome.queries import newest_judgements, newest_outcomes
from ehr_prehospital.handover.outcome.rules import minutes_from_door
from ehr_prehospital.handover.rules import WITHDRAWN
from ehr_prehospital.pathways.models import Pathway


def case_rows(*, hospital_id: UUID, begins: datetime, ends: datetime) -> list[CaseRow]:
    """Every alert that was sent to the hospital in this time, each once."""
    rows = list(
        Handover.objects.filter(hospital=hospital_id, sent_at__gte=begins, sent_at__lt=ends)
        .annotate(signed_sides=Count("signatures"))
        .order_by("sent_at")
    )
    keys = [row.pk for row in rows]
    pathways = pathways_of([row.mission_id for row in rows])
    outcomes, judged = newest_outcomes(keys), newest_judgements(keys)
    target_s = department_of(hospital_id).offload_target_s
    return [
        CaseRow(
            handover_id=str(row.pk),
            number=row.preadmission_number,
            sent_at=row.sent_at,
            hour=localtime(row.sent_at).hour,
            pathway=pathways.get(row.mission_id, ""),
            withdrawn=row.state in WITHDRAWN,
            confirmed_at=row.confirmed_at,
            arrived_at=row.arrived_at,
            handed_over_at=row.handed_over_at,
            target_s=target_s,
            signed_sides=row.signed_sides,
            verdict=judged[row.pk].verdict if row.pk in judged else "",
            outcome_at=outcomes[row.pk].returned_at if row.pk in outcomes else None,
            intervention_min=interventions(outcomes.get(row.pk), row.arrived_at),
        )
        for row in rows
    ]


def pathways_of(missions: Sequence[UUID]) -> dict[UUID, str]:
    """Mission → the kind of the pathway that was opened last, whatever became of it since."""
    rows = Pathway.objects.filter(mission__in=missions, opened_at__isnull=False)
    return dict(rows.order_by("opened_at").values_list("mission", "kind"))


def interventions(outcome: Outcome | None, arrived_at: datetime | None) -> dict[str, int]:
    if outcome is None or arrived_at is None:
        return {}
    times = {code: datetime.fromisoformat(at) for code, at in outcome.times.items()}
    return minutes_from_door(times, arrived_at)
