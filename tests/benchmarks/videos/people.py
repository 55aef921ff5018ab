"""A mission under way with its crew and its control room, on a fresh database; no city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils import timezone

if TYPE_CHECKING:
    from dispatch.fleet.models import Mission
    from dispatch.people.models import User


@dataclass(frozen=True)
class People:
    missions: list[Mission]
    tokens: dict[str, str]  # mission → its vehicle's credential, "id:token"
    crew: User
    dispatcher: User
    physician: User


def make_people(count: int) -> People:
    """So many missions of one centre; the crew is that of the first."""
    from dispatch.calls.models import Incident
    from dispatch.fleet.actions import issue_token
    from dispatch.fleet.models import Ambulance, Fix, Mission, Shift
    from dispatch.people.models import Organisation, User
    from ehr_prehospital.consult.models import PhysicianDuty

    now = timezone.now()
    kinds = Organisation.Kind
    centre = Organisation.objects.create(kind=kinds.DISPATCH_CENTRE, code="C", name_en="Centre")
    station = Organisation.objects.create(
        kind=kinds.STATION, code="S", name_en="Station", parent=centre, lat=31.0, lon=120.0
    )
    crew = User.objects.create(
        username="wang", name_en="Wang", role="paramedic", organisation=station
    )
    dispatcher = User.objects.create(
        username="li", name_en="Li", role="dispatcher", organisation=centre
    )
    physician = User.objects.create(
        username="sun", name_en="Sun", role="remote_physician", organisation=centre
    )
    PhysicianDuty.objects.create(
        user=physician, centre=centre, specialties=["cardiology"], rank=1,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=12),
    )  # fmt: skip
    missions, tokens = [], {}
    for number in range(count):
        unit = Ambulance.objects.create(
            call_sign=f"V{number}", plate=f"V{number}", station=station, capability="als"
        )
        Fix.objects.create(ambulance=unit, lat=31.0, lon=120.0, fix_at=now, recorded_at=now)
        if number == 0:
            Shift.objects.create(
                user=crew, ambulance=unit, seat="lead",
                starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=12),
            )  # fmt: skip
        incident = Incident.objects.create(
            id=uuid4(), number=f"I{number}", centre=centre, complaint="chest_pain", priority=1,
            lat=31.001, lon=120.001, place_label="Scene", place_source="map", answers={},
            opened_at=now,
        )  # fmt: skip
        mission = Mission.objects.create(
            number=f"M{number}", incident=incident, ambulance=unit, state="acknowledged",
            assigned_at=now, acknowledged_at=now,
        )  # fmt: skip
        missions.append(mission)
        tokens[str(mission.pk)] = f"{unit.pk}:{issue_token(unit)}"
    return People(missions, tokens, crew, dispatcher, physician)
