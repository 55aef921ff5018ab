"""An import is whole or not at all, and says what is wrong in words."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from dispatch.city.demo import make
from dispatch.city.imports import run
from dispatch.city.imports.run import Order, import_city
from dispatch.city.models import City, HouseNumber, PlaceName
from dispatch.city.queries import current_city, current_folder, router
from dispatch.city.roads.router import LonLat, Origin
from dispatch.city.store import cities_dir
from dispatch.decision.models import Hospital
from dispatch.fleet.models import Ambulance
from dispatch.management.commands.import_city import stage_names
from dispatch.people.models import Organisation
from tests.city.hamlet import at, write_hamlet

pytestmark = [pytest.mark.import_city, pytest.mark.django_db]

HOSPITALS = (
    "code,name_en,name_zh,lat,lon,capabilities,beds\n"
    "H1,Old Clinic,老医院,50.004,10.004,ed;stroke,12\n"
)
STATIONS = "code,name_en,name_zh,lat,lon,ambulances\nS1,North,北站,50.008,10.004,3\n"


@pytest.fixture(autouse=True)
def no_cities_left() -> object:
    import shutil

    yield
    shutil.rmtree(cities_dir(settings.STATE_DIR), ignore_errors=True)


@pytest.fixture
def hamlet(tmp_path: Path) -> Path:
    return write_hamlet(tmp_path / "hamlet.osm.pbf")


def folders() -> list[str]:
    root = cities_dir(settings.STATE_DIR)
    return sorted(path.name for path in root.iterdir()) if root.is_dir() else []


def test_a_map_and_two_tables_become_the_current_city(hamlet: Path, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(HOSPITALS, encoding="utf-8-sig")
    (tmp_path / "s.csv").write_text(STATIONS, encoding="utf-8")

    call_command("import_city", hamlet, hospitals=tmp_path / "h.csv", stations=tmp_path / "s.csv")

    city, folder, roads = current_city(), current_folder(), router()
    assert city is not None
    assert folder is not None
    assert roads is not None
    assert (city.name_en, city.name_zh) == ("Hamlet", "小村")
    assert folders() == [city.version]
    assert folder.basemap.stat().st_size > 100
    assert PlaceName.objects.filter(city=city, kind="street").count() == 6
    assert PlaceName.objects.filter(city=city, kind="junction").count() == 9
    # Two drawn, two ends of an interpolation, and 4, 6, 8 between them.
    assert HouseNumber.objects.filter(city=city).count() == 7
    hospital = Hospital.objects.get(organisation__code="H1")
    assert (hospital.capabilities, hospital.beds) == (["ed", "stroke"], 12)
    assert Ambulance.objects.filter(in_service=True).count() == 3
    path = roads.path(Origin(*at(0, 0)), LonLat(*at(2, 2)), "blue_light")
    assert path is not None
    assert path.distance_m == pytest.approx(2 * 445 + 2 * 286, rel=0.02)


def test_without_tables_hospitals_and_stations_come_from_the_map(hamlet: Path) -> None:
    call_command("import_city", hamlet, name_en="Elsewhere")

    assert str(current_city()).startswith("Elsewhere")
    assert Hospital.objects.get().organisation.name_en == "Harbour Hospital"
    assert Organisation.objects.get(kind="station").name_en == "Wache 1"


def test_a_new_import_replaces_the_old_one_and_two_versions_are_kept(
    hamlet: Path, tmp_path: Path
) -> None:
    versions = []
    for name in ("One", "Two", "Three"):
        extract = write_hamlet(tmp_path / f"{name}.osm.pbf", name=name)
        call_command("import_city", extract)
        city = current_city()
        assert city is not None
        versions.append(city.version)

    assert City.objects.get(current=True).name_en == "Three"
    assert set(City.objects.values_list("version", flat=True)) == set(versions[1:])
    assert folders() == sorted(versions[1:])


BROKEN_TABLES = {
    "missing column": (HOSPITALS.replace("lat,", "latitude,"), "lat is missing"),
    "unknown column": (
        HOSPITALS.replace("beds", "beds,colour").replace(",12", ",12,red"),
        "colour",
    ),
    "bad coordinate": (HOSPITALS.replace("50.004", "north"), "line 2"),
    "bad capability": (HOSPITALS.replace("stroke", "magic"), "“magic” is not known"),
    "bad number": (HOSPITALS.replace(",12", ",many"), "“many” is not a whole number"),
    "outside the map": (HOSPITALS.replace("50.004,10.004", "10.004,50.004"), "outside the map"),
    "short line": (HOSPITALS + "H2,Other\n", "line 3"),
    "code twice": (HOSPITALS + HOSPITALS.splitlines()[1] + "\n", "already stands in line 2"),
    "no lines": (HOSPITALS.splitlines()[0] + "\n", "no data lines"),
    "no name": (HOSPITALS.replace("Old Clinic", ""), "name_en"),
}


@pytest.mark.parametrize("fault", BROKEN_TABLES)
def test_a_faulty_table_is_refused_with_its_place_and_nothing_changes(
    fault: str, hamlet: Path, tmp_path: Path
) -> None:
    text, complaint = BROKEN_TABLES[fault]
    (tmp_path / "h.csv").write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=complaint):
        call_command("import_city", hamlet, hospitals=tmp_path / "h.csv")

    assert City.objects.count() == 0
    assert folders() == []


@pytest.mark.parametrize("damage", ["cut off", "nonsense", "empty", "no roads"])
def test_a_broken_extract_leaves_the_old_city_untouched(
    damage: str, hamlet: Path, tmp_path: Path
) -> None:
    call_command("import_city", hamlet)
    before = current_city()
    broken = tmp_path / "broken.osm.pbf"
    whole = hamlet.read_bytes()
    broken.write_bytes(
        {"cut off": whole[: len(whole) // 2], "nonsense": b"x" * 4000}.get(damage, b"")
    )
    if damage == "no roads":
        import osmium

        with osmium.SimpleWriter(str(broken), overwrite=True) as writer:
            writer.add_node(osmium.osm.mutable.Node(id=1, location=(10.0, 50.0)))

    with pytest.raises(CommandError, match=r"broken\.osm\.pbf"):
        call_command("import_city", broken)

    assert current_city() == before
    assert before is not None
    assert folders() == [before.version]
    assert router() is not None


def test_an_outline_that_crosses_itself_or_is_cut_off_does_not_stop_the_import(
    tmp_path: Path,
) -> None:
    crossed = [at(0.2, 0.2), at(0.4, 0.4), at(0.4, 0.2), at(0.2, 0.4)]
    extract = write_hamlet(tmp_path / "crossed.osm.pbf", outline=crossed)

    call_command("import_city", extract)

    assert current_city() is not None
    assert not PlaceName.objects.filter(name_en="Crossed House").exists()


def test_the_complaint_is_in_the_language_of_the_operator(tmp_path: Path) -> None:
    with translation.override("zh-hans"), pytest.raises(CommandError) as refused:
        call_command("import_city", tmp_path / "nowhere.osm.pbf")

    assert "nowhere.osm.pbf" in str(refused.value)


def test_a_failure_at_the_very_end_takes_everything_back(hamlet: Path) -> None:
    def install(*_: object) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="disk"):
        import_city(
            Order(hamlet),
            state_dir=settings.STATE_DIR,
            install=install,
            progress=lambda _stage, _done: None,
            now=datetime(2026, 11, 22, tzinfo=UTC),
        )

    assert City.objects.count() == 0
    assert PlaceName.objects.count() == 0
    assert folders() == []


def test_the_stages_are_told_in_the_language_of_the_operator(
    hamlet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_city", hamlet)

    assert capsys.readouterr().err.splitlines() == [
        "tables …",
        "roads …",
        "map …",
        "index …",
        "done",
    ]


def test_every_stage_of_an_import_and_of_a_made_city_has_a_name(tmp_path: Path) -> None:
    demo = Path(make.__file__).read_text(encoding="utf-8")
    said = Path(run.__file__).read_text(encoding="utf-8") + demo

    assert set(re.findall(r'progress\("(\w+)"', said)) == set(stage_names())


def test_progress_only_grows_and_ends_at_one(hamlet: Path) -> None:
    seen: list[float] = []

    import_city(
        Order(hamlet),
        state_dir=settings.STATE_DIR,
        install=lambda _hospitals, _stations: None,
        progress=lambda _stage, done: seen.append(done),
        now=datetime(2026, 11, 22, tzinfo=UTC),
    )

    assert seen == sorted(seen)
    assert seen[-1] == 1.0
