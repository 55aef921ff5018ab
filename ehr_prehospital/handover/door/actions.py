"""Write the sheet, sign it from both sides, triage at the door, read the wristband back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import Role, User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.handover.actions.steps import (
    admit_crew,
    admit_hospital,
    lock_both,
    refs_to,
)
from ehr_prehospital.handover.actions.transferring import give, receive
from ehr_prehospital.handover.department.queries import department_of
from ehr_prehospital.handover.door.models import HandoverSignature, Reception, TransferSheet
from ehr_prehospital.handover.door.queries import content_of
from ehr_prehospital.handover.door.rules import (
    LEVELS,
    LONGEST_STROKES,
    SHUT_FOR,
    Method,
    Scale,
    SheetContent,
    Side,
    WrongSheet,
    checked_sheet,
    sheet_hash,
    shut,
    things_of,
)
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import handover_part, newest_handover_of
from ehr_prehospital.handover.rules import WITHDRAWN
from ehr_prehospital.record.actions import close_version
from ehr_prehospital.record.queries import record_of


class SheetIsSigned(Refused):
    """The sheet has a signature: it is what was signed, and stays so."""

    code = "sheet_signed"


class WrongPassword(NotAllowed):
    code = "wrong_password"


def write_sheet(
    *,
    mission: Mission,
    condition: str,
    condition_note: str,
    things: Sequence[Mapping[str, object]],
    note: str,
    actor: User,
    now: datetime,
) -> Handover:
    """What comes with the patient, and how they are; written anew as long as nobody has signed.

    Raises NoAccess for anybody but the crew, BadInput for what nobody could sign, SheetIsSigned.
    """
    admit_crew(actor, mission, now)
    content = _checked(condition, condition_note, things, note)
    with transaction.atomic():
        handover = _handover_of(mission)
        locked_mission, locked = lock_both(handover)
        kept = TransferSheet.objects.filter(handover=locked).first()
        if kept and content_of(kept) == content:
            return locked
        if locked.signatures.exists():
            raise SheetIsSigned(_("The sheet has been signed already and cannot change any more."))
        TransferSheet.objects.update_or_create(
            handover=locked,
            defaults={
                "condition": content.condition,
                "condition_note": content.condition_note,
                "things": [
                    {
                        "what": one.what,
                        "count": one.count,
                        "keeper": one.keeper,
                        "valuable": one.valuable,
                    }
                    for one in content.things
                ],
                "note": content.note,
                "written_at": now,
                "written_by": actor,
            },
        )
        append(
            kind="handover.sheet_written",
            actor=actor,
            now=now,
            refs=refs_to(locked, locked_mission),
        )
    return locked


def sign_for_crew(
    *,
    mission: Mission,
    signature_id: UUID,
    image: str,
    statement_version: str,
    signed_at: datetime,
    actor: User,
    now: datetime,
) -> Handover:
    """The crew's side, drawn on its tablet: the care is given with it. Idempotent on the id."""
    admit_crew(actor, mission, now)
    if not image.strip():
        raise BadInput(_("Sign first."), code="no_signature")
    with transaction.atomic():
        handover = _handover_of(mission)
        # The name under the sheet first: with the second side the record is closed over it.
        _keep_signature(
            handover,
            Side.CREW,
            Method.DRAWN,
            signature_id=signature_id,
            image=image,
            statement_version=statement_version,
            signed_at=signed_at,
            signer=actor,
            now=now,
        )
        return give(mission=mission, actor=actor, occurred_at=signed_at, now=now)


def sign_for_hospital(
    *,
    handover: Handover,
    signature_id: UUID,
    method: str,
    image: str,
    password: str,
    remark: str,
    statement_version: str,
    actor: User,
    now: datetime,
) -> Handover:
    """The receiver's side at the department's own screen: drawn, or by the person's password.

    Raises NoAccess for anybody but the receiving hospital, WrongPassword.
    """
    admit_hospital(actor, handover, now)
    if method == Method.DRAWN:
        if not image.strip():
            raise BadInput(_("Sign first."), code="no_signature")
    else:
        _confirm(handover, actor, password, now)
        image = ""
    with transaction.atomic():
        _keep_signature(
            handover,
            Side.HOSPITAL,
            Method(method),
            signature_id=signature_id,
            image=image,
            remark=remark,
            statement_version=statement_version,
            signed_at=now,
            signer=actor,
            now=now,
        )
        return receive(handover=handover, actor=actor, now=now)


def countersign(
    *,
    mission: Mission,
    signature_id: UUID,
    username: str,
    password: str,
    image: str,
    remark: str,
    statement_version: str,
    actor: User,
    now: datetime,
) -> Handover:
    """The receiver signs on the crew's tablet, at the bedside, with their own account.

    The tablet is the crew's; the name is the receiver's. What they type is checked like a
    sign-in and opens nothing else. Raises NoAccess, WrongPassword.
    """
    admit_crew(actor, mission, now)
    handover = _handover_of(mission)
    signer = _known(handover, username, password, now)
    admit_hospital(signer, handover, now)
    with transaction.atomic():
        _keep_signature(
            handover,
            Side.HOSPITAL,
            Method.DRAWN if image.strip() else Method.PASSWORD,
            signature_id=signature_id,
            image=image,
            remark=remark,
            statement_version=statement_version,
            signed_at=now,
            signer=signer,
            now=now,
        )
        return receive(handover=handover, actor=signer, now=now)


def triage(*, handover: Handover, level: str, actor: User, now: datetime) -> Reception:
    """How urgent the hospital's own triage finds the patient, on the scale of the hospital."""
    admit_hospital(actor, handover, now)
    scale = Scale(department_of(handover.hospital_id).scale)
    if level not in LEVELS[scale]:
        raise BadInput(
            _("“%(level)s” is no level of this hospital’s scale.") % {"level": level},
            code="no_such_level",
        )
    with transaction.atomic():
        mission, locked = lock_both(handover)
        row, _new = Reception.objects.get_or_create(handover=locked)
        if (row.scale, row.level) != (scale, level):
            row.scale, row.level = scale, level
            row.triaged_at, row.triaged_by = now, actor
            row.save()
            append(kind="handover.triaged", actor=actor, now=now, refs=refs_to(locked, mission))
    return row


def read_wristband(
    *, handover: Handover, wristband: str, scanned: bool, actor: User, now: datetime
) -> Reception:
    """The band that the patient wears in the hospital: scanned or typed, stored with the handover.

    Another number than the pre-admission's is stored, too: it is what stands on the arm.
    """
    admit_hospital(actor, handover, now)
    code = wristband.strip()[:60]
    if not code:
        raise BadInput(_("Scan or type the wristband."), code="no_wristband")
    with transaction.atomic():
        mission, locked = lock_both(handover)
        row, _new = Reception.objects.get_or_create(handover=locked)
        if row.wristband != code:
            row.wristband, row.wristband_scanned = code, scanned
            row.wristband_at, row.wristband_by = now, actor
            row.save()
            append(
                kind="handover.wristband_read",
                actor=actor,
                now=now,
                refs=refs_to(locked, mission),
                detail={"matches": code == locked.preadmission_number},
            )
    return row


# --- what these share -------------------------------------------------------------


def _checked(
    condition: str, condition_note: str, things: Sequence[Mapping[str, object]], note: str
) -> SheetContent:
    try:
        return checked_sheet(
            SheetContent(
                condition, condition_note.strip()[:240], things_of(things), note.strip()[:500]
            )
        )
    except (WrongSheet, ValueError) as wrong:
        said = {
            "condition": _("Say how the patient is."),
            "things": _("Each thing needs a name, a number and where it went."),
        }
        field = wrong.field if isinstance(wrong, WrongSheet) else "things"
        raise BadInput(said[field], code="sheet_incomplete") from wrong


def _handover_of(mission: Mission) -> Handover:
    handover = newest_handover_of(mission)
    if handover is None or handover.state in WITHDRAWN:
        raise Refused(_("No hospital has been alerted."), code="no_handover")
    return handover


def _keep_signature(
    handover: Handover,
    side: Side,
    method: Method,
    *,
    signature_id: UUID,
    signed_at: datetime,
    signer: User,
    now: datetime,
    image: str = "",
    remark: str = "",
    statement_version: str = "",
) -> None:
    """One signature a side; the first one stands, also when it comes again."""
    mission, locked = lock_both(handover)
    if locked.signatures.filter(side=side).exists():
        return
    if HandoverSignature.objects.filter(pk=signature_id).exists():
        raise BadInput(_("This identifier is already used."), code="id_in_use")
    sheet = TransferSheet.objects.filter(handover=locked).first()
    HandoverSignature.objects.create(
        id=signature_id,
        handover=locked,
        side=side,
        method=method,
        signer=signer,
        image=image[:LONGEST_STROKES],
        remark=remark.strip()[:300],
        sheet_hash=sheet_hash(content_of(sheet)) if sheet else "",
        statement_version=statement_version[:40],
        signed_at=min(signed_at, now),
        recorded_at=now,
    )
    append(
        kind="handover.signed",
        actor=signer,
        now=now,
        occurred_at=min(signed_at, now),
        refs=refs_to(locked, mission),
        detail={"side": str(side), "method": str(method)},
    )
    record = record_of(mission)
    if locked.handed_over_at and record and record.version:
        # Signed after the fact: the closed record gets its next version, with the name in it.
        close_version(record=record, handover=handover_part(locked), actor=signer, now=now)


def _known(handover: Handover, username: str, password: str, now: datetime) -> User:
    """Whoever signs by name and password: of the receiving department, or nobody."""
    _not_shut(handover, now)
    found = authenticate(username=username.strip(), password=password)
    own = (
        isinstance(found, User)
        and found.role == Role.ED_STAFF
        and found.organisation_id == handover.hospital_id
    )
    if not own or not isinstance(found, User):
        _tell_wrong(handover, None, now)
        raise WrongPassword(_("This name and password sign for nobody of this hospital."))
    return found


def _confirm(handover: Handover, actor: User, password: str, now: datetime) -> None:
    _not_shut(handover, now)
    if not actor.check_password(password):
        _tell_wrong(handover, actor, now)
        raise WrongPassword(_("This is not your password."))


def _not_shut(handover: Handover, now: datetime) -> None:
    failures = Entry.objects.filter(
        kind="handover.signature_refused",
        refs__contains={"handover": str(handover.pk)},
        recorded_at__gt=now - SHUT_FOR,
    ).values_list("recorded_at", flat=True)
    if shut(list(failures), now):
        raise NoAccess


def _tell_wrong(handover: Handover, actor: User | None, now: datetime) -> None:
    """In a transaction of its own: it outlives the request, and five of them shut the door."""
    with transaction.atomic(durable=True):
        append(
            kind="handover.signature_refused",
            actor=actor,
            now=now,
            refs={"handover": handover.pk, "hospital": handover.hospital_id},
        )
