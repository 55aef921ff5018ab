"""The record as somebody may print it: the closed version, or a draft while there is none."""

from datetime import datetime

from django.http import Http404

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import handover_part, newest_handover_of
from ehr_prehospital.handover.words import STATES
from ehr_prehospital.record.printable import Sheet, sheet_of
from ehr_prehospital.record.queries import content_now, content_of, newest_version, record_of


def sheet_for(*, user: User, mission: Mission, handover: Handover | None, now: datetime) -> Sheet:
    """The newest version of the mission's record, and a logged look at it.

    Raises NoAccess, and Http404 for those who may look while there is no record yet.
    """
    look(user=user, mission=mission, needed=Level.CLINICAL, purpose=Purpose.PRINT, now=now)
    record = record_of(mission)
    if record is None:
        raise Http404
    version = newest_version(record)
    if version:
        content, seal = content_of(version), bytes(version.hash).hex()
    else:
        shown = handover or newest_handover_of(mission)
        content = content_now(
            record,
            handover=handover_part(shown) if shown else None,
            version=0,
            closed_at=None,
        )
        seal = ""
    return sheet_of(content, hash_hex=seal, handover_states=STATES)
