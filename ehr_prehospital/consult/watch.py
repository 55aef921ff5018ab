"""What nobody does: ring the next one, notice a silent page, end what is over."""

from datetime import datetime

from django.db import transaction

from ehr_prehospital.consult.actions.answering import on_unanswered
from ehr_prehospital.consult.actions.steps import finish, finish_if_over, go, lock, move, ring, tell
from ehr_prehospital.consult.models import Consult, ConsultParty
from ehr_prehospital.consult.queries import open_request
from ehr_prehospital.consult.rules.calls import (
    PartyState,
    Side,
    Step,
    is_lost,
    is_silent,
    rang_out,
)


def watch_consults(*, now: datetime) -> None:
    """One round over the open consults, each in its own transaction."""
    for consult in Consult.objects.filter(ended_at__isnull=True).select_related("mission"):
        with transaction.atomic():
            locked = lock(consult)
            if locked.ended_at is None:
                look(locked, now)


def look(consult: Consult, now: datetime) -> None:
    if not consult.mission.open:
        finish(consult, actor=None, now=now)
        return
    for party in consult.parties.filter(state=PartyState.CONNECTED).select_related("user"):
        listen(consult, party, now)
    for party in consult.parties.filter(state=PartyState.RINGING).select_related("request"):
        if rang_out(party.rung_at, now) and move(party, Step.TIME_OUT, now):
            tell(
                "unanswered",
                consult,
                actor=None,
                now=now,
                party=party.pk,
                hospital=party.hospital_id,
            )
            on_unanswered(consult, party, now)
    request = open_request(consult)
    if request and not request.parties.filter(state=PartyState.RINGING).exists():
        ring(consult, request, now)


def listen(consult: Consult, party: ConsultParty, now: datetime) -> None:
    """A page that crashed says nothing: tell the others, and close its sight in the end."""
    heard_at = party.heard_at or party.rung_at
    if is_lost(heard_at, now) and party.side != Side.CREW:
        sight = go(consult, party, Step.LOSE, now)
        tell("lost", consult, actor=None, now=now, party=party.pk, sight=sight)
        finish_if_over(consult, actor=None, now=now)
    elif is_silent(heard_at, now) and party.silent_since is None:
        party.silent_since = heard_at
        party.save(update_fields=["silent_since"])
        tell("silent", consult, actor=None, now=now, party=party.pk)
