"""Reads of consults: who is on call, who rings, whose consult it is."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from dispatch.people.models import Organisation, User
from ehr_prehospital.consult.models import (
    Consult,
    ConsultParty,
    ConsultRequest,
    DeskPresence,
    PhysicianDuty,
)
from ehr_prehospital.consult.rules.calls import PartyState, Seat, Side
from ehr_prehospital.consult.rules.duty import DECLINED_FOR, OnDuty

INSIDE = (PartyState.RINGING, PartyState.CONNECTED)


def on_call_now(centre: Organisation, *, now: datetime) -> list[PhysicianDuty]:
    """The physicians on call at this centre, in ringing order."""
    return list(
        PhysicianDuty.objects.filter(
            centre=centre, starts_at__lte=now, ends_at__gt=now, user__is_active=True
        )
        .select_related("user")
        .order_by("rank", "user__username")
    )


def duty(centre: Organisation, *, request: ConsultRequest | None, now: datetime) -> list[OnDuty]:
    """The same as the rules see them, with what this request has tried already."""
    rows = on_call_now(centre, now=now)
    people = {row.user_id for row in rows}
    desks = DeskPresence.objects.in_bulk(people)
    busy = set(
        ConsultParty.objects.filter(user__in=people, state__in=INSIDE).values_list(
            "user_id", flat=True
        )
    )
    tried = request.parties.filter(user__in=people) if request else ConsultParty.objects.none()
    rung = dict(tried.values_list("user").annotate(last=Max("rung_at")))
    declined = dict(
        ConsultParty.objects.filter(
            user__in=people,
            state=PartyState.DECLINED,
            ended_at__gt=now - DECLINED_FOR,
            consult=request.consult_id if request else None,
        )
        .values_list("user")
        .annotate(last=Max("ended_at"))
    )
    return [
        OnDuty(
            user_id=row.user_id,
            specialties=frozenset(row.specialties),
            rank=row.rank,
            available=row.user_id in desks and desks[row.user_id].available,
            heard_at=desks[row.user_id].heard_at if row.user_id in desks else None,
            busy=row.user_id in busy,
            last_rung_at=rung.get(row.user_id),
            declined_at=declined.get(row.user_id),
        )
        for row in rows
    ]


def seats(parties: Collection[ConsultParty]) -> list[Seat]:
    return [Seat(Side(one.side), PartyState(one.state)) for one in parties]


def open_request(consult: Consult) -> ConsultRequest | None:
    return consult.requests.filter(closed_at__isnull=True).order_by("asked_at").first()


def party_of(consult: Consult, user: User) -> ConsultParty | None:
    """The connected party of this person."""
    return consult.parties.filter(user=user, state=PartyState.CONNECTED).first()


def waiting_requests(centres: Collection[UUID]) -> Q:
    """Open requests for physicians of missions of these centres."""
    return Q(closed_at__isnull=True, hospital__isnull=True) & Q(
        consult__ended_at__isnull=True, consult__mission__incident__centre__in=centres
    )


def centres_on_call_for(user: User, *, now: datetime) -> dict[UUID, frozenset[str]]:
    """Where this physician is on call now, and for what."""
    found: dict[UUID, frozenset[str]] = {}
    for row in PhysicianDuty.objects.filter(user=user, starts_at__lte=now, ends_at__gt=now):
        found[row.centre_id] = found.get(row.centre_id, frozenset()) | set(row.specialties)
    return found
