"""Reads of handovers: the open one of a mission, one for a page, its part of the record."""

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from dispatch.city.queries import router
from dispatch.city.roads.router import LonLat, OffRoad, Origin
from dispatch.decision.actions.hospitals import recommend_hospitals
from dispatch.decision.queries import profile_of
from dispatch.fleet.models import Mission
from dispatch.people.models import Organisation
from ehr_prehospital.handover.door.queries import sheet_part, signature_parts
from ehr_prehospital.handover.models import Handover, HandoverStep, Notice
from ehr_prehospital.handover.orders.models import PreparedOrder
from ehr_prehospital.handover.rules import CLOSED, State
from ehr_prehospital.record.content import HandoverPart, Moment, Named
from ehr_prehospital.record.queries import named, stamp

# NEMSIS elements of the alert and of the transfer of care; the steps between are ours.
NEMSIS_STEPS = {State.SENT: "eDisposition.25", State.HANDED_OVER: "eTimes.12"}


def times_of(handover: Handover) -> dict[State, datetime]:
    """The times of the steps that were taken."""
    return {state: at for state in State if (at := getattr(handover, f"{state}_at"))}


def shown_handovers() -> QuerySet[Handover]:
    """With everything that an item of a board says of them."""
    notices = Notice.objects.select_related("person", "delivery").order_by("made_at", "channel")
    orders = PreparedOrder.objects.select_related("prepared_by", "released_by", "withdrawn_by")
    orders = orders.order_by("prepared_at", "number")
    return Handover.objects.select_related(
        "mission__ambulance",
        "mission__incident",
        "encounter",
        "confirmed_by",
        "given_by",
        "received_by",
        "withdrawn_by",
        "withdrawal_seen_by",
        "crew_told_by",
    ).prefetch_related(
        Prefetch("steps", queryset=HandoverStep.objects.select_related("by").order_by("id")),
        Prefetch("notices", queryset=notices),
        Prefetch("orders", queryset=orders),
    )


def open_handover_of(mission: Mission) -> Handover | None:
    return (
        Handover.objects.filter(mission=mission)
        .exclude(state__in=sorted(CLOSED))
        .select_related("hospital", "encounter")
        .first()
    )


def open_handovers_at(hospital: Organisation) -> list[Handover]:
    """Whoever is coming to a hospital or stands at its door."""
    return list(
        Handover.objects.filter(hospital=hospital)
        .exclude(state__in=sorted(CLOSED))
        .select_related("mission", "encounter")
    )


def newest_handover_of(mission: Mission) -> Handover | None:
    return (
        Handover.objects.filter(mission=mission)
        .select_related("hospital", "encounter")
        .order_by("-sent_at")
        .first()
    )


def drive_from_scene(mission: Mission, hospital: Organisation) -> float | None:
    """Seconds by road from the incident's place to the hospital; None where no road is known."""
    roads, place = router(), mission.incident
    if roads is None or hospital.lat is None or hospital.lon is None:
        return None
    try:
        (found,) = roads.etas_to(
            LonLat(hospital.lon, hospital.lat),
            [Origin(place.lon, place.lat)],
            profile_of(mission),
        )
    except OffRoad:
        return None
    return found


def recommended_hospital(*, mission: Mission, now: datetime) -> Organisation | None:
    """The hospital that stands first for this mission's patient, None when none is known."""
    ranking = recommend_hospitals(mission=mission, now=now)
    return Organisation.objects.filter(pk=ranking[0].hospital_id).first() if ranking else None


def handover_part(handover: Handover) -> HandoverPart:
    """The transfer of care as the record keeps it."""
    hospital = handover.hospital
    times = times_of(handover)
    return HandoverPart(
        hospital=Named(hospital.name_en, hospital.name_zh, hospital.code),
        preadmission_number=handover.preadmission_number,
        state=handover.state,
        bay=handover.bay,
        team=handover.team,
        moments=tuple(
            Moment(state.value, NEMSIS_STEPS.get(state, ""), stamp(at))
            for state, at in times.items()
        ),
        confirmed_by=named(handover.confirmed_by),
        given_at=stamp(handover.given_at),
        given_by=named(handover.given_by),
        received_at=stamp(handover.received_at),
        received_by=named(handover.received_by),
        sheet=sheet_part(handover),
        signatures=signature_parts(handover),
    )
