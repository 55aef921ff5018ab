"""What ties a person to a mission, and how much that lets them see."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from dispatch.fleet.models import Mission, Shift
from dispatch.people.models import User
from ehr_prehospital.access.models import Encounter, Grant, Patient, PersonalGrant
from ehr_prehospital.access.rules import Case, Judgement, Level, Relation, judge


def may_see(*, user: User, mission: Mission, now: datetime) -> Judgement:
    """How much of this mission's patient this person sees now, and why. Logs nothing."""
    relations: set[Relation] = set()
    if works_on(user=user, mission=mission, now=now):
        relations.add(Relation.CREW)
    grant = newest_grant(user=user, mission=mission)
    if grant:
        relations.add(Relation.RECEIVING_HOSPITAL)
    called = newest_call(user=user, mission=mission)
    if called:
        relations.add(Relation.CALLED)
    centre = user.centre
    if centre and centre.pk == mission.incident.centre_id:
        relations.add(Relation.OWN_CENTRE)
    case = Case(
        mission_ended_at=mission.ended_at,
        incident_closed_at=mission.incident.closed_at,
        grant_opened_at=grant.opened_at if grant else None,
        grant_closes_at=grant.closes_at if grant else None,
        called_at=called.opened_at if called else None,
        call_closes_at=called.closes_at if called else None,
    )
    return judge(role=user.role, relations=relations, case=case, now=now)


def works_on(*, user: User, mission: Mission, now: datetime) -> bool:
    """Was this person on shift in the mission's ambulance while the mission ran?"""
    return Shift.objects.filter(
        user=user,
        ambulance_id=mission.ambulance_id,
        starts_at__lte=mission.ended_at or now,
        ends_at__gt=mission.assigned_at,
    ).exists()


def newest_grant(*, user: User, mission: Mission) -> Grant | None:
    """The grant that counts: an open one, or else the one that closes last."""
    if user.organisation_id is None:
        return None
    grants = Grant.objects.filter(mission=mission, organisation_id=user.organisation_id)
    return grants.filter(closes_at__isnull=True).first() or grants.order_by("-closes_at").first()


def newest_call(*, user: User, mission: Mission) -> PersonalGrant | None:
    """The personal grant that counts: an open one, or else the one that closes last."""
    grants = PersonalGrant.objects.filter(mission=mission, user=user)
    return grants.filter(closes_at__isnull=True).first() or grants.order_by("-closes_at").first()


def missions_called_to(*, user: User, now: datetime) -> set[UUID]:
    """The missions that called this person, while the consult is open."""
    return set(
        PersonalGrant.objects.filter(user=user, opened_at__lte=now)
        .filter(Q(closes_at__isnull=True) | Q(closes_at__gt=now))
        .values_list("mission_id", flat=True)
    )


def missions_seen_by_hospital(*, organisation_id: UUID, now: datetime) -> set[UUID]:
    """The missions whose patients a hospital may see now."""
    return set(
        Grant.objects.filter(organisation_id=organisation_id, opened_at__lte=now)
        .filter(Q(closes_at__isnull=True) | Q(closes_at__gt=now))
        .values_list("mission_id", flat=True)
    )


def encounter_of(mission: Mission) -> Encounter | None:
    """Internal to the clinical app: asks nobody. Use `actions.patient_for` for people."""
    return Encounter.objects.filter(mission=mission).select_related("patient").first()


def best_view(*, user: User, patient: Patient, now: datetime) -> tuple[Judgement, Mission | None]:
    """The most that any of the patient's missions lets this person see."""
    best = Judgement(Level.NONE, None, "no_encounter")
    through: Mission | None = None
    for encounter in patient.encounters.select_related("mission__incident"):
        found = may_see(user=user, mission=encounter.mission, now=now)
        if through is None or found.level.rank > best.level.rank:
            best, through = found, encounter.mission
    return best, through
