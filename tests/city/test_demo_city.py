"""The demonstration city: one seed, one city; imported like any real map and fit to drive in."""

import csv
import time
from collections import Counter
from pathlib import Path

import osmium
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from dispatch.city.demo.make import DemoCity, make_demo_city
from dispatch.city.models import HouseNumber, PlaceName
from dispatch.city.queries import current_city, current_folder, router, search_places
from dispatch.city.roads.router import LonLat, Origin
from dispatch.city.store import cities_dir
from dispatch.decision.models import Hospital
from dispatch.fleet.models import Ambulance

pytestmark = [
    pytest.mark.import_city,
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoCity:
    return make_demo_city(tmp_path_factory.mktemp("demo"), seed=7)


def test_the_same_seed_gives_the_same_bytes(demo: DemoCity, tmp_path: Path) -> None:
    again = make_demo_city(tmp_path, seed=7)

    for one, two in ((demo.extract, again.extract), (demo.demand, again.demand)):
        assert one.read_bytes() == two.read_bytes()


def test_the_city_has_what_was_promised(demo: DemoCity) -> None:
    with demo.hospitals.open(encoding="utf-8") as file:
        hospitals = list(csv.DictReader(file))
    with demo.stations.open(encoding="utf-8") as file:
        ambulances = [int(row["ambulances"]) for row in csv.DictReader(file)]
    with demo.demand.open(encoding="utf-8") as file:
        cells = list(csv.DictReader(file))

    assert len(hospitals) == 8
    assert len({row["capabilities"] for row in hospitals}) >= 7
    assert (len(ambulances), sum(ambulances)) == (20, 40)
    assert len({row["district"] for row in cells}) == 10
    assert sum(int(row["population"]) for row in cells) == pytest.approx(1_000_000, rel=0.05)


def test_the_ground_is_tinted_by_its_use(demo: DemoCity) -> None:
    used: Counter[str] = Counter()
    for entity in osmium.FileProcessor(str(demo.extract)).with_areas():
        if isinstance(entity, osmium.osm.Area):
            used[entity.tags.get("landuse") or ""] += 1

    assert min(used["residential"], used["commercial"], used["industrial"]) >= 50


def test_imported_it_can_be_searched_driven_and_drawn(demo: DemoCity) -> None:
    import shutil

    call_command("import_city", demo.extract, hospitals=demo.hospitals, stations=demo.stations)
    try:
        city, folder, roads = current_city(), current_folder(), router()
        assert city is not None
        assert folder is not None
        assert roads is not None
        assert (city.name_en, city.name_zh) == ("Yunting", "云汀")
        assert folder.demand.read_bytes() == demo.demand.read_bytes()
        assert 30_000 <= HouseNumber.objects.count() <= 70_000
        assert PlaceName.objects.filter(kind="street").count() > 2_000
        assert Ambulance.objects.filter(in_service=True).count() == 40
        _drive(roads)
        _search()
        _draw(Client(), city.version)
    finally:
        shutil.rmtree(cities_dir(settings.STATE_DIR), ignore_errors=True)


def _drive(roads: object) -> None:
    """Every hospital reaches every other; the river is crossed where there is a crossing."""
    from dispatch.city.roads.csr import CsrRouter

    assert isinstance(roads, CsrRouter)
    hospitals = [LonLat(h.lon, h.lat) for h in Hospital.objects.all()]
    for one in hospitals:
        times = roads.etas_from(Origin(*one), hospitals, "blue_light")
        assert all(eta_s is not None and eta_s < 3600 for eta_s in times)
    north, south = LonLat(124.40, 30.225), LonLat(124.405, 30.165)
    path = roads.path(Origin(*north), south, "blue_light")
    assert path is not None
    crossings = {"Yunting Bridge", "Tingchao Tunnel", "Luoxia Bridge", "Zhaohui Bridge"}
    assert crossings & {street.name_en for street in path.streets}


def _search() -> None:
    texts = [
        "jianshe", "建设大道", "Jiansh Avenu", "云汀大道与建设大道", "云汀大道100号",
        "drum tower", "bin jiang", "ring expr", "1st", "路", "人民医院", "30.2, 124.4",
    ]  # fmt: skip
    took = []
    for text in texts * 3:
        start = time.perf_counter()
        assert search_places(text), text
        took.append(time.perf_counter() - start)
    # The promise is 50 ms at the 95th percentile; a test machine may be busy.
    assert sorted(took)[len(took) * 95 // 100] < 0.5


def _draw(client: Client, version: str) -> None:
    style = client.get("/map/style.json", {"theme": "dark"}).json()
    tile = client.get(f"/tiles/{version}/12/3463/1687.mvt")

    assert version in style["sources"]["city"]["tiles"][0]
    assert tile.status_code == 200
    assert tile["Content-Encoding"] == "gzip"
    assert "immutable" in tile["Cache-Control"]
