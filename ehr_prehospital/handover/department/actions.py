"""What a department says of itself: settings, bays, who lies where, and its corridor's screens."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import Organisation, Role, User
from ehr_prehospital.handover.actions.answering import ready
from ehr_prehospital.handover.actions.steps import refs_to
from ehr_prehospital.handover.department.models import Bay, Department, Display
from ehr_prehospital.handover.department.queries import hash_of
from ehr_prehospital.handover.door.rules import Scale
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import open_handovers_at

MOST_BAYS = 60


def department_staff(actor: User) -> Organisation:
    """The hospital for which this person may speak; refuse anyone outside a department."""
    own = actor.organisation
    if actor.role != Role.ED_STAFF or own is None:
        raise NotAllowed(_("Only the emergency department may do this."))
    return own


def set_up(*, scale: str, offload_target_s: int, actor: User, now: datetime) -> Department:
    """On which scale it triages, and by when a patient is to be taken over."""
    hospital = department_staff(actor)
    if scale not in list(Scale) or not 60 <= offload_target_s <= 7200:
        raise BadInput(_("Choose a scale, and a target of 1 to 120 minutes."), code="no_setting")
    with transaction.atomic():
        row, _new = Department.objects.update_or_create(
            pk=hospital.pk, defaults={"scale": scale, "offload_target_s": offload_target_s}
        )
        append(
            kind="department.set_up",
            actor=actor,
            now=now,
            refs={"hospital": hospital.pk},
            detail={"scale": scale, "offload_target_s": offload_target_s},
        )
        # Each clock that runs against the target changes with it, and is named for the boards.
        for handover in open_handovers_at(hospital):
            append(
                kind="handover.target_changed",
                actor=actor,
                now=now,
                refs=refs_to(handover, handover.mission),
            )
    return row


def name_bays(*, bays: Sequence[tuple[str, str]], actor: User, now: datetime) -> None:
    """The bays of the department in their order: (code, kind). One that holds somebody stays."""
    hospital = department_staff(actor)
    codes = [code.strip() for code, _kind in bays]
    wrong = not all(codes) or len(set(codes)) != len(codes) or len(codes) > MOST_BAYS
    if wrong or any(len(code) > 12 or kind not in Bay.Kind for code, kind in bays):
        raise BadInput(
            _("Each bay needs a name of its own, of 12 characters at most."), code="no_such_bay"
        )
    with transaction.atomic():
        rows = Bay.objects.select_for_update(no_key=True).filter(hospital=hospital)
        there = {row.code: row for row in rows}
        for gone in (row for code, row in there.items() if code not in codes):
            if gone.handover_id:
                raise Refused(_("Bay %(bay)s is taken.") % {"bay": gone.code}, code="bay_taken")
            gone.delete()
        for place, (code, kind) in enumerate(bays):
            Bay.objects.update_or_create(
                hospital=hospital,
                code=code.strip(),
                defaults={"kind": kind, "position": place},
            )
        append(kind="department.bays_named", actor=actor, now=now, refs={"hospital": hospital.pk})


def assign_bay(*, bay: Bay, handover: Handover, actor: User, now: datetime) -> Handover:
    """One press: this bay waits for this patient, and the crew reads it."""
    hospital = department_staff(actor)
    if bay.hospital_id != hospital.pk or bay.closed:
        raise BadInput(_("There is no such bay."), code="no_such_bay")
    return ready(handover=handover, bay=bay.code, team=handover.team, actor=actor, now=now)


def patient_left(*, bay: Bay, actor: User, now: datetime) -> None:
    """The patient went on to a ward, to theatre or home: the bay is to be cleaned."""
    _say(bay, "department.bay_left", actor, now, handover=None, since=None, cleaning_since=now)


def bay_cleaned(*, bay: Bay, actor: User, now: datetime) -> None:
    _say(bay, "department.bay_cleaned", actor, now, cleaning_since=None)


def close_bay(*, bay: Bay, closed: bool, actor: User, now: datetime) -> None:
    """Out of use, or in use again."""
    kind = "department.bay_closed" if closed else "department.bay_opened"
    _say(bay, kind, actor, now, closed=closed)


def _say(bay: Bay, kind: str, actor: User, now: datetime, **changed: object) -> None:
    hospital = department_staff(actor)
    if bay.hospital_id != hospital.pk:
        raise BadInput(_("There is no such bay."), code="no_such_bay")
    with transaction.atomic():
        locked = Bay.objects.select_for_update(no_key=True).get(pk=bay.pk)
        if all(getattr(locked, name) == value for name, value in changed.items()):
            return
        for name, value in changed.items():
            setattr(locked, name, value)
        locked.save()
        append(
            kind=kind,
            actor=actor,
            now=now,
            refs={"hospital": hospital.pk, "bay": bay.pk},
        )


def hang_display(*, name: str, actor: User, now: datetime) -> tuple[Display, str]:
    """A screen for the corridor and its key, which is shown this once and stored as a hash."""
    hospital = department_staff(actor)
    if not name.strip():
        raise BadInput(_("Say where the screen hangs."), code="no_name")
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        display = Display.objects.create(
            hospital=hospital,
            name=name.strip()[:80],
            token_hash=hash_of(token),
            made_at=now,
            made_by=actor,
        )
        append(
            kind="department.display_hung",
            actor=actor,
            now=now,
            refs={"hospital": hospital.pk, "display": display.pk},
        )
    return display, token


def take_down(*, display_id: UUID, actor: User, now: datetime) -> None:
    """The screen's key opens nothing any more."""
    hospital = department_staff(actor)
    with transaction.atomic():
        gone = Display.objects.filter(
            pk=display_id, hospital=hospital, revoked_at__isnull=True
        ).update(revoked_at=now)
        if gone:
            append(
                kind="department.display_taken_down",
                actor=actor,
                now=now,
                refs={"hospital": hospital.pk, "display": display_id},
            )
