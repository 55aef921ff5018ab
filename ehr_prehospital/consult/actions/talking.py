"""What goes on in an open consult: words, drawing, and the beat of every page."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from ehr_prehospital.access.queries import works_on
from ehr_prehospital.consult.actions.calling import open_or_refuse
from ehr_prehospital.consult.actions.steps import admit_crew, admit_party, lock, refs, tell
from ehr_prehospital.consult.models import Consult, ConsultMessage, ConsultParty, Drawing
from ehr_prehospital.consult.queries import party_of
from ehr_prehospital.consult.rules.calls import PartyState, Side
from ehr_prehospital.consult.rules.drawing import Drawn
from ehr_prehospital.video.models import Stream

LONGEST_MESSAGE = 1000
FROZEN = {"freeze": "frozen", "seen": "frame_seen"}


def say(
    *,
    consult: Consult,
    message_id: UUID,
    text: str,
    occurred_at: datetime,
    actor: User,
    now: datetime,
) -> ConsultMessage:
    """A message in the thread. The crew's comes when it comes; a physician's while he is in it."""
    crew = works_on(user=actor, mission=consult.mission, now=now)
    if crew:
        admit_crew(actor, consult, now)
    else:
        admit_party(actor, consult, now)
    tidy = text.strip()[:LONGEST_MESSAGE]
    if not tidy:
        raise BadInput(_("Say something."), code="no_text")
    with transaction.atomic():
        locked = lock(consult)
        if not crew:
            open_or_refuse(locked)
        earlier = ConsultMessage.objects.filter(pk=message_id).first()
        if earlier:
            if earlier.consult_id != consult.pk:
                raise BadInput(_("This identifier is already used."), code="id_in_use")
            return earlier
        message = ConsultMessage.objects.create(
            id=message_id,
            consult=locked,
            author=actor,
            text=tidy,
            occurred_at=min(occurred_at, now),
            recorded_at=now,
        )
        tell("said", locked, actor=actor, now=now, message=message.pk)
    return message


def beat(*, consult_id: UUID, actor: User, now: datetime) -> ConsultParty | None:
    """The page of a party is alive; None when this person is not in the call (any more)."""
    party = (
        ConsultParty.objects.filter(consult=consult_id, user=actor, state=PartyState.CONNECTED)
        .select_related("consult__mission__incident")
        .first()
    )
    if party is None:
        return None
    if party.silent_since is None:
        ConsultParty.objects.filter(pk=party.pk).update(heard_at=now)
        return party
    with transaction.atomic():
        lock(party.consult)
        party.heard_at, party.silent_since = now, None
        party.save(update_fields=["heard_at", "silent_since"])
        tell("heard", party.consult, actor=actor, now=now, party=party.pk)
    return party


def may_draw(*, mission: Mission, actor: User, now: datetime) -> tuple[Consult | None, bool]:
    """The open consult in which this person is, and whether he belongs to the crew.

    Called once for each socket and again with its beats; asks, and logs nothing.
    """
    consult = (
        Consult.objects.filter(mission=mission, ended_at__isnull=True)
        .select_related("mission__incident")
        .first()
    )
    if works_on(user=actor, mission=mission, now=now):
        return consult, True
    if consult is None or party_of(consult, actor) is None:
        return None, False
    return consult, False


def is_shown_to(*, consult: Consult, stream: UUID | None, actor: User) -> bool:
    """Whether a picture frozen in this consult is meant for this person's screen.

    It is for who carries the call, and for whose own camera it came from; that a colleague's tablet
    in the driver's cab shows it, too, proves nothing.
    """
    carries = consult.parties.filter(user=actor, side=Side.CREW, state=PartyState.CONNECTED)
    if carries.exists():
        return True
    own = Stream.objects.filter(mission=consult.mission_id, user=actor)
    return stream is not None and own.filter(pk=stream).exists()


def draw(
    *,
    mission: Mission,
    consult: Consult | None,
    drawn: Sequence[tuple[datetime, Drawn]],
    actor: User,
    now: datetime,
) -> list[Drawing]:
    """Keep what was drawn. A freeze, and that the crew's screen shows it, are journaled."""
    with transaction.atomic():
        rows = Drawing.objects.bulk_create(
            [
                Drawing(
                    mission=mission,
                    consult=consult,
                    author=actor,
                    t=one.t,
                    stream=one.stream,
                    seq=one.seq,
                    stroke=one.stroke,
                    body=dict(one.body or {}),
                    occurred_at=at,
                )
                for at, one in drawn
            ]
        )
        for at, one in drawn:
            if one.t in FROZEN and consult is not None:
                append(
                    kind=f"consult.{FROZEN[one.t]}",
                    actor=actor,
                    now=now,
                    occurred_at=at,
                    refs=refs(consult) | ({"stream": one.stream} if one.stream else {}),
                    detail={"seq": one.seq},
                )
    return rows
