"""What a crew reads of its own past cases: the outcome, without who the patient was."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from dispatch.fleet.models import Mission, Shift
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose, log_look
from ehr_prehospital.access.rules import Judgement, Level, Relation
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.outcome.models import AlertJudgement, Outcome
from ehr_prehospital.handover.outcome.queries import newest_judgements, newest_outcomes
from ehr_prehospital.handover.outcome.rules import READ_WITHIN


@dataclass(frozen=True, slots=True)
class OwnCase:
    """No name, no age, no address: a mission, a complaint, and what the hospital said."""

    mission: Mission
    handover: Handover
    outcome: Outcome | None
    judgement: AlertJudgement | None


def own_cases(*, user: User, now: datetime) -> list[OwnCase]:
    """The transports on which this person was on shift, of the last 30 days, newest first.

    The record itself stays closed to the crew after 12 h; the outcome is learning, and is shown
    without identity. Each outcome shown is a look and is logged.
    """
    rows = list(
        Handover.objects.filter(
            on_shift_of(user), sent_at__gt=now - READ_WITHIN, redirected_at__isnull=True
        )
        .select_related("mission__incident", "mission__ambulance", "hospital", "encounter")
        .order_by("-sent_at")
        .distinct()[:100]
    )
    keys = [row.pk for row in rows]
    outcomes, judged = newest_outcomes(keys), newest_judgements(keys)
    for row in rows:
        if row.pk in outcomes:
            log_look(
                user=user,
                mission=row.mission,
                patient_id=row.encounter.patient_id,
                judged=Judgement(Level.OPERATIONAL, Relation.CREW, "own_case"),
                purpose=Purpose.OUTCOME,
                now=now,
            )
    return [OwnCase(row.mission, row, outcomes.get(row.pk), judged.get(row.pk)) for row in rows]


def on_shift_of(user: User) -> Q:
    """Missions of an ambulance while this person had a shift in it."""
    shifts = Shift.objects.filter(user=user).values_list("ambulance", "starts_at", "ends_at")
    found = Q(pk__in=[])
    for ambulance, starts_at, ends_at in shifts:
        found |= Q(
            mission__ambulance=ambulance,
            mission__assigned_at__lt=ends_at,
        ) & (Q(mission__ended_at__isnull=True) | Q(mission__ended_at__gte=starts_at))
    return found
