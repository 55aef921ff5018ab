"""A visit → HL7 v2.5.1 messages, built with hl7apy on the official structures. Pure.

Which field carries what: docs/exchange.md. The same visit, event, id and time give the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.core import Message

from ehr_prehospital.exchange.hl7v2.target import MSH_18, VERSION, Event, Target
from ehr_prehospital.exchange.visit import Order, Person, Visit

# Trigger event → message structure (HL7 2.5.1, chapter 3 and table 0354).
STRUCTURES: Mapping[Event, str] = {
    Event.PENDING_ADMIT: "ADT_A05",
    Event.PRE_ADMIT: "ADT_A05",
    Event.REGISTER: "ADT_A01",
    Event.UPDATE: "ADT_A01",
    Event.CANCEL_PRE_ADMIT: "ADT_A38",
    Event.CANCEL_VISIT: "ADT_A09",
    Event.ARRIVE: "ADT_A09",
    Event.MERGE: "ADT_A39",
    Event.MOVE_VISIT: "ADT_A45",
    Event.ORDER: "OMG_O19",
}
WITH_ALLERGIES = frozenset({Event.PENDING_ADMIT, Event.PRE_ADMIT, Event.REGISTER, Event.UPDATE})
SEXES = {"male": "M", "female": "F", "other": "O"}
NOBODY = {"zh": "无名氏", "en": "Unknown"}
# Documents → identifier type (table 0203) and who assigns the number.
DOCUMENTS: Mapping[str, tuple[str, str]] = {
    "resident_card": ("NI", "CN"),
    "passport": ("PPN", ""),
    "driving_licence": ("DL", ""),
    "birth_certificate": ("BR", ""),
}
OTHER_DOCUMENT = ("U", "")
# The department itself; the bay is the place in it.
DEPARTMENT = "ED"
ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
LONGEST_NAME = 194


@dataclass(frozen=True, slots=True)
class Envelope:
    """MSH-10, and when it happened. `now` is when the message was written."""

    control_id: str
    occurred_at: datetime
    now: datetime
    operator: str = ""


def message(event: Event, visit: Visit, target: Target, envelope: Envelope) -> bytes:
    """Any of the ADT messages in the hospital's encoding, segments ended by CR."""
    made = begun(event, visit, target, envelope)
    if event is Event.MERGE:
        merged(made.add_group("ADT_A39_PATIENT"), visit, target)
    elif event is Event.MOVE_VISIT:
        moved(made, visit, target)
    else:
        person(made.add_segment("PID"), visit.person, target)
        visited(made.add_segment("PV1"), visit)
        more(made.add_segment("PV2"), visit)
        if event in WITH_ALLERGIES:
            for number, allergy in enumerate(visit.allergies, start=1):
                segment = made.add_segment("AL1")
                segment.al1_1 = str(number)
                segment.al1_2 = "DA"
                segment.al1_3 = f"^{escaped(allergy)}"
    return encoded(made, target)


def order_message(order: Order, visit: Visit, target: Target, envelope: Envelope) -> bytes:
    """OMG^O19: a new order (NW), or one that is withdrawn (CA)."""
    made = begun(Event.ORDER, visit, target, envelope)
    patient = made.add_group("OMG_O19_PATIENT")
    person(patient.add_segment("PID"), visit.person, target)
    visited(patient.add_group("OMG_O19_PATIENT_VISIT").add_segment("PV1"), visit)
    group = made.add_group("OMG_O19_ORDER")
    orc, obr = group.add_segment("ORC"), group.add_segment("OBR")
    orc.orc_1 = "CA" if order.withdrawn else "NW"
    orc.orc_2 = f"{escaped(order.number)}^{escaped(visit.centre)}"
    orc.orc_9 = stamp(order.at)
    orc.orc_12 = f"{escaped(order.by)}^{escaped(order.by_name)}"
    obr.obr_1 = "1"
    obr.obr_2 = f"{escaped(order.number)}^{escaped(visit.centre)}"
    obr.obr_4 = f"{escaped(order.kind)}^{escaped(order.what)}^99ONBOARD"
    obr.obr_16 = f"{escaped(order.by)}^{escaped(order.by_name)}"
    obr.obr_27 = f"1^^^^^{'S' if order.stat else 'R'}"
    obr.obr_31 = f"^{escaped(visit.reason)}"
    return encoded(made, target)


# Any: hl7apy has no types; its elements take assignments by name.
def begun(event: Event, visit: Visit, target: Target, envelope: Envelope) -> Any:
    structure = STRUCTURES[event]
    made = Message(structure, version=VERSION, validation_level=VALIDATION_LEVEL.STRICT)
    msh = made.msh
    msh.msh_3 = "ONBOARD"
    msh.msh_4 = escaped(visit.centre)
    msh.msh_5 = escaped(target.application)
    msh.msh_6 = escaped(target.facility or visit.hospital)
    msh.msh_7 = stamp(envelope.now)
    family = "OMG" if event is Event.ORDER else "ADT"
    msh.msh_9 = f"{family}^{event}^{structure}"
    msh.msh_10 = envelope.control_id
    msh.msh_11 = "P"
    msh.msh_17 = "CHN" if target.language == "zh" else "GBR"
    msh.msh_18 = MSH_18[target.encoding]
    if event is not Event.ORDER:
        evn = made.add_segment("EVN")
        evn.evn_2 = stamp(envelope.now)
        if envelope.operator:
            evn.evn_5 = escaped(envelope.operator)
        evn.evn_6 = stamp(envelope.occurred_at)
    return made


def person(pid: Any, who: Person, target: Target) -> None:
    """PID. Nobody's name is the number, of type U."""
    pid.pid_1 = "1"
    identifiers(pid, who)
    pid.pid_5 = named(who, target)
    if who.birth_date:
        pid.pid_7 = f"{who.birth_date:%Y%m%d}"
    pid.pid_8 = SEXES.get(who.sex, "U")
    if who.address:
        pid.pid_11 = escaped(who.address)
    if who.phone:
        pid.pid_13 = f"^PRN^CP^^^^{escaped(who.phone)}"


def identifiers(pid: Any, who: Person) -> None:
    """PID-3: our own number first, then each document."""
    pid.pid_3 = f"{escaped(who.number)}^^^ONBOARD^PI"
    for one in who.documents:
        kind, authority = DOCUMENTS.get(one.kind, OTHER_DOCUMENT)
        pid.add_field("pid_3").value = f"{escaped(one.number)}^^^{authority}^{kind}"


def named(who: Person, target: Target) -> str:
    """PID-5. A Chinese name is not cut into two where nobody did."""
    if not who.known:
        return f"{NOBODY[target.language]}^{escaped(who.own_number)}^^^^^U"
    family, given = (who.family, who.given) if who.family else (who.name, "")
    form = "I" if any("\u3400" <= letter <= "\u9fff" for letter in family + given) else "A"
    return f"{escaped(family[:LONGEST_NAME])}^{escaped(given)}^^^^^L^{form}"


def visited(pv1: Any, visit: Visit) -> None:
    pv1.pv1_1 = "1"
    pv1.pv1_2 = "E"
    pv1.pv1_3 = f"{DEPARTMENT}^{escaped(visit.bay)}^^{escaped(visit.hospital)}"
    pv1.pv1_4 = "E"
    pv1.pv1_5 = f"{escaped(visit.preadmission_number)}^^^ONBOARD^VN"
    if visit.visit_number:
        pv1.pv1_19 = escaped(visit.visit_number)
    if visit.on_board_at:
        pv1.pv1_44 = stamp(visit.on_board_at)


def more(pv2: Any, visit: Visit) -> None:
    pv2.pv2_3 = f"{escaped(visit.pathway)}^{escaped(visit.reason)}"
    if visit.expected_at:
        pv2.pv2_8 = stamp(visit.expected_at)
    # Table 0217: whatever may cost a life now is an emergency.
    pv2.pv2_25 = "1" if visit.priority <= 2 else "2"


def merged(group: Any, visit: Visit, target: Target) -> None:
    """A40: the number given on the mission is now the known patient's. The visit stays."""
    person(group.add_segment("PID"), visit.person, target)
    mrg = group.add_segment("MRG")
    mrg.mrg_1 = f"{escaped(visit.person.own_number)}^^^ONBOARD^PI"
    mrg.mrg_7 = f"{NOBODY[target.language]}^{escaped(visit.person.own_number)}^^^^^U"
    visited(group.add_segment("PV1"), visit)


def moved(made: Any, visit: Visit, target: Target) -> None:
    """A45: the merge was wrong, the visit goes back to the number of the mission.

    Here `own_number` is where the visit belongs and `number` where it was.
    """
    pid = made.add_segment("PID")
    who = visit.person
    pid.pid_1 = "1"
    pid.pid_3 = f"{escaped(who.own_number)}^^^ONBOARD^PI"
    pid.pid_5 = named(who, target)
    pid.pid_8 = SEXES.get(who.sex, "U")
    group = made.add_group("ADT_A45_MERGE_INFO")
    mrg = group.add_segment("MRG")
    mrg.mrg_1 = f"{escaped(who.number)}^^^ONBOARD^PI"
    mrg.mrg_5 = escaped(visit.visit_number or visit.preadmission_number)
    visited(group.add_segment("PV1"), visit)


def stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S%z}"


def escaped(text: str) -> str:
    """Separators inside a value (chapter 2.7); no line ends, for they end a segment."""
    flat = " ".join(text.split())
    return "".join(ESCAPES.get(letter, letter) for letter in flat)


def encoded(made: Any, target: Target) -> bytes:
    made.validate()
    text: str = made.to_er7()
    return (text if text.endswith("\r") else text + "\r").encode(target.encoding, "replace")
