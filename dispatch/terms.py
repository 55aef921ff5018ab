"""The words for the codes: stored codes, translated labels. One table per kind of code."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.calls.models import Incident
from dispatch.calls.rules.triage import protocol
from dispatch.city.models import Closure, Zone
from dispatch.fleet.models import Ambulance, CrewAlarm, Hold, MissionFact, Shift
from dispatch.fleet.rules import Contradiction, State
from dispatch.people.models import Role, in_language

Label = str | Promise

MISSION_STATES: Mapping[str, Label] = {
    State.ASSIGNED: _("assigned"),
    State.ACKNOWLEDGED: _("acknowledged"),
    State.EN_ROUTE: _("en route"),
    State.ON_SCENE: _("on scene"),
    State.AT_PATIENT: _("at patient"),
    State.ON_BOARD: _("on board"),
    State.LEFT_SCENE: _("left scene"),
    State.AT_DESTINATION: _("at destination"),
    State.HANDED_OVER: _("handed over"),
    State.AVAILABLE: _("available"),
    State.CANCELLED: _("cancelled"),
    State.DECLINED: _("declined"),
    State.DIVERTED: _("diverted"),
    State.NO_PATIENT: _("no patient"),
    State.REFUSED: _("refused transport"),
    State.DEAD_ON_SCENE: _("dead on scene"),
    State.TREATED_AND_RELEASED: _("treated and released"),
}
# What a unit is doing when it is on no mission.
UNIT_STATUSES: Mapping[str, Label] = {
    **MISSION_STATES,
    "off_shift": _("off shift"),
    "out_of_service": _("out of service"),
}
HOSPITAL_CAPABILITIES: Mapping[str, Label] = {
    "ed": _("emergency department"),
    "trauma": _("trauma centre"),
    "stroke": _("stroke centre"),
    "cath_lab": _("cath lab"),
    "paediatric": _("children"),
    "obstetric": _("obstetrics"),
    "burns": _("burns"),
    "poisoning": _("poisoning"),
}
# As they stand on the vehicles and in a dense list.
CAPABILITIES_SHORT: Mapping[str, Label] = {
    Ambulance.Capability.BLS: _("BLS"),
    Ambulance.Capability.ALS: _("ALS"),
    Ambulance.Capability.MICU: _("MICU"),
}
OVERRIDE_REASONS: Mapping[str, Label] = {
    "local_knowledge": _("knows the road or the place"),
    "equipment": _("needs other equipment"),
    "crew_rest": _("crew needs rest"),
    "keeps_cover": _("keeps an area covered"),
    "radio_contact": _("already on the way by radio"),
    "road_blocked": _("road blocked"),
    "other": _("other reason"),
}
HOLD_KINDS: Mapping[str, Label] = dict(Hold.Kind.choices)
HOLDS: Mapping[str, Label] = {
    "transfer": _("planned transfer"),
    "event": _("event cover"),
    "handpicked": _("picked for an incident"),
    "cover": _("keeps an area covered"),
    "meal": _("meal"),
    "rest_period": _("rest period"),
    "after_hard_case": _("after a hard case"),
    "defibrillator": _("defibrillator"),
    "monitor": _("patient monitor"),
    "ventilator": _("ventilator"),
    "oxygen": _("oxygen"),
    "suction": _("suction"),
    "stretcher": _("stretcher"),
    "radio": _("radio"),
    "vehicle": _("the vehicle itself"),
}
BEDS: Mapping[str, Label] = {
    "ed": _("ED beds"),
    "resus": _("resuscitation bays"),
    "icu": _("intensive care"),
    "cath_lab": _("cath lab"),
    "stroke": _("stroke unit"),
    "burns": _("burns"),
    "paediatric": _("children"),
    "obstetric": _("obstetrics"),
}
COLOURS: Mapping[str, Label] = {
    "red": _("red"),
    "yellow": _("yellow"),
    "green": _("green"),
}
DIVERT_REASONS: Mapping[str, Label] = {
    "full": _("department full"),
    "resus_full": _("resuscitation full"),
    "imaging_down": _("CT out of order"),
    "cath_lab_down": _("cath lab out of order"),
    "staff": _("too few staff"),
    "incident": _("internal incident"),
}
CREW_ALARM_ENDED: Mapping[str, Label] = {
    "safe": _("crew is safe"),
    "helped": _("help has arrived"),
    "slip": _("pressed in error"),
    "drill": _("drill"),
}
MOVE_REFUSALS: Mapping[str, Label] = {
    "crew_tired": _("crew needs rest"),
    "traffic": _("traffic there or on the way"),
    "event_expected": _("calls expected here"),
    "unit_needed_here": _("needed where it is"),
    "not_worth_it": _("gains too little"),
    "other": _("other reason"),
}
POST_REASONS: Mapping[str, Label] = {
    "gap": _("area without a unit"),
    "calls_expected": _("calls expected there"),
    "event": _("event cover"),
    "roads": _("roads about to be cut off"),
    "back_home": _("back to its station"),
    "drill": _("drill"),
    "other": _("other reason"),
}
END_REASONS: Mapping[str, Label] = {
    "no_answer": _("crew does not answer"),
    "caller_cancelled": _("caller cancelled"),
    "duplicate": _("same event"),
    "nearer_unit": _("a nearer unit is free"),
    "higher_priority": _("needed for a higher priority"),
    "vehicle_fault": _("vehicle fault"),
    "crew_unsafe": _("not safe for the crew"),
    "not_found": _("nobody found"),
    "moved_on": _("waits elsewhere now"),
    "patient_refuses": _("patient refuses"),
    "other": _("other reason"),
}
CONTRADICTIONS: Mapping[str, Label] = {
    Contradiction.IN_FUTURE: _("lies in the future"),
    Contradiction.BEFORE_ASSIGNED: _("before the assignment"),
    Contradiction.REPEATED: _("said before"),
    Contradiction.AFTER_END: _("after the end of the mission"),
    Contradiction.OUT_OF_ORDER: _("out of order"),
    Contradiction.CONTRADICTS: _("contradicts what is known"),
}
JOURNAL_KINDS: Mapping[str, Label] = {
    "call.answered": _("call answered"),
    "call.number_noted": _("caller's number noted"),
    "call.attached": _("call attached"),
    "call.detached": _("call taken off"),
    "call.closed": _("call closed"),
    "incident.opened": _("incident opened"),
    "incident.closed": _("incident closed"),
    "incident.merged": _("incidents merged"),
    "incident.parted": _("incidents parted again"),
    "recommendation.made": _("units recommended"),
    "speeds.learnt": _("driving speeds learnt"),
    "recommendation.overridden": _("recommendation overridden"),
    "mission.contradiction": _("contradicting fact"),
    "mission.fact_undone": _("status undone"),
    "mission.unacknowledged": _("not acknowledged"),
    "mission.nearer_unit": _("a nearer unit is free"),
    "mission.nearer_withdrawn": _("nearer unit no longer proposed"),
    "mission.unit_kept": _("unit kept on its mission"),
    "unit.silent": _("unit silent"),
    "mission.overdue": _("status overdue"),
    "crew.asked": _("crew asked whether it is safe"),
    "crew.answered": _("crew is safe"),
    "crew.emergency_raised": _("CREW EMERGENCY"),
    "crew.emergency_acknowledged": _("crew emergency acknowledged"),
    "crew.emergency_ended": _("crew emergency ended"),
    "crew.no_answer_raised": _("crew does not answer"),
    "crew.no_answer_acknowledged": _("silence of the crew acknowledged"),
    "crew.no_answer_ended": _("silence of the crew ended"),
    "tablet.registered": _("tablet registered"),
    "tablet.wipe_asked": _("tablet to be wiped"),
    "tablet.wiped": _("tablet wiped"),
    "unit.held": _("unit kept back"),
    "unit.released": _("unit released"),
    "unit.posted": _("unit sent to a post"),
    "hospital.beds_declared": _("beds declared"),
    "hospital.diverted": _("hospital on divert"),
    "hospital.divert_ended": _("hospital takes patients again"),
    "hospital.divert_expired": _("divert over by itself"),
    "hospital.surge_declared": _("surge capacity declared"),
    "hospital.surge_ended": _("surge capacity ended"),
    "hospital.capabilities_declared": _("capabilities declared"),
    "incident.transfer_opened": _("inter-hospital transfer to be driven"),
    "policy.replayed": _("past decisions replayed"),
    "incident.noted": _("note added"),
    "zone.drawn": _("zone drawn"),
    "zone.removed": _("zone removed"),
    "track.viewed": _("track replayed"),
    "move_up.proposed": _("move-up proposed"),
    "move_up.accepted": _("move-up accepted"),
    "move_up.refused": _("move-up refused"),
    "move_up.expired": _("move-up no longer proposed"),
    "road.closed": _("road closed"),
    "road.reopened": _("road open again"),
    "telemetry.dropped": _("old telemetry dropped"),
    "uplink.replayed": _("parked frame taken"),
    "uplink.replay_failed": _("parked frame still not taken"),
    "city.hospitals_installed": _("hospitals installed"),
    **{f"mission.{state}": label for state, label in MISSION_STATES.items()},
}


LINK_STATES: Mapping[str, Label] = {
    "live": _("live"),
    "silent": _("connected, silent"),
    "down": _("no connection"),
    "never": _("never connected"),
}
# MalformedReason, a refused fact, and everything else.
PARKED_REASONS: Mapping[str, Label] = {
    "too_large": _("larger than allowed"),
    "not_messagepack": _("damaged bytes"),
    "wrong_version": _("another version of the protocol"),
    "unknown_type": _("unknown kind of message"),
    "unknown_field": _("unknown field"),
    "missing_field": _("missing field"),
    "unknown_code": _("unknown code"),
    "naive_time": _("time without a zone"),
    "invalid_value": _("value out of bounds"),
    "unknown_mission": _("no such mission of this vehicle"),
    "fault_of_ours": _("a fault of this programme"),
}


POSTINGS: Mapping[str, Label] = {
    kind: Incident.Kind(kind).label for kind in (Incident.Kind.RELOCATION, Incident.Kind.STANDBY)
}


def complaints() -> Mapping[str, str]:
    """What triage knows; a posting's or a transfer's own word stands where a complaint would."""
    known = {
        code: in_language(complaint.text.en, complaint.text.zh)
        for code, complaint in protocol().complaints.items()
    }
    kinds = {**POSTINGS, Incident.Kind.TRANSFER.value: Incident.Kind.TRANSFER.label}
    return known | {str(code): str(text) for code, text in kinds.items()}


def tables() -> dict[str, dict[str, str]]:
    """Every table of dispatch in the language of the request, ready for a page."""
    shown: dict[str, Mapping[str, Label]] = {
        "mission_state": MISSION_STATES,
        "fact": MISSION_STATES,
        "unit_status": UNIT_STATUSES,
        "hospital_capability": HOSPITAL_CAPABILITIES,
        "override_reason": OVERRIDE_REASONS,
        "end_reason": END_REASONS,
        "move_refusal": MOVE_REFUSALS,
        "post_reason": POST_REASONS,
        "incident_kind": dict(Incident.Kind.choices),
        "hold_kind": HOLD_KINDS,
        "hold": HOLDS,
        "bed": BEDS,
        "divert_reason": DIVERT_REASONS,
        "surge_colour": COLOURS,
        "crew_alarm": dict(CrewAlarm.Kind.choices),
        "crew_alarm_end": CREW_ALARM_ENDED,
        "closure_cause": dict(Closure.Cause.choices),
        "zone_kind": dict(Zone.Kind.choices),
        "contradiction": CONTRADICTIONS,
        "journal_kind": JOURNAL_KINDS,
        "capability": dict(Ambulance.Capability.choices),
        "capability_short": CAPABILITIES_SHORT,
        "role": dict(Role.choices),
        "seat": dict(Shift.Seat.choices),
        "sex": dict(Incident.Sex.choices),
        "link_state": LINK_STATES,
        "parked_reason": PARKED_REASONS,
        "source": dict(MissionFact.Source.choices),
        "complaint": complaints(),
    }
    return {
        name: {str(code): str(label) for code, label in table.items()}
        for name, table in shown.items()
    }


def label(table: str, code: str) -> str:
    """The label of a code, or the code itself when nobody has named it."""
    return tables().get(table, {}).get(code, code)
