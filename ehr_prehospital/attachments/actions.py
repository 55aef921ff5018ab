"""Take a file of the crew. The record's entries name it by its id."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose, admit
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.attachments.models import Attachment
from ehr_prehospital.attachments.rules import MOST_BYTES, media_type


def attach(
    *,
    mission: Mission,
    attachment_id: UUID,
    raw: bytes,
    name: str,
    occurred_at: datetime,
    actor: User,
    now: datetime,
    only: Relation | None = Relation.CREW,
) -> Attachment:
    """Idempotent on the id with the same bytes. Raises NoAccess, BadInput.

    Papers are the crew's to bring; a picture off a camera is kept by whoever sees the record.
    """
    admit(
        user=actor,
        mission=mission,
        needed=Level.CLINICAL,
        only=only,
        purpose=Purpose.ATTACHMENT,
        now=now,
    )
    if not raw:
        raise BadInput(_("The file is empty."), code="empty_file")
    if len(raw) > MOST_BYTES:
        raise BadInput(
            _("The file is larger than %(size)s MiB.") % {"size": MOST_BYTES // 1024**2},
            code="file_too_large",
        )
    digest = sha256(raw).digest()
    with transaction.atomic():
        Attachment.objects.bulk_create(
            [
                Attachment(
                    id=attachment_id,
                    mission=mission,
                    author=actor,
                    name=name[-120:],
                    media_type=media_type(raw),
                    sha256=digest,
                    size=len(raw),
                    content=raw,
                    occurred_at=min(occurred_at, now),
                    recorded_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        kept = (
            Attachment.objects.select_for_update(no_key=True).defer("content").get(pk=attachment_id)
        )
        if kept.mission_id != mission.pk or bytes(kept.sha256) != digest:
            raise BadInput(_("This identifier is already used."), code="id_in_use")
        if kept.recorded_at == now:
            append(
                kind="record.attached",
                actor=actor,
                now=now,
                occurred_at=kept.occurred_at,
                refs={**refs_of(mission), "attachment": kept.pk},
                detail={
                    "media_type": kept.media_type,
                    "sha256": digest.hex(),
                    "size": kept.size,
                },
            )
    return kept
