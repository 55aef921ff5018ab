"""A full record of 150 statements and more, and a small one: for pages, mappings and benches."""

from dataclasses import replace
from uuid import UUID

from ehr_prehospital.exchange.canonical import CanonicalRecord, Enclosure, Statement
from tests.rules.records import at, grouped, record, say

CREW = (
    ("li", "Li Ming", "李明", "lead_scene"),
    ("wang", "Wang Fang", "王芳", "other_scene"),
    ("zhao", "Zhao Qiang", "赵强", "driver_response"),
)
STROKES = "M60,140L90,60L120,150L150,70L180,140L230,90L260,120L300,80L340,130L420,100"


STORY = (
    "患者半小时前于家中休息时突发胸骨后压榨样疼痛，持续不缓解，向左肩及左上臂放射，"
    "伴大汗、恶心，无晕厥，无呼吸困难。自服硝酸甘油一片无缓解，家属呼叫急救。"
)


def filled() -> list[Statement]:
    """What dispatch and the clocks say of every record."""
    said = {
        "response.incident_number": "I20261122-0042",
        "response.mission_number": "M20261122-0057",
        "response.vehicle_plate": "沪A·D1207",
        "response.call_sign": "A07",
        "response.unit_capability": "ground_als",
        "response.service_type": "emergency",
        "response.mode": "emergent",
        "dispatch.reason": "chest_pain",
        "dispatch.determinant": "10-D-2",
        "dispatch.acuity": "critical",
        "scene.address": "人民路 18 号",
        "scene.address_detail": "3 单元 702 室",
        "patient.number": "U20261122-0009",
        "disposition.preadmission_number": "H03-20261122-0007",
        "disposition.unit": "contact",
        "disposition.transport": "this_unit",
        "disposition.transport_method": "ambulance",
    }
    names = (
        dispatched("dispatch.centre", "C1", en="City emergency centre", zh="市急救中心"),
        dispatched("response.agency", "S3", en="East station", zh="东城分站"),
        dispatched("disposition.destination_name", "H03", en="East Hospital", zh="东方医院"),
    )
    crew = [
        row
        for number, (code, en, zh, role) in enumerate(CREW)
        for row in (
            dispatched("crew.member", code, group=UUID(int=50 + number), en=en, zh=zh),
            dispatched("crew.role", role, group=UUID(int=50 + number)),
        )
    ]
    clocks = (
        "call_received",
        "unit_notified",
        "acknowledged",
        "en_route",
        "on_scene",
        "at_patient",
        "on_board",
        "left_scene",
        "at_destination",
        "transfer_of_care",
        "back_in_service",
    )
    times = [
        Statement(f"times.{name}", at(2.5 * n).isoformat(), occurred_at=at(2.5 * n), source="clock")
        for n, name in enumerate(clocks)
    ]
    plain = [dispatched(element, value) for element, value in said.items()]
    return [*plain, *names, *crew, *times]


def dispatched(element: str, value: str, **more: object) -> Statement:
    return Statement(element, value, source="dispatch", **more)  # type: ignore[arg-type]


def vitals(number: int) -> list[Statement]:
    """One set of the crew's, a little better each time."""
    return grouped(
        10 + 3 * number,
        [
            ("vital.heart_rate", str(112 - 3 * number), "/min"),
            ("vital.systolic", str(92 + 4 * number), "mm[Hg]"),
            ("vital.diastolic", str(58 + 2 * number), "mm[Hg]"),
            ("vital.respiratory_rate", str(24 - number), "/min"),
            ("vital.spo2", str(min(99, 89 + 2 * number)), "%"),
            ("vital.pain", str(max(0, 8 - number)), "1"),
            ("vital.avpu", "alert", ""),
        ],
    )


def full() -> CanonicalRecord:
    """A heart attack with everything that a crew writes on a long way."""
    person = (
        say("identity.name", "王秀英"),
        say("identity.sex", "female"),
        say("identity.birth_date", "1958-03-04"),
        say("identity.age_years", "68", unit="years"),
        say("identity.id_type", "resident_card"),
        say("identity.id_number", "310101195803040025"),
        say("identity.phone", "13800138000"),
        say("body.weight", "62", unit="kg"),
    )
    story = (
        say("situation.complaint", "胸骨后压榨样疼痛半小时，向左肩放射，伴大汗、恶心", 9),
        say("situation.onset", at(-30).isoformat(), 9),
        say("situation.primary_symptom", "chest_pain", 9),
        say("situation.primary_impression", "stemi", 16),
        say("situation.acuity", "critical", 16),
        say(
            "narrative.present_illness",
            STORY,
            17,
        ),
        say("history.allergy", pertinent_negative="no_known_allergy"),
        say("history.condition", "hypertension", 12),
        say("history.condition", "diabetes", 12),
        say("history.anticoagulant", "no", 12),
        say("disposition.green_channel", "chest_pain", 18),
        say("disposition.care", "care", 18),
        say("disposition.crew", "whole_care", 18),
        say("disposition.acuity", "emergent", 18),
        say("form.chest_pain.character", "pressure", 12),
        say("form.chest_pain.radiation", "yes", 12),
        say("form.chest_pain.sweating", "yes", 12),
        say("form.chest_pain.ecg_stemi", "yes", 15),
    )
    given = [
        row
        for number, (drug, dose, unit, route) in enumerate(
            (
                ("aspirin", "300", "mg", "oral"),
                ("ticagrelor", "180", "mg", "oral"),
                ("morphine", "3", "mg", "iv"),
                ("heparin", "4000", "IU", "iv"),
                ("nitroglycerin", "0.5", "mg", "sublingual"),
            )
        )
        for row in grouped(
            100 + number,
            minutes=13 + number,
            said=[
                ("medication.drug", drug, ""),
                ("medication.dose", dose, unit),
                ("medication.route", route, ""),
                ("medication.response", "improved", ""),
            ],
        )
    ]
    done = [
        row
        for number, kind in enumerate(
            ("oxygen_mask", "iv_access", "ecg_12_lead", "cardiac_monitoring")
        )
        for row in grouped(
            120 + number,
            minutes=12.5 + number,
            said=[
                ("procedure.kind", kind, ""),
                ("procedure.attempts", "1", "1"),
                ("procedure.success", "yes", ""),
            ],
        )
    ]
    seen = [
        row
        for number, (region, finding) in enumerate(
            (
                ("skin", "sweating"),
                ("lungs", "normal"),
                ("heart", "normal"),
                ("abdomen", "normal"),
                ("leg", "normal"),
                ("neuro", "normal"),
            )
        )
        for row in grouped(
            140 + number,
            minutes=12,
            said=[("exam.region", region, ""), ("exam.finding", finding, "")],
        )
    ]
    signed = grouped(
        150,
        minutes=20,
        said=[
            ("signature.signer", "patient", ""),
            ("signature.reason", "transfer_of_care", ""),
            ("signature.status", "signed", ""),
            ("signature.name", "王秀英", ""),
            ("signature.signed_at", at(20).isoformat(), ""),
            ("signature.image", STROKES, ""),
        ],
    )
    sets = [row for number in range(9) for row in vitals(number)]
    rows = [*person, *story, *sets, *given, *done, *seen, *signed]
    authored = [
        replace(one, id=UUID(int=5000 + n), source="crew", author="li")
        for n, one in enumerate(rows)
    ]
    ecgs = tuple(
        Enclosure(
            UUID(int=900 + n), "aecg.ecg", "application/octet-stream", f"{n:x}" * 64, at(12 + n)
        )
        for n in (3, 8)
    )
    return record(*filled(), *authored, version=2, files=ecgs)


def small() -> CanonicalRecord:
    """An unknown patient of whom little is known yet."""
    impression = say("situation.primary_impression", "syncope", 9, id=UUID(int=1))
    return record(*filled(), impression, *vitals(0))


def empty() -> CanonicalRecord:
    return record()
