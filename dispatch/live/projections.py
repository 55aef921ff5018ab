"""The items of the boards that belong to dispatch, as JSON."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q

from dispatch.calls.actions import CONTROL_ROOM
from dispatch.calls.models import Call, Incident, IncidentNote, Merge
from dispatch.city.models import Closure, Zone
from dispatch.city.zones.queries import hazards_at, standing_zones, zones_of
from dispatch.city.zones.rules import holds
from dispatch.decision.actions.instead import STANDS
from dispatch.decision.models import Hospital, MoveUp, Recommendation
from dispatch.decision.queries import at_doors, policy_in_force, proposed_instead
from dispatch.fleet.models import Ambulance, CrewAlarm, CrewCheck, Hold, Mission, Shift
from dispatch.fleet.queries import crews, holds_of, open_missions, shift_of
from dispatch.fleet.rules import WAY, State, offered
from dispatch.journal.models import Entry
from dispatch.live.board import Item, Items, Json, Tail, Viewer, once
from dispatch.live.matters import newest_own_rows, own_rows
from dispatch.people.models import Organisation, User

NEWEST = 30


def when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def names(of: Organisation | User | None) -> Json:
    return {"name_en": of.name_en, "name_zh": of.name_zh} if of else None


def within(ids: Collection[UUID] | None, field: str = "pk") -> Q:
    return Q() if ids is None else Q(**{f"{field}__in": list(ids)})


# --- the control room ---------------------------------------------------------


def calls(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    rows = Call.objects.filter(within(ids), centre=viewer.user.centre, closed_at__isnull=True)
    return {
        str(row.pk): {
            "id": str(row.pk),
            "number_from": row.number_from,
            "ring_at": when(row.ring_at),
            "answered_at": when(row.answered_at),
            "queued_at": when(row.queued_at),
            "incident_id": str(row.incident_id) if row.incident_id else None,
            "taken_by": names(row.taken_by),
        }
        for row in rows.select_related("taken_by")
    }


def incidents(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    rows = Incident.objects.filter(
        within(ids),
        centre=viewer.user.centre,
        closed_at__isnull=True,
    ).exclude(kind__in=Incident.POSTINGS)
    rows = rows.select_related("destination").prefetch_related(
        "missions", "calls", notes_in_order(), standing_merges()
    )
    zones = standing_zones(viewer.user.centre)
    return {str(row.pk): incident_item(row, zones) for row in rows}


# How a mission ends without anybody having been to the patient.
NOT_ATTENDED = frozenset({State.CANCELLED, State.DECLINED, State.DIVERTED})


def incident_state(row: Incident) -> str:
    """An incident whose unit is done waits for nothing but to be closed."""
    missions = row.missions.all()
    if row.closed_at:
        return "closed"
    if any(mission.open for mission in missions):
        return "assigned"
    attended = any(mission.state not in NOT_ATTENDED for mission in missions)
    return "attended" if attended else "waiting"


def standing_merges() -> "Prefetch[str]":
    """The incidents that were merged into each of these and not parted again."""
    standing = Merge.objects.filter(undone_at__isnull=True).select_related("duplicate")
    return Prefetch("took_over", standing.order_by("merged_at"), to_attr="merged")


def notes_in_order() -> "Prefetch[str]":
    """What the control room has added, oldest first."""
    written = IncidentNote.objects.select_related("written_by").order_by("written_at")
    return Prefetch("notes", written, to_attr="noted")


def incident_item(row: Incident, zones: Sequence[Zone] = ()) -> Item:
    """`zones` are those of the incident's centre: a danger is told where the incident is shown."""
    first_call = min((call.ring_at for call in row.calls.all()), default=None)
    answered = min((call.answered_at for call in row.calls.all() if call.answered_at), default=None)
    return {
        "id": str(row.pk),
        "number": row.number,
        "kind": row.kind,
        "priority": row.priority,
        "complaint": row.complaint,
        "determinant": row.determinant,
        "opened_at": when(row.opened_at),
        "ring_at": when(first_call),
        "answered_at": when(answered),
        "calls": len(row.calls.all()),
        "merged": [
            {"id": str(one.pk), "number": one.duplicate.number, "at": when(one.merged_at)}
            for one in getattr(row, "merged", ())
        ],
        "place_label": row.place_label,
        "place_label_zh": row.place_label_zh,
        "place_detail": row.place_detail,
        "lat": row.lat,
        "lon": row.lon,
        "destination_id": str(row.destination_id) if row.destination_id else None,
        "state": incident_state(row),
        "missions": [str(mission.pk) for mission in row.missions.all()],
        "reasons": list(row.reasons),
        "needs": list(row.needs),
        "patient_sex": row.patient_sex,
        "patient_age_years": row.patient_age_years,
        "caller_note": row.caller_note,
        "notes": [
            {
                "id": str(one.pk),
                "text": one.text,
                "at": when(one.written_at),
                "by": names(one.written_by),
            }
            for one in getattr(row, "noted", ())
        ],
        "hazards": [
            {"id": str(zone.pk), "name": zone.name}
            for zone in hazards_at(zones, lat=row.lat, lon=row.lon)
        ],
    }


def units(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    centre = viewer.user.centre
    if centre is None:
        return {}
    rows = list(
        Ambulance.objects.filter(
            within(ids), Q(station__parent=centre), Q(station__active=True)
        ).select_related("station", "fix")
    )
    on_shift = crews(ambulances=[row.pk for row in rows], now=viewer.now)
    held = holds_of(ambulances=[row.pk for row in rows], now=viewer.now)
    busy = open_missions(centre)
    return {
        str(row.pk): unit_item(
            row, on_shift.get(row.pk, []), busy.get(row.pk), held.get(row.pk, [])
        )
        for row in rows
    }


def unit_item(
    row: Ambulance, crew: list[Shift], mission: Mission | None, held: Sequence[Hold] = ()
) -> Item:
    fix = getattr(row, "fix", None)
    posting = mission.incident.kind if mission and mission.incident.posting else None
    if mission and not (posting and mission.state == State.ON_SCENE):
        status = mission.state
    elif not row.in_service:
        status = "out_of_service"
    else:
        status = "available" if crew else "off_shift"
    return {
        "id": str(row.pk),
        "call_sign": row.call_sign,
        "plate": row.plate,
        "capability": row.capability,
        "station": names(row.station),
        "crew": [
            {"name_en": shift.user.name_en, "name_zh": shift.user.name_zh, "seat": shift.seat}
            for shift in crew
        ],
        "status": status,
        "mission_id": str(mission.pk) if mission else None,
        "incident_id": str(mission.incident_id) if mission and not posting else None,
        # Sent to wait somewhere, and free all the same.
        "posting": posting,
        "holds": [
            {"id": str(one.pk), "kind": one.kind, "what": one.what, "until": when(one.until)}
            for one in held
        ],
        "shift_ends_at": when(min((shift.ends_at for shift in crew), default=None)),
        "fix": {
            "lat": fix.lat,
            "lon": fix.lon,
            "heading_deg": fix.heading_deg,
            "speed_mps": fix.speed_mps,
            "fix_at": when(fix.fix_at),
        }
        if fix
        else None,
    }


def missions(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    rows = Mission.objects.filter(
        within(ids), incident__centre=viewer.user.centre, incident__closed_at__isnull=True
    )
    items = mission_items(rows.select_related("ambulance", "incident").prefetch_related("facts"))
    limits_s = policy_in_force().escalation.overdue_s
    instead = proposed_instead([UUID(key) for key in items])
    for key, item in items.items():
        item["overdue_s"] = limits_s.get(str(item["state"]))
        proposal = instead.get(UUID(key))
        stands = proposal is not None and item["state"] in STANDS[proposal.because]
        item["instead"] = proposed(proposal) if proposal and stands else None
    return items


def proposed(proposal: Recommendation) -> Json:
    """Who would go instead, and why; null when there is nobody."""
    first: Item | None = proposal.outcome.get("instead")
    return first and {
        "because": proposal.because,
        "call_sign": first["call_sign"],
        "response_s": first["response_s"],
        "gain_s": first["gain_s"],
        "made_at": when(proposal.made_at),
    }


def missions_of_incidents(ids: set[UUID]) -> set[UUID]:
    return set(Mission.objects.filter(incident__in=ids).values_list("pk", flat=True))


def calls_of_incidents(ids: set[UUID]) -> set[UUID]:
    return set(Call.objects.filter(incident__in=ids).values_list("pk", flat=True))


def mission_items(rows: Iterable[Mission]) -> Items:
    return {str(row.pk): mission_item(row) for row in rows}


def mission_item(row: Mission) -> Item:
    facts = sorted(row.facts.all(), key=lambda fact: (fact.occurred_at, fact.recorded_at))
    return {
        "id": str(row.pk),
        "number": row.number,
        "unit_id": str(row.ambulance_id),
        "call_sign": row.ambulance.call_sign,
        "incident_id": str(row.incident_id),
        "kind": row.incident.kind,
        "place_label": row.incident.place_label if row.incident.posting else None,
        "place_label_zh": row.incident.place_label_zh if row.incident.posting else None,
        "state": row.state,
        "open": row.open,
        "next": [str(state) for state in offered(State(row.state), posting=row.incident.posting)],
        "times": {
            str(state): when(moment) for state in WAY if (moment := getattr(row, f"{state}_at"))
        },
        "ended_at": when(row.ended_at),
        "end_reason": row.end_reason,
        "destination_id": str(row.destination_id) if row.destination_id else None,
        "eta_s": row.eta_s,
        "eta_computed_at": when(row.eta_computed_at),
        "eta_note": row.eta_note,
        "eta_low_s": row.eta_low_s,
        "eta_high_s": row.eta_high_s,
        "flags": sorted({fact.contradiction for fact in facts if fact.contradiction}),
        "facts": [
            {
                "id": str(fact.pk),
                "fact": fact.fact,
                "occurred_at": when(fact.occurred_at),
                "recorded_at": when(fact.recorded_at),
                "source": fact.source,
                "contradiction": fact.contradiction,
                "undone": fact.undone_at is not None,
            }
            for fact in facts
        ],
    }


def hospitals(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    """Hospitals are no secret: every board shows all of them."""
    rows = Hospital.objects.filter(within(ids), organisation__active=True)
    doors = at_doors()
    return {
        str(row.pk): {
            "id": str(row.pk),
            "code": row.organisation.code,
            "name_en": row.organisation.name_en,
            "name_zh": row.organisation.name_zh,
            "lat": row.lat,
            "lon": row.lon,
            "capabilities": list(row.capabilities),
            "beds": row.beds,
            "divert": {
                "reason": row.divert_reason,
                "until": when(row.divert_until),
                "since": when(row.divert_since),
            }
            if row.divert_until and row.divert_until > viewer.now
            else None,
            # Ended by itself, at this moment; nothing when somebody ended it.
            "divert_expired_at": when(row.divert_expired_at),
            "surge": {
                "capacity": row.surge,
                "at": when(row.surge_at),
                "until": when(row.surge_until),
            }
            if row.surge_until and row.surge_until > viewer.now
            else None,
            "updated_at": when(row.updated_at),
            "inbound": doors.coming[row.pk],
            "offloading": doors.offloading[row.pk],
            "beds_free": row.beds_free,
            "declared_at": when(row.declared_at),
        }
        for row in rows.select_related("organisation")
    }


def crew_alarms(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    """Crews in danger or silent: of the centre's units, or the viewer's own."""
    rows = CrewAlarm.objects.filter(within(ids), ended_at__isnull=True)
    if viewer.user.role in CONTROL_ROOM:
        mine = Q(ambulance__station__parent=viewer.user.centre)
    elif shift := own_shift(viewer):
        mine = Q(ambulance=shift.ambulance_id)
    else:
        return {}
    return {
        str(row.pk): {
            "id": str(row.pk),
            "kind": row.kind,
            "unit_id": str(row.ambulance_id),
            "call_sign": row.ambulance.call_sign,
            "mission_id": str(row.mission_id) if row.mission_id else None,
            "incident_id": str(row.mission.incident_id) if row.mission else None,
            "occurred_at": when(row.occurred_at),
            "raised_by": names(row.raised_by),
            "lat": row.lat,
            "lon": row.lon,
            "fix_at": when(row.fix_at),
            "acknowledged_at": when(row.acknowledged_at),
            "acknowledged_by": names(row.acknowledged_by),
        }
        for row in rows.filter(mine)
        .select_related("ambulance", "mission", "raised_by", "acknowledged_by")
        .order_by("occurred_at")
    }


def crew_checks(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    """The open question whether all is well, by the mission that it belongs to."""
    rows = CrewCheck.objects.filter(
        within(ids, "mission"), mission__in=own_mission_ids(viewer), answered_at__isnull=True
    )
    return {
        str(row.mission_id): {
            "id": str(row.pk),
            "mission_id": str(row.mission_id),
            "asked_at": when(row.asked_at),
            "due_at": when(row.due_at),
        }
        for row in rows
    }


def move_ups(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    """The proposals to the centre that nobody has answered yet."""
    rows = MoveUp.objects.filter(within(ids), centre=viewer.user.centre, ended_at__isnull=True)
    return {
        str(row.pk): {
            "id": str(row.pk),
            "unit_id": str(row.ambulance_id),
            "call_sign": row.ambulance.call_sign,
            "kind": row.kind,
            "name_en": row.point_en,
            "name_zh": row.point_zh,
            "lat": row.lat,
            "lon": row.lon,
            "made_at": when(row.made_at),
            "covered_before": round(row.covered_before, 4),
            "covered_after": round(row.covered_after, 4),
            "drive_s": round(row.drive_s),
        }
        for row in rows.select_related("ambulance")
    }


def closures(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    """The roads that the centre has closed."""
    rows = Closure.objects.filter(within(ids), centre=viewer.user.centre, reopened_at__isnull=True)
    return {
        str(row.pk): {
            "id": str(row.pk),
            "lat": row.lat,
            "lon": row.lon,
            "name_en": row.street_en,
            "name_zh": row.street_zh,
            "cause": row.cause,
            "closed_at": when(row.closed_at),
        }
        for row in rows.order_by("closed_at")
    }


def zones(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    """The areas that the centre has drawn."""
    wanted = None if ids is None else set(ids)
    return {
        str(row.pk): {
            "id": str(row.pk),
            "name": row.name,
            "kind": row.kind,
            "ring": row.ring,
            "drawn_at": when(row.drawn_at),
        }
        for row in standing_zones(viewer.user.centre)
        if wanted is None or row.pk in wanted
    }


def incidents_of_zones(ids: set[UUID]) -> set[UUID]:
    """The open incidents inside these zones: their warning comes or goes with them."""
    drawn = zones_of(ids)
    rings = [[(x, y) for x, y in zone.ring] for zone in drawn]
    open_ = Incident.objects.filter(
        centre__in={zone.centre_id for zone in drawn}, closed_at__isnull=True
    )
    return {
        pk
        for pk, lat, lon in open_.values_list("pk", "lat", "lon")
        if any(holds(ring, (lon, lat)) for ring in rings)
    }


def journal_tail(of: Collection[str], refs: Collection[str]) -> Tail:
    """The newest rows of the viewer's own organisation, with the name of who acted.

    Only of these subjects (the first word of a row's kind) and with these references;
    a row's detail stays in the journal: a board has items for what it may show.
    """
    shown = Entry.objects.filter(kind__regex=rf"^({'|'.join(of)})\.")

    def tail(viewer: Viewer, rows: list[Entry] | None) -> Items:
        if rows is None:
            newest = newest_own_rows(viewer.user, among=shown, limit=NEWEST)
        else:
            told = [row for row in rows if row.kind.partition(".")[0] in of]
            newest = own_rows(viewer.user, told)[-NEWEST:]
        return journal_items(newest, refs)

    return tail


def journal_items(rows: Sequence[Entry], refs: Collection[str]) -> Items:
    """Rows as a board shows them: without detail, with the name of who acted."""
    people = User.objects.in_bulk([row.actor_id for row in rows if row.actor_id])
    return {
        str(row.pk): {
            "id": row.pk,
            "kind": row.kind,
            "occurred_at": when(row.occurred_at),
            "actor": names(people.get(row.actor_id)) if row.actor_id else None,
            "refs": {name: row.refs[name] for name in refs if name in row.refs},
        }
        for row in rows
    }


# --- the crew's tablet: its own unit, mission and incident ----------------------


def own_unit(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    shift = own_shift(viewer)
    unit = shift.ambulance if shift else None
    if unit is None or (ids is not None and unit.pk not in ids):
        return {}
    crew = crews(ambulances=[unit.pk], now=viewer.now).get(unit.pk, [])
    mission = Mission.objects.filter(ambulance=unit, open=True).select_related("incident").first()
    held = holds_of(ambulances=[unit.pk], now=viewer.now).get(unit.pk, [])
    return {str(unit.pk): unit_item(unit, crew, mission, held)}


def own_missions(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    """The open mission, and the last one ended: its record may need completing."""
    return mission_items(
        Mission.objects.filter(within(ids), pk__in=own_mission_ids(viewer))
        .select_related("ambulance", "incident")
        .prefetch_related("facts")
    )


def own_incidents(viewer: Viewer, ids: Collection[UUID] | None) -> Items:
    rows = Incident.objects.filter(within(ids), missions__in=own_mission_ids(viewer)).distinct()
    zones = standing_zones(viewer.user.centre)
    return {
        str(row.pk): incident_item(row, zones)
        for row in rows.prefetch_related("missions", "calls", notes_in_order())
    }


@once
def own_shift(viewer: Viewer) -> Shift | None:
    return shift_of(viewer.user, now=viewer.now)


@once
def own_mission_ids(viewer: Viewer) -> list[UUID]:
    """The unit's newest mission, if this person's shift was part of it."""
    shift = own_shift(viewer)
    if shift is None:
        return []
    during = Q(open=True) | Q(ended_at__gte=shift.starts_at)
    newest = Mission.objects.filter(during, ambulance=shift.ambulance_id).order_by("-assigned_at")
    return list(newest.values_list("pk", flat=True)[:1])
