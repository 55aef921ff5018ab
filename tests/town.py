"""A small real town for tests: nine by nine streets, three stations, three hospitals, its people.

The roads are a real graph on disk and the city a real row, so that nothing between a
test and the router is replaced. Imports are late: Django is set up after conftest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from dispatch.calls.models import Incident
    from dispatch.fleet.models import Ambulance, Mission
    from dispatch.people.models import Organisation, User

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
WEST, SOUTH = 120.0, 31.0
STEP_DEG = 0.003  # some 290 m
SIZE = 9
VERSION = "town"


def at(column: float, row: float) -> tuple[float, float]:
    """The (lat, lon) of a crossing of the town."""
    return SOUTH + row * STEP_DEG, WEST + column * STEP_DEG


@pytest.fixture(scope="session")
def town_graph() -> bytes:
    """The road graph as the bytes of its file."""
    import io

    import numpy as np

    from dispatch.city.roads.network import RoadWay, build_graph
    from dispatch.city.roads.speeds import road_traits

    ways = []
    for line in range(SIZE):
        for across in (True, False):
            crossings = [(step, line) if across else (line, step) for step in range(SIZE)]
            points = [at(column, row)[::-1] for column, row in crossings]
            nodes = [1 + row * SIZE + column for column, row in crossings]
            traits = road_traits({"highway": "residential", "name:en": f"Street {line}"})
            assert traits
            ways.append(RoadWay(nodes, np.array(points), traits))
    graph = build_graph(ways)
    assert graph
    buffer = io.BytesIO()
    graph.save(buffer)
    return buffer.getvalue()


@dataclass(frozen=True)
class Town:
    centre: Organisation
    stations: list[Organisation]
    hospitals: list[Organisation]


@pytest.fixture
def town(db: None, town_graph: bytes) -> Town:
    """The imported town: hospitals H1 (everything), H2 (stroke), H3 (plain)."""
    from django.conf import settings

    from dispatch.city.models import City
    from dispatch.city.store import folder_of
    from dispatch.decision.models import Hospital
    from dispatch.people.models import Organisation

    # One version for all tests: its roads are loaded once per process, as in production.
    folder = folder_of(settings.STATE_DIR, VERSION)
    if not folder.graph.exists():  # an imported city removes all others
        folder.path.mkdir(parents=True, exist_ok=True)
        folder.graph.write_bytes(town_graph)
    City.objects.create(
        version=VERSION,
        name_en="Town",
        name_zh="小镇",
        source="tests",
        attribution="tests",
        current=True,
        imported_at=NOW,
        west=WEST,
        south=SOUTH,
        east=WEST + SIZE * STEP_DEG,
        north=SOUTH + SIZE * STEP_DEG,
    )
    centre = Organisation.objects.create(
        kind=Organisation.Kind.DISPATCH_CENTRE, code="C1", name_en="Centre", name_zh="中心"
    )

    def organisation(kind: str, code: str, column: float, row: float) -> Organisation:
        lat, lon = at(column, row)
        return Organisation.objects.create(
            kind=kind, code=code, name_en=code, name_zh=code, parent=centre, lat=lat, lon=lon
        )

    stations = [
        organisation(Organisation.Kind.STATION, f"S{number}", 4 * number - 4, 0)
        for number in (1, 2, 3)
    ]
    hospitals = []
    offers = (["ed", "trauma", "stroke", "cath_lab"], ["ed", "stroke"], ["ed"])
    for number, capabilities in enumerate(offers, start=1):
        hospital = organisation(Organisation.Kind.HOSPITAL, f"H{number}", 8 - 4 * (number - 1), 8)
        assert hospital.lat is not None
        assert hospital.lon is not None
        Hospital.objects.create(
            organisation=hospital,
            lat=hospital.lat,
            lon=hospital.lon,
            capabilities=capabilities,
            updated_at=NOW,
        )
        hospitals.append(hospital)
    return Town(centre, stations, hospitals)


# --- people -------------------------------------------------------------------


def person(username: str, role: str, organisation: Organisation | None) -> User:
    from dispatch.people.models import User

    return User.objects.create(
        username=username,
        name_en=username.title(),
        name_zh=username,
        role=role,
        organisation=organisation,
    )


@pytest.fixture
def dispatcher_li(town: Town) -> User:
    return person("li", "dispatcher", town.centre)


@pytest.fixture
def nurse_chen(town: Town) -> User:
    """Of hospital H1."""
    return person("chen", "ed_staff", town.hospitals[0])


@pytest.fixture
def nurse_elsewhere(town: Town) -> User:
    """Of hospital H2."""
    return person("elsewhere", "ed_staff", town.hospitals[1])


@pytest.fixture
def administrator(town: Town) -> User:
    return person("admin", "administrator", town.centre)


@pytest.fixture
def stranger(db: None) -> User:
    """Signed in, but of no organisation and no role that works here."""
    return person("stranger", "quality_reviewer", None)


@pytest.fixture
def a1(town: Town) -> Ambulance:
    return unit("A1", town.stations[0], "als")


@pytest.fixture
def a2(town: Town) -> Ambulance:
    return unit("A2", town.stations[1], "bls")


def unit(call_sign: str, station: Organisation, capability: str) -> Ambulance:
    """An ambulance standing at its station with a fresh fix."""
    from dispatch.fleet.models import Ambulance, Fix

    ambulance = Ambulance.objects.create(
        call_sign=call_sign, plate=call_sign, station=station, capability=capability
    )
    Fix.objects.create(
        ambulance=ambulance,
        lat=station.lat or 0.0,
        lon=station.lon or 0.0,
        fix_at=NOW,
        recorded_at=NOW,
    )
    return ambulance


def on_shift(user: User, ambulance: Ambulance, seat: str = "lead") -> User:
    """A shift long enough for NOW and for tests that live by the real clock."""
    from dispatch.fleet.models import Shift

    Shift.objects.create(
        user=user,
        ambulance=ambulance,
        seat=seat,
        starts_at=NOW - timedelta(hours=1),
        ends_at=NOW + timedelta(days=36_500),
    )
    return user


@pytest.fixture
def medic_wang(a1: Ambulance) -> User:
    return on_shift(person("wang", "paramedic", a1.station), a1)


@pytest.fixture
def medic_other(a2: Ambulance) -> User:
    return on_shift(person("other", "paramedic", a2.station), a2)


# --- a case under way -----------------------------------------------------------


@pytest.fixture
def chest_pain(dispatcher_li: User) -> Incident:
    """A priority 1 chest pain in the middle of the town."""
    from dispatch.calls.actions import PatientHint, Place, open_incident

    lat, lon = at(4, 4)
    return open_incident(
        incident_id=uuid4(),
        call=None,
        place=Place("Street 4 & Street 4", lat, lon, "junction"),
        complaint="chest_pain",
        answers={"awake": "yes", "breathing": "yes", "sweating": "yes"},
        patient=PatientHint("male", 61),
        caller_note="",
        actor=dispatcher_li,
        now=NOW,
    )


@pytest.fixture
def mission(chest_pain: Incident, a1: Ambulance, medic_wang: User, dispatcher_li: User) -> Mission:
    """A1, with medic Wang, assigned to the chest pain at NOW."""
    from dispatch.fleet.actions import assign

    return assign(
        incident=chest_pain, ambulance=a1, actor=dispatcher_li, now=NOW, mission_id=uuid4()
    )
