"""Without tables the map says where hospitals and stations are; what it leaves out is told."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from dispatch.city.queries import router
from dispatch.city.roads.router import LonLat, Origin
from dispatch.city.store import cities_dir
from dispatch.decision.models import Hospital
from dispatch.fleet.models import Ambulance
from dispatch.people.models import Organisation
from tests.city.hamlet import CARE, WEST, Drawn, at, write_hamlet

pytestmark = [pytest.mark.import_city, pytest.mark.django_db]

CLINIC, STATION = CARE


@pytest.fixture(autouse=True)
def no_cities_left() -> object:
    import shutil

    yield
    shutil.rmtree(cities_dir(settings.STATE_DIR), ignore_errors=True)


def drawn(column: float, row: float, **tags: str) -> Drawn:
    return at(column, row), tags


def imported(folder: Path, *care: Drawn, **options: object) -> str:
    """What the import says."""
    out = StringIO()
    extract = write_hamlet(folder / "hamlet.osm.pbf", care=care)
    call_command("import_city", extract, stdout=out, **options)
    return out.getvalue()


def hospitals() -> list[str]:
    rows = Hospital.objects.order_by("organisation__code")
    return [one.organisation.name_en for one in rows]


def stations() -> dict[str, int]:
    rows = Organisation.objects.filter(kind="station", active=True).order_by("code")
    return {one.name_en: Ambulance.objects.filter(station=one).count() for one in rows}


def test_a_hospital_that_takes_no_emergencies_is_left_out(tmp_path: Path) -> None:
    closed = drawn(0.5, 0.5, amenity="hospital", emergency="no", name="Eye Clinic")

    told = imported(tmp_path, CLINIC, closed, STATION)

    assert hospitals() == ["Harbour Hospital"]
    assert stations() == {"Wache 1": 12}
    assert "Hospitals: 1 from the map, each with an emergency department assumed." in told
    assert "Stations: 1 from the map, each with 12 ambulances assumed." in told


def test_where_all_hospitals_say_no_all_are_taken(tmp_path: Path) -> None:
    closed = drawn(0.5, 0.5, amenity="hospital", emergency="no", name="Eye Clinic")

    told = imported(tmp_path, closed)

    assert hospitals() == ["Eye Clinic"]
    assert "it says that none takes emergencies" in told


def test_fire_stations_stand_in_for_ambulance_stations(tmp_path: Path) -> None:
    fire = [drawn(column, 0.1, amenity="fire_station") for column in (0.2, 1.4)]

    told = imported(tmp_path, CLINIC, *fire)

    assert stations() == {"Station 1": 6, "Station 2": 6}
    assert "no ambulance station on the map; its fire stations instead (2)" in told


def test_without_any_station_a_post_stands_at_each_hospital(tmp_path: Path) -> None:
    told = imported(tmp_path, CLINIC)

    assert stations() == {"Harbour Hospital": 12}
    assert "a post at every hospital (1)" in told


def test_one_hospital_drawn_as_point_and_as_outline_is_one(tmp_path: Path) -> None:
    nameless = drawn(1.52, 1.12, amenity="hospital")

    imported(tmp_path, CLINIC, nameless, STATION)

    assert hospitals() == ["Harbour Hospital"]


def test_a_stray_point_that_no_road_leads_to_is_left_out(tmp_path: Path) -> None:
    stray = (WEST + 3, 50.0), {"amenity": "hospital", "name": "Far Away"}

    imported(tmp_path, CLINIC, stray, STATION)

    assert hospitals() == ["Harbour Hospital"]


def test_a_bare_map_gives_none_and_says_which_table_is_missing(tmp_path: Path) -> None:
    told = imported(tmp_path)

    assert (hospitals(), stations()) == ([], {})
    assert "give a table with --hospitals" in told
    assert "give a table with --stations" in told


def test_for_trying_out_a_bare_map_gets_hospitals_that_roads_lead_to(tmp_path: Path) -> None:
    told = imported(tmp_path, assume_sites=True)

    assert hospitals() == ["Hospital 1", "Hospital 2", "Hospital 3", "Hospital 4"]
    assert sum(stations().values()) == 12
    assert "Hospitals: none on the map; 4 assumed, spread over the roads." in told
    roads = router()
    assert roads
    for ward in Hospital.objects.all():
        assert roads.etas_to(LonLat(ward.lon, ward.lat), [Origin(*at(0, 0))], "normal") != [None]


JEMSS_HOSPITALS = """hospitals,,,,,,
index,x,y,,Name,address
1,10.004,50.004,,Old Clinic,"1 Mill Lane, Hamlet"
2,10.006,50.005,,New Clinic
,,,,,,
"""
JEMSS_STATIONS = """stations,,,source: a web map,,,,
index,x,y,capacity,,station #,address,note
1,10.004,50.008,3,,16,,
2,10.000,50.000,2,,,,,artificial,
"""


def test_the_tables_of_a_jemss_model_are_read_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(JEMSS_HOSPITALS, encoding="utf-8")
    (tmp_path / "s.csv").write_text(JEMSS_STATIONS, encoding="utf-8")

    told = imported(tmp_path, hospitals=tmp_path / "h.csv", stations=tmp_path / "s.csv")

    assert hospitals() == ["Old Clinic", "New Clinic"]
    assert stations() == {"Station 16": 3, "Post 2": 2}
    assert "Hospitals:" not in told
    assert Hospital.objects.get(organisation__code="H02").lat == 50.005


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (JEMSS_STATIONS.replace("capacity", "room"), "line 2: column capacity is missing"),
        (JEMSS_STATIONS.replace("50.008", "north"), "line 3, column “lat”: “north” is not"),
        (JEMSS_STATIONS.replace("008,3", "008,many"), "line 3, column “ambulances”: “many”"),
    ],
)
def test_a_fault_in_a_jemss_table_is_named(tmp_path: Path, fault: str, complaint: str) -> None:
    (tmp_path / "s.csv").write_text(fault, encoding="utf-8")

    with pytest.raises(CommandError, match=complaint):
        imported(tmp_path, CLINIC, stations=tmp_path / "s.csv")
