"""Consults, orders and messages on the boards, for one viewer."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, Q

from dispatch.calls.actions import CONTROL_ROOM
from dispatch.live.board import Items, Viewer, once
from dispatch.live.projections import within
from dispatch.people.models import Role
from ehr_prehospital.access.models import Encounter, PersonalGrant
from ehr_prehospital.consult.items import consult_item, message_item, order_item
from ehr_prehospital.consult.models import (
    Consult,
    ConsultMessage,
    ConsultParty,
    ConsultRequest,
    Order,
)
from ehr_prehospital.consult.queries import INSIDE, centres_on_call_for, waiting_requests
from ehr_prehospital.ecg.models import Ecg
from ehr_prehospital.handover.boards import seen_missions
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.record.models import RecordEntry
from ehr_prehospital.vitals.alarms.models import Alarm

Ids = Collection[UUID] | None


def consults(viewer: Viewer, ids: Ids) -> Items:
    """A crew's: of its mission. A physician's and a hospital's: open ones that concern them."""
    user = viewer.user
    whole, shown = mine(viewer), Q()
    if user.role in CONTROL_ROOM:
        shown = Q(ended_at__isnull=True, mission__incident__centre=user.centre)
    elif user.role == Role.PARAMEDIC:
        shown = Q(mission__in=seen_missions(viewer))
    else:
        shown = Q(pk__in=whole) | Q(pk__in=queued(viewer))
    rows = (
        Consult.objects.filter(within(ids), shown)
        .select_related("mission__incident", "mission__ambulance", "opened_by")
        .prefetch_related(
            Prefetch("parties", ConsultParty.objects.select_related("user", "hospital")),
            Prefetch("requests", ConsultRequest.objects.select_related("hospital", "asked_by")),
        )
        .order_by("opened_at")
    )
    crew = user.role == Role.PARAMEDIC
    return {str(row.pk): consult_item(row, whole=crew or row.pk in whole) for row in rows}


@once
def mine(viewer: Viewer) -> set[UUID]:
    """The consults in which this person talks, or that ring at them or their hospital."""
    user = viewer.user
    rung = Q(user=user)
    if user.role == Role.ED_STAFF:
        rung |= Q(user__isnull=True, hospital=user.organisation_id)
    inside = ConsultParty.objects.filter(rung, state__in=INSIDE, consult__ended_at__isnull=True)
    return set(inside.values_list("consult_id", flat=True))


def queued(viewer: Viewer) -> set[UUID]:
    """What waits for a physician where this one is on call."""
    centres = centres_on_call_for(viewer.user, now=viewer.now)
    rows = ConsultRequest.objects.filter(waiting_requests(centres))
    return set(rows.values_list("consult_id", flat=True))


def orders(viewer: Viewer, ids: Ids) -> Items:
    rows = Order.objects.filter(within(ids), consult__mission__in=seen_missions(viewer))
    return {
        str(row.pk): order_item(row)
        for row in rows.select_related("consult", "ordered_by").prefetch_related("words__by")
    }


def messages(viewer: Viewer, ids: Ids) -> Items:
    rows = ConsultMessage.objects.filter(within(ids), consult__mission__in=seen_missions(viewer))
    return {str(row.pk): message_item(row) for row in rows.select_related("consult", "author")}


# --- a sight that opens or closes brings and takes everything of its mission ----------


def _missions(sights: set[UUID]) -> set[UUID]:
    rows = PersonalGrant.objects.filter(pk__in=sights)
    return set(rows.values_list("mission_id", flat=True))


def entries_of_sights(sights: set[UUID]) -> set[UUID]:
    rows = RecordEntry.objects.filter(record__mission__in=_missions(sights))
    return set(rows.values_list("pk", flat=True))


def patients_of_sights(sights: set[UUID]) -> set[UUID]:
    rows = Encounter.objects.filter(mission__in=_missions(sights))
    return set(rows.values_list("patient_id", flat=True))


def ecgs_of_sights(sights: set[UUID]) -> set[UUID]:
    return set(Ecg.objects.filter(mission__in=_missions(sights)).values_list("pk", flat=True))


def handovers_of_sights(sights: set[UUID]) -> set[UUID]:
    return set(Handover.objects.filter(mission__in=_missions(sights)).values_list("pk", flat=True))


def alarms_of_sights(sights: set[UUID]) -> set[UUID]:
    return set(Alarm.objects.filter(mission__in=_missions(sights)).values_list("pk", flat=True))


def orders_of_sights(sights: set[UUID]) -> set[UUID]:
    rows = Order.objects.filter(consult__mission__in=_missions(sights))
    return set(rows.values_list("pk", flat=True))


def messages_of_sights(sights: set[UUID]) -> set[UUID]:
    rows = ConsultMessage.objects.filter(consult__mission__in=_missions(sights))
    return set(rows.values_list("pk", flat=True))
