"""Register and change the systems that deliveries go to."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import Organisation, User
from ehr_prehospital.delivery.actions import wake
from ehr_prehospital.delivery.credentials import sealed
from ehr_prehospital.delivery.models import Partner

# Kinds that are spoken to over a plain connection, with a port, instead of HTTP.
LINES = frozenset({"hl7.mllp"})


@dataclass(frozen=True, slots=True)
class PartnerDraft:
    """What an administrator says of a partner. No credentials: the ones that are known stay."""

    name: str
    kind: str
    address: str
    organisation: str = ""
    credentials: dict[str, str] = field(default_factory=dict, repr=False)
    options: dict[str, str] = field(default_factory=dict)
    hospital: Organisation | None = None
    automatic: bool = False
    active: bool = True
    schemes: frozenset[str] = frozenset({"http", "https"})


def register(
    *,
    centre: Organisation,
    draft: PartnerDraft,
    actor: User,
    now: datetime,
    partner: Partner | None = None,
) -> Partner:
    """A new partner, or other facts of one that is known. Raises BadInput."""
    if not _fits(draft):
        example = "https://receiver.example/path"
        if draft.kind in LINES:
            example = "mllp://receiver.example:2575"
        elif "mailto" in draft.schemes:
            example = "mailto:desk@hospital.example"
        elif "smtp" in draft.schemes:
            example = "smtp://mail.example:25"
        raise BadInput(
            _("The address must look like %(example)s.") % {"example": example}, code="bad_address"
        )
    if not draft.name.strip():
        raise BadInput(_("A partner needs a name."), code="name_missing")
    row = partner or Partner(centre=centre, registered_at=now)
    row.name, row.organisation = draft.name.strip(), draft.organisation.strip()
    row.kind, row.address = draft.kind, draft.address
    row.automatic, row.active = draft.automatic, draft.active
    row.options = {**row.options, **draft.options}
    row.hospital = draft.hospital
    if draft.credentials:
        row.credentials = sealed(draft.credentials)
    try:
        with transaction.atomic():
            row.save()
            append(
                kind="partner.changed" if partner else "partner.registered",
                actor=actor,
                now=now,
                refs={"centre": row.centre_id, "partner": row.pk},
                detail={"kind": row.kind, "active": str(row.active).lower()},
            )
            wake()
    except IntegrityError as error:
        if "partner_name_once_a_centre" not in str(error):
            raise
        raise BadInput(_("There is a partner of this name."), code="name_in_use") from error
    return row


def _fits(draft: PartnerDraft) -> bool:
    """Whether the address is one of this kind."""
    parts = urlsplit(draft.address)
    try:
        port = parts.port
    except ValueError:
        return False
    # An e-mail address has no host of its own: mailto:desk@hospital.example
    named = parts.path if parts.scheme == "mailto" else parts.hostname
    if not named or parts.username:
        return False
    if draft.kind in LINES:
        return parts.scheme in {"mllp", "mllps"} and port is not None
    return parts.scheme in draft.schemes
