"""The items of the boards that belong to the clinical side, as JSON.

A hospital's board shows the missions for which it has a grant, a tablet its own
mission, the console the handovers of its open incidents without the patients.
"""

from collections.abc import Collection, Hashable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from dispatch.calls.models import Incident
from dispatch.fleet.models import Ambulance, Mission
from dispatch.fleet.queries import crews
from dispatch.journal.models import Entry
from dispatch.journal.tail import News
from dispatch.live.board import Items, Viewer, ids_in, once
from dispatch.live.projections import (
    incident_item,
    mission_items,
    own_mission_ids,
    unit_item,
    when,
    within,
)
from dispatch.people.models import Role
from ehr_prehospital.access.actions import log_shown
from ehr_prehospital.access.models import Encounter, Grant, PersonalGrant
from ehr_prehospital.access.queries import may_see, missions_called_to, missions_seen_by_hospital
from ehr_prehospital.access.rules import HOSPITAL_AFTER_HANDOVER, Level
from ehr_prehospital.ecg.items import ecg_item
from ehr_prehospital.ecg.models import Ecg
from ehr_prehospital.ecg.queries import LISTED
from ehr_prehospital.handover.allocation import allocation_codes
from ehr_prehospital.handover.items import handover_item
from ehr_prehospital.handover.models import Handover, HandoverLook, Notice
from ehr_prehospital.handover.queries import shown_handovers
from ehr_prehospital.handover.rules import OPEN, State
from ehr_prehospital.record.items import entry_item, patient_item
from ehr_prehospital.record.models import RecordEntry
from ehr_prehospital.record.queries import replaced_in

Ids = Collection[UUID] | None


def handovers(viewer: Viewer, ids: Ids) -> Items:
    rows = list(shown_handovers().filter(within(ids), on_board_of(viewer)).order_by("sent_at"))
    with_patient = viewer.user.role in (Role.PARAMEDIC, Role.ED_STAFF, Role.REMOTE_PHYSICIAN)
    codes = allocation_codes(rows, clinical=with_patient, now=viewer.now)
    return {
        str(row.pk): {**handover_item(row, with_patient=with_patient), "code": codes[row.pk]}
        for row in rows
    }


def looked_at(viewer: Viewer, items: Items) -> Items:
    """Handovers, with when this person last looked at each."""
    looks = HandoverLook.objects.filter(handover__in=map(UUID, items), reader=viewer.user)
    at = {str(key): moment for key, moment in looks.values_list("handover", "looked_at")}
    return {key: {**item, "looked_at": when(at.get(key))} for key, item in items.items()}


def handovers_of_deliveries(ids: set[UUID]) -> set[UUID]:
    """Whether a message reached somebody is said on the card that it is about."""
    return set(Notice.objects.filter(delivery__in=ids).values_list("handover", flat=True))


def handovers_of_pathways(ids: set[UUID]) -> set[UUID]:
    """The allocation code names the pathway."""
    return set(Handover.objects.filter(mission__pathways__in=ids).values_list("pk", flat=True))


def handovers_of_missions(ids: set[UUID]) -> set[UUID]:
    """Of the open ones: boarded, found to be older, or of another impression than was thought."""
    return set(
        Handover.objects.filter(mission__in=ids, state__in=OPEN).values_list("pk", flat=True)
    )


def handovers_of_incidents(ids: set[UUID]) -> set[UUID]:
    """An incident that closes takes its handovers from the console."""
    return set(Handover.objects.filter(mission__incident__in=ids).values_list("pk", flat=True))


def on_board_of(viewer: Viewer) -> Q:
    """Which handovers this person's board shows."""
    user = viewer.user
    match user.role:
        case Role.ED_STAFF:
            recent = Q(handed_over_at__gt=viewer.now - HOSPITAL_AFTER_HANDOVER)
            withdrawn = Q(
                state__in=[State.REDIRECTED, State.CANCELLED], withdrawal_seen_at__isnull=True
            )
            waiting = Q(state__in=[state.value for state in OPEN])
            return Q(hospital_id=user.organisation_id) & (waiting | recent | withdrawn)
        case Role.PARAMEDIC:
            return Q(mission__in=own_mission_ids(viewer))
        case Role.DISPATCHER | Role.SUPERVISOR:
            return Q(
                mission__incident__centre=user.centre, mission__incident__closed_at__isnull=True
            )
        case Role.REMOTE_PHYSICIAN:
            return Q(mission__in=seen_missions(viewer))
        case _:
            return Q(pk__in=[])


@once
def seen_missions(viewer: Viewer) -> list[UUID]:
    """The missions whose patients this person's board shows."""
    user = viewer.user
    if user.role == Role.ED_STAFF and user.organisation_id:
        return sorted(
            missions_seen_by_hospital(organisation_id=user.organisation_id, now=viewer.now)
            | missions_called_to(user=user, now=viewer.now)
        )
    if user.role == Role.REMOTE_PHYSICIAN:
        return sorted(missions_called_to(user=user, now=viewer.now))
    own = Mission.objects.filter(pk__in=own_mission_ids(viewer)).select_related("incident")
    return [
        mission.pk
        for mission in own
        # A crew that took over the ambulance does not inherit the last crew's patient.
        if may_see(user=user, mission=mission, now=viewer.now).level is Level.CLINICAL
    ]


def patients(viewer: Viewer, ids: Ids) -> Items:
    rows = seen_encounters(viewer).filter(within(ids, "patient_id")).select_related("patient")
    return {
        str(row.patient_id): {**patient_item(row.patient, mission_id=row.mission_id)}
        for row in rows
    }


def logged(viewer: Viewer, items: Items) -> Items:
    """The same patients. Every first showing is a look, and is logged as one."""
    if items:
        shown = seen_encounters(viewer).filter(patient__in=map(UUID, items))
        log_shown(
            user=viewer.user, shown=shown.values_list("mission_id", "patient_id"), now=viewer.now
        )
    return items


def seen_encounters(viewer: Viewer) -> QuerySet[Encounter]:
    return Encounter.objects.filter(mission__in=seen_missions(viewer))


def entries(viewer: Viewer, ids: Ids) -> Items:
    """What was written into the records, identity apart: the patient's item shows that."""
    rows = list(
        RecordEntry.objects.filter(within(ids), record__mission__in=seen_missions(viewer))
        .exclude(element__startswith="identity.")
        .select_related("record", "author")
        .order_by("occurred_at", "entered_at")
    )
    gone = replaced_in({row.record_id for row in rows})
    return {str(row.pk): entry_item(row, replaced=row.pk in gone) for row in rows}


def ecgs(viewer: Viewer, ids: Ids) -> Items:
    """The 12-lead ECGs, without their samples: these are fetched when somebody looks."""
    rows = Ecg.objects.filter(within(ids), mission__in=seen_missions(viewer)).defer(*LISTED)
    return {
        str(row.pk): {**ecg_item(row)}
        for row in rows.select_related("author").order_by("occurred_at", "recorded_at")
    }


# --- what a hospital sees of the missions that come to it -------------------------


# What reaches a hospital that never had sight of the mission: it is rung up, and let in by that.
WITHOUT_A_GRANT = frozenset({"consult", "sight"})


def rows_of_hospital(viewer: Viewer, news: News) -> Sequence[Entry]:
    """Those that may change anything on this hospital's board.

    A mission or an incident of which the hospital never had sight stands nowhere on it, nor does
    its unit; with every screen of every hospital asking after every row, most have nothing to read.
    """
    own = viewer.user.organisation_id
    if own is None:
        return news.telling
    sights = news.once(sights_of, lambda: sights_of(news.telling))
    known = sights.get(own, frozenset()) | sights.get(viewer.user.pk, frozenset())
    return [
        row
        for row in news.telling
        if not {"mission", "incident"} & row.refs.keys()
        or WITHOUT_A_GRANT & row.refs.keys()
        or any(row.refs.get(ref) in known for ref in ("mission", "incident", "unit"))
    ]


def sights_of(rows: Sequence[Entry]) -> dict[UUID, set[str]]:
    """Hospital or person → the missions, incidents and units of these rows that it had sight of."""
    missions, incidents = ids_in(rows, "mission"), ids_in(rows, "incident")
    if not (missions or incidents):
        return {}
    concerned = (
        Q(mission__in=missions)
        | Q(mission__incident__in=incidents)
        | Q(mission__ambulance__in=ids_in(rows, "unit"), mission__open=True)
    )
    subjects = ("mission", "mission__incident", "mission__ambulance")
    granted = Grant.objects.filter(concerned).values_list("organisation", *subjects)
    called = PersonalGrant.objects.filter(concerned).values_list("user", *subjects)
    found: dict[UUID, set[str]] = {}
    for whose, *seen in granted.union(called):
        found.setdefault(whose, set()).update(map(str, seen))
    return found


def of_one_house(viewer: Viewer) -> Hashable | None:
    """Who works in one hospital and has sight of the same missions sees the same of them."""
    if viewer.user.role != Role.ED_STAFF:
        return None
    return (viewer.user.organisation_id, *seen_missions(viewer))


def inbound(viewer: Viewer) -> QuerySet[Mission]:
    return Mission.objects.filter(pk__in=seen_missions(viewer))


def inbound_missions(viewer: Viewer, ids: Ids) -> Items:
    rows = inbound(viewer).filter(within(ids))
    return mission_items(rows.select_related("ambulance", "incident").prefetch_related("facts"))


def inbound_incidents(viewer: Viewer, ids: Ids) -> Items:
    rows = Incident.objects.filter(within(ids), missions__in=inbound(viewer)).distinct()
    return {str(row.pk): incident_item(row) for row in rows.prefetch_related("missions", "calls")}


def inbound_units(viewer: Viewer, ids: Ids) -> Items:
    """The ambulances that are on their way here, only while they are."""
    coming = inbound(viewer).filter(open=True).select_related("incident")
    rows = list(
        Ambulance.objects.filter(within(ids), missions__in=coming)
        .distinct()
        .select_related("station", "fix")
    )
    on_shift = crews(ambulances=[row.pk for row in rows], now=viewer.now)
    missions = {mission.ambulance_id: mission for mission in coming}
    return {
        str(row.pk): unit_item(row, on_shift.get(row.pk, []), missions.get(row.pk)) for row in rows
    }
