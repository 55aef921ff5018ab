"""What a record knows by itself: dispatch, the mission's clocks, the way driven, the crew.

These are facts of other tables, shown in the record's words and never stored a second time.
What is only likely is a proposal: it is nothing until a person writes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from dispatch.calls.models import Incident
from dispatch.fleet.driven import driven_m
from dispatch.fleet.models import Ambulance, Mission, Shift
from dispatch.fleet.rules import NEMSIS_TIMES, WAY, State
from dispatch.people.models import Organisation
from ehr_prehospital.record.catalogue import From, elements
from ehr_prehospital.record.models import Record
from ehr_prehospital.record.queries import stamp

# Any constant will do; it makes a group's id out of a shift's.
CREW = UUID("0e4fd0a5-4b0c-4ae5-9a02-6f4a55c7b6c2")
CAPABILITIES: Mapping[str, str] = {
    Ambulance.Capability.BLS: "ground_bls",
    Ambulance.Capability.ALS: "ground_als",
    Ambulance.Capability.MICU: "ground_critical",
}
ROLES: Mapping[str, tuple[str, ...]] = {
    Shift.Seat.LEAD: ("lead_scene", "lead_transport"),
    Shift.Seat.ATTENDANT: ("other_scene", "other_transport"),
    Shift.Seat.DRIVER: ("driver_response", "driver_transport"),
}
ACUITIES = {1: "critical", 2: "emergent", 3: "lower", 4: "non_acute", 5: "non_acute"}
MOST_URGENT = 2
# A mission that ended without transport, in the words of the disposition.
UNIT_DISPOSITIONS: Mapping[State, str] = {
    State.NO_PATIENT: "no_patient",
    State.REFUSED: "contact",
    State.DEAD_ON_SCENE: "contact",
    State.TREATED_AND_RELEASED: "contact",
}
TRANSPORTS: Mapping[State, str] = {
    State.REFUSED: "refused",
    State.DEAD_ON_SCENE: "none",
    State.TREATED_AND_RELEASED: "none",
}
OURS: Mapping[State, str] = {State.ON_BOARD: "times.on_board"}


@dataclass(frozen=True, slots=True)
class Filled:
    """A value nobody typed. `en` and `zh` name what is a name of its own (a hospital).

    A `proposal` needs a person's word; `reading_id` and `device_at` go into the entry then.
    """

    element: str
    value: str
    source: From
    unit: str = ""
    group: UUID | None = None
    at: datetime | None = None
    en: str = ""
    zh: str = ""
    proposal: bool = False
    reading_id: int | None = None
    quality: str = ""


def filled_of(record: Record) -> list[Filled]:
    """Everything that dispatch and the mission say of this record."""
    mission = Mission.objects.select_related(
        "incident__centre", "ambulance__station", "destination"
    ).get(pk=record.mission_id)
    return [
        *of_dispatch(mission),
        *of_calls(mission.incident),
        *of_clocks(mission),
        *of_crew(mission),
        *of_disposition(mission),
        *of_way(mission),
        Filled("patient.number", record.encounter.patient.temporary_number, source=From.DISPATCH),
        Filled("response.record_number", str(record.pk), source=From.DISPATCH),
    ]


def of_dispatch(mission: Mission) -> Iterator[Filled]:
    incident, unit = mission.incident, mission.ambulance
    said = {
        "response.incident_number": incident.number,
        "response.mission_number": mission.number,
        "response.vehicle_plate": unit.plate,
        "response.call_sign": unit.call_sign,
        "response.unit_capability": CAPABILITIES.get(unit.capability, ""),
        "dispatch.reason": incident.complaint,
        "dispatch.determinant": incident.determinant,
        "dispatch.emd": "instructions_unknown" if incident.protocol_id else "no",
        "scene.position": f"{incident.lat:.6f},{incident.lon:.6f}",
        "scene.address": incident.place_label,
        "scene.address_detail": incident.place_detail,
    }
    if incident.kind == Incident.Kind.EMERGENCY:
        said["response.service_type"] = "emergency"
    for element, value in said.items():
        if value:
            yield Filled(element, value, source=From.DISPATCH)
    yield named("response.agency", unit.station)
    yield named("dispatch.centre", incident.centre)
    likely = {
        "response.mode": "emergent" if incident.priority <= MOST_URGENT else "non_emergent",
        "dispatch.acuity": ACUITIES[incident.priority],
        "identity.sex": "" if incident.patient_sex == "unknown" else incident.patient_sex,
        "identity.age_years": ""
        if incident.patient_age_years is None
        else str(incident.patient_age_years),
    }
    for element, value in likely.items():
        if value:
            unit_of = next(iter(elements()[element].units), "")
            yield Filled(element, value, source=From.DISPATCH, unit=unit_of, proposal=True)


def named(element: str, of: Organisation) -> Filled:
    return Filled(element, of.code, source=From.DISPATCH, en=of.name_en, zh=of.name_zh)


def of_calls(incident: Incident) -> Iterator[Filled]:
    """The first call's clocks; an incident without a call was opened by the centre."""
    first = incident.calls.order_by("ring_at").first()
    yield moment("times.call_received", first.ring_at if first else incident.opened_at)
    if first and first.answered_at:
        yield moment("times.dispatch_notified", first.answered_at)


def of_clocks(mission: Mission) -> Iterator[Filled]:
    """Every clock of the mission, under its NEMSIS element or, for on_board, our own."""
    by_nemsis = {one.nemsis: code for code, one in elements().items() if one.group == "times"}
    for state in WAY:
        at = getattr(mission, f"{state}_at")
        code = OURS.get(state) or by_nemsis.get(NEMSIS_TIMES.get(state, ""))
        if at and code:
            yield moment(code, at)
    if mission.ended_at and mission.available_at is None:
        yield moment("times.back_in_service", mission.ended_at)
    if mission.ended_at and mission.state == State.CANCELLED:
        yield moment("times.cancelled", mission.ended_at)


def moment(element: str, at: datetime) -> Filled:
    return Filled(element, stamp(at), source=elements()[element].filled_from[0], at=at)


def of_crew(mission: Mission) -> Iterator[Filled]:
    """Who sat in the ambulance when the mission began."""
    shifts = Shift.objects.filter(
        ambulance_id=mission.ambulance_id,
        starts_at__lte=mission.assigned_at,
        ends_at__gt=mission.assigned_at,
    ).select_related("user")
    for shift in shifts.order_by("seat", "user__username"):
        group, user = uuid5(CREW, str(shift.pk)), shift.user
        yield Filled(
            "crew.member",
            user.username,
            source=From.DISPATCH,
            group=group,
            en=user.name_en,
            zh=user.name_zh,
        )
        for role in ROLES.get(shift.seat, ()):
            yield Filled("crew.role", role, source=From.DISPATCH, group=group)


def of_disposition(mission: Mission) -> Iterator[Filled]:
    """What the mission's facts decide; the care given is a person's to say."""
    unit = unit_disposition(mission)
    if unit:
        yield clocked("disposition.unit", unit, mission.at_patient_at or mission.ended_at)
    if mission.on_board_at:
        yield clocked("disposition.transport", "this_unit", mission.on_board_at)
        yield clocked("disposition.transport_method", "ambulance", mission.on_board_at)
    elif transport := TRANSPORTS.get(State(mission.state)):
        yield clocked("disposition.transport", transport, mission.ended_at)
    if mission.destination:
        hospital = mission.destination
        yield named("disposition.destination_name", hospital)
        yield Filled("disposition.destination_code", hospital.code, source=From.DISPATCH)
        if mission.on_board_at:
            yield clocked(
                "disposition.destination_type", "emergency_department", mission.on_board_at
            )
    if unit == "contact":
        yield Filled("disposition.care", care(mission), source=From.CLOCK, proposal=True)


def unit_disposition(mission: Mission) -> str:
    if mission.at_patient_at:
        return "contact"
    if mission.state in UNIT_DISPOSITIONS:
        return UNIT_DISPOSITIONS[State(mission.state)]
    if mission.state == State.CANCELLED:
        return "cancelled_on_scene" if mission.on_scene_at else "cancelled_before"
    return ""


def care(mission: Mission) -> str:
    return "refused_care" if mission.state == State.REFUSED else "care"


def clocked(element: str, value: str, at: datetime | None) -> Filled:
    return Filled(element, value, source=From.CLOCK, at=at)


def of_way(mission: Mission) -> Iterator[Filled]:
    """Kilometres driven, by the unit's own track."""
    legs = (
        ("response.distance_to_scene", mission.en_route_at, mission.on_scene_at),
        (
            "response.distance_to_destination",
            mission.left_scene_at or mission.on_board_at,
            mission.at_destination_at,
        ),
    )
    for element, begins, ends in legs:
        if begins and ends and begins < ends:
            metres = driven_m(ambulance_id=mission.ambulance_id, begins=begins, ends=ends)
            if metres is not None:
                km = f"{metres / 1000:.1f}"
                yield Filled(element, km, source=From.CLOCK, unit="km", at=ends)
