"""What a hospital says of itself: free beds, a divert with its end, a capacity for many."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from dispatch.calls.actions import CONTROL_ROOM
from dispatch.decision.models import Hospital
from dispatch.decision.rules.hospitals import (
    BEDS,
    CAPABILITIES,
    COLOURS,
    DIVERT_REASONS,
    MOST_BEDS,
)
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import Role, User


def declare_beds(
    *, hospital: Hospital, free: Mapping[str, int], actor: User, now: datetime
) -> None:
    """Free beds by type as of now; types that are not named stay unknown."""
    _may(actor, hospital)
    for kind, count in free.items():
        if kind not in BEDS or not 0 <= count <= MOST_BEDS:
            raise BadInput(
                _("“%(bed)s: %(count)s” is no number of free beds.")
                % {"bed": kind, "count": count},
                code="no_such_bed",
            )
    with transaction.atomic():
        locked = Hospital.objects.select_for_update(no_key=True).get(pk=hospital.pk)
        locked.beds_free, locked.declared_at, locked.updated_at = dict(free), now, now
        locked.save(update_fields=["beds_free", "declared_at", "updated_at"])
        append(kind="hospital.beds_declared", actor=actor, now=now, refs={"hospital": locked.pk})


def divert_patients(
    *, hospital: Hospital, reason: str, until: datetime, actor: User, now: datetime
) -> None:
    """Ask for no patients until then; said again, it moves the end."""
    _may(actor, hospital)
    if reason not in DIVERT_REASONS:
        raise BadInput(_("Say why."), code="no_reason")
    if until <= now:
        raise BadInput(_("The end lies in the past."), code="ends_before_now")
    with transaction.atomic():
        locked = Hospital.objects.select_for_update(no_key=True).get(pk=hospital.pk)
        standing = locked.divert_until and locked.divert_until > now
        locked.divert_since = locked.divert_since if standing and locked.divert_since else now
        locked.divert_reason, locked.divert_until = reason, until
        locked.divert_expired_at, locked.updated_at = None, now
        locked.save()
        append(
            kind="hospital.diverted",
            actor=actor,
            now=now,
            refs={"hospital": hospital.pk},
            detail={"reason": reason},
        )


def take_patients(*, hospital: Hospital, actor: User, now: datetime) -> None:
    """The hospital takes patients again; said twice it changes nothing."""
    _may(actor, hospital)
    with transaction.atomic():
        ended = Hospital.objects.filter(pk=hospital.pk, divert_until__gt=now).update(
            divert_reason="",
            divert_until=None,
            divert_since=None,
            divert_expired_at=None,
            updated_at=now,
        )
        if ended:
            append(
                kind="hospital.divert_ended", actor=actor, now=now, refs={"hospital": hospital.pk}
            )


def end_diverts(*, now: datetime) -> int:
    """Diverts whose time is over: taken back and told. Safe to run in two processes."""
    ended = 0
    over = Hospital.objects.filter(divert_until__lte=now)
    for hospital_id in over.values_list("pk", flat=True):
        with transaction.atomic():
            until = F("divert_until")
            changed = Hospital.objects.filter(pk=hospital_id, divert_until__lte=now).update(
                divert_expired_at=until,
                divert_reason="",
                divert_until=None,
                divert_since=None,
            )
            if changed:
                ended += 1
                append(
                    kind="hospital.divert_expired",
                    actor=None,
                    now=now,
                    refs={"hospital": hospital_id},
                )
    return ended


def declare_surge(
    *,
    hospital: Hospital,
    capacity: Mapping[str, int],
    until: datetime,
    actor: User,
    now: datetime,
) -> None:
    """How many patients of a major incident it can take, by triage colour; said again, replaced."""
    _may(actor, hospital)
    if set(capacity) != set(COLOURS) or not all(0 <= n <= MOST_BEDS for n in capacity.values()):
        raise BadInput(_("Name a number for red, yellow and green."), code="no_such_colour")
    if until <= now:
        raise BadInput(_("The end lies in the past."), code="ends_before_now")
    with transaction.atomic():
        Hospital.objects.filter(pk=hospital.pk).update(
            surge=dict(capacity), surge_at=now, surge_until=until, updated_at=now
        )
        append(
            kind="hospital.surge_declared",
            actor=actor,
            now=now,
            refs={"hospital": hospital.pk},
            detail={colour: str(capacity[colour]) for colour in COLOURS},
        )


def end_surge(*, hospital: Hospital, actor: User, now: datetime) -> None:
    """Back to the ordinary; said twice it changes nothing."""
    _may(actor, hospital)
    _stop_surge(hospital.pk, Q(surge_until__isnull=False), actor=actor, now=now)


def end_surges(*, now: datetime) -> int:
    """Surge capacities whose time is over."""
    over = Q(surge_until__lte=now)
    ids = list(Hospital.objects.filter(over).values_list("pk", flat=True))
    return sum(_stop_surge(hospital_id, over, actor=None, now=now) for hospital_id in ids)


def _stop_surge(hospital_id: UUID, still: Q, *, actor: User | None, now: datetime) -> int:
    with transaction.atomic():
        changed = Hospital.objects.filter(still, pk=hospital_id).update(
            surge={}, surge_at=None, surge_until=None
        )
        if changed:
            append(
                kind="hospital.surge_ended", actor=actor, now=now, refs={"hospital": hospital_id}
            )
    return changed


def set_capabilities(
    *, hospital: Hospital, capabilities: Collection[str], actor: User, now: datetime
) -> None:
    """What the hospital can do from now on; its own word, told with its age like the beds."""
    _may(actor, hospital)
    unknown = sorted(set(capabilities) - set(CAPABILITIES))
    if unknown:
        raise BadInput(
            _("“%(code)s” is no capability of a hospital.") % {"code": unknown[0]},
            code="no_such_capability",
        )
    with transaction.atomic():
        Hospital.objects.filter(pk=hospital.pk).update(
            capabilities=sorted({"ed", *capabilities}), updated_at=now
        )
        append(
            kind="hospital.capabilities_declared",
            actor=actor,
            now=now,
            refs={"hospital": hospital.pk},
            detail={"capabilities": ",".join(sorted({"ed", *capabilities}))},
        )


def _may(actor: User, hospital: Hospital) -> None:
    """Its own department, or the control room to which it was told by telephone."""
    own = actor.role == Role.ED_STAFF and actor.organisation_id == hospital.pk
    centre = hospital.organisation.parent_id
    told = actor.role in CONTROL_ROOM and centre == getattr(actor.centre, "pk", None)
    if not (own or told):
        raise NotAllowed(_("Only the hospital or its control room may say this."))
