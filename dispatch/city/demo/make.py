"""Makes the demonstration city: map extract, hospitals, stations, demand."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dispatch.city.demo import plan
from dispatch.city.demo.buildings import Building, Site, along_streets, inside_blocks
from dispatch.city.demo.land import DEMAND_CELL_M, blocks, demand, green_banks, promenades
from dispatch.city.demo.layout import Layout, lay_out
from dispatch.city.demo.plan import DISTRICTS, HALF_HEIGHT_M, HALF_WIDTH_M, Ground, districts_at
from dispatch.city.demo.raster import Raster
from dispatch.city.demo.sites import HOSPITALS, STATIONS, Sites, place_sites
from dispatch.city.demo.write import Extract, bilingual, to_lonlat, write_table

GROUND_TAGS = {
    "lake": {"natural": "water", "water": "lake"},
    "park": {"leisure": "park"},
    "wood": {"natural": "wood"},
    "campus": {"amenity": "university"},
    "works": {"landuse": "industrial"},
}


@dataclass(frozen=True, slots=True)
class DemoCity:
    """The files made, ready for `import_city`."""

    extract: Path
    hospitals: Path
    stations: Path
    demand: Path
    facts: Path


def make_demo_city(
    folder: Path, *, seed: int = 1, progress: Callable[[str, int], None] = lambda _s, _p: None
) -> DemoCity:
    """Draw and write the city. `progress` gets a stage code and percent done."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    files = DemoCity(
        extract=folder / "yunting.osm.pbf",
        hospitals=folder / "hospitals.csv",
        stations=folder / "stations.csv",
        demand=folder / "demand.csv",
        facts=folder / "city.json",
    )
    progress("streets", 0)
    layout = lay_out(rng)
    progress("buildings", 35)
    site = Site(layout)
    sites = place_sites(site, layout.names, rng)
    houses = [*along_streets(layout, site, rng), *inside_blocks(site, rng)]
    progress("writing", 70)
    extract = Extract(files.extract)
    _write_roads(extract, layout)
    _write_ground(extract, layout)
    _write_sites(extract, sites, layout)
    districts = districts_at(np.array([house.corners[0] for house in houses]))
    tags = [_building_tags(house, d) for house, d in zip(houses, districts, strict=True)]
    extract.boxes([house.corners for house in houses], tags)
    extract.close()
    _write_tables(files, sites, layout.blocks, seed)
    progress("done", 100)
    return files


def _write_roads(extract: Extract, layout: Layout) -> None:
    nodes = np.array(extract.points(layout.plane.places))
    for way in layout.plane.ways:
        road = way.road
        tags = {"highway": road.highway, **bilingual(road.name_en, road.name_zh), **road.tags}
        if road.layer:
            tags["layer"] = str(road.layer)
        extract.way(nodes[way.nodes].tolist(), tags)
    for line in promenades(layout.river):
        tags = {"highway": "footway", **bilingual("Riverside Walk", "滨江步道")}
        extract.way(extract.points(line), tags)
    rail = extract.points(plan.railway())
    extract.way(rail, {"railway": "rail", **bilingual("Yunting Northern Railway", "云汀北线铁路")})


def _write_ground(extract: Extract, layout: Layout) -> None:
    river = {"natural": "water", "water": "river", **bilingual("Lan River", "澜江")}
    extract.holed(layout.river.outline, [layout.river.islet], river)
    islet = Ground("park", layout.river.islet, "Heron Islet", "白鹭洲")
    for ground in [*layout.grounds, islet]:
        names = bilingual(ground.name_en, ground.name_zh)
        extract.area(ground.outline, {**GROUND_TAGS[ground.kind], **names})
    for strip in green_banks(layout.river):
        extract.area(strip, {"leisure": "park", **bilingual("Riverside Park", "滨江公园")})
    for block in blocks(layout.blocks):
        extract.area(block.outline, {"landuse": block.landuse})


def _write_sites(extract: Extract, sites: Sites, layout: Layout) -> None:
    for spot in [*sites.hospitals, *sites.stations, *sites.places]:
        names = bilingual(spot.name_en, spot.name_zh)
        extract.area(spot.corners, {**spot.tags, **names})
    for where, name_en, name_zh, tags in sites.points:
        extract.points(where[None], {**tags, **bilingual(name_en, name_zh)})
    city = {"place": "city", "population": "1012000", **bilingual(plan.CITY_EN, plan.CITY_ZH)}
    extract.points(np.zeros((1, 2)), city)
    for district in DISTRICTS:
        names = bilingual(f"{district.name_en} District", f"{district.name_zh}区")
        tags = {"place": "suburb", "population": str(district.population), **names}
        extract.points(np.array([district.centre]) * 1000, tags)


def _building_tags(house: Building, district: int) -> dict[str, str]:
    tags = {"building": house.kind, "building:levels": str(house.levels)}
    if house.road:
        tags["addr:housenumber"] = str(house.number)
        tags["addr:street"] = house.road.name_zh
        tags["addr:district"] = f"{DISTRICTS[district].name_zh}区"
    return tags


def _write_tables(files: DemoCity, sites: Sites, raster: Raster, seed: int) -> None:
    def degrees(spot_middle: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
        lon, lat = to_lonlat(spot_middle).round(6).tolist()
        return lat, lon

    write_table(
        files.hospitals,
        ("code", "name_en", "name_zh", "lat", "lon", "capabilities", "beds"),
        [
            (p.code, p.name_en, p.name_zh, *degrees(s.middle), ";".join(p.capabilities), p.beds)
            for p, s in zip(HOSPITALS, sites.hospitals, strict=True)
        ],
    )
    write_table(
        files.stations,
        ("code", "name_en", "name_zh", "lat", "lon", "ambulances"),
        [
            (p.code, p.name_en, p.name_zh, *degrees(s.middle), p.ambulances)
            for p, s in zip(STATIONS, sites.stations, strict=True)
        ],
    )
    cells = demand(raster)
    write_table(
        files.demand,
        ("district", "name_en", "name_zh", "lat", "lon", "population"),
        [
            (f"D{c.district + 1:02d}", DISTRICTS[c.district].name_en, DISTRICTS[c.district].name_zh,
             *degrees(c.at), c.population)
            for c in cells
        ],
    )  # fmt: skip
    corners = to_lonlat(np.array([[-HALF_WIDTH_M, -HALF_HEIGHT_M], [HALF_WIDTH_M, HALF_HEIGHT_M]]))
    facts = {
        "name_en": plan.CITY_EN, "name_zh": plan.CITY_ZH, "seed": seed,
        "bounds": corners.ravel().tolist(), "demand_cell_m": DEMAND_CELL_M,
        "population": sum(district.population for district in DISTRICTS),
        "districts": [
            {"code": f"D{number:02d}", "name_en": d.name_en, "name_zh": d.name_zh,
             "population": d.population}
            for number, d in enumerate(DISTRICTS, start=1)
        ],
    }  # fmt: skip
    files.facts.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
