"""Hospitals, ambulance stations and well-known places of the demonstration city."""

from dataclasses import dataclass, field

import numpy as np

from dispatch.city.demo.buildings import Site, rectangles
from dispatch.city.demo.curves import Line
from dispatch.city.demo.names import NameBook
from dispatch.city.demo.plan import DISTRICTS, district_at

# A sunflower spiral of tries, evenly dense, out to half a kilometre.
_TURNS = 2500
_GOLDEN_ANGLE = 2.399963


@dataclass(frozen=True, slots=True)
class Spot:
    """A building with a name. `tags` are OpenStreetMap's; `code` for hospitals and stations."""

    corners: Line
    name_en: str
    name_zh: str
    tags: dict[str, str]
    code: str = ""

    @property
    def middle(self) -> Line:
        centre: Line = self.corners.mean(axis=0)
        return centre


@dataclass(frozen=True, slots=True)
class HospitalPlan:
    code: str
    name_en: str
    name_zh: str
    at: tuple[float, float]
    capabilities: tuple[str, ...]
    # Of the emergency department.
    beds: int


@dataclass(frozen=True, slots=True)
class StationPlan:
    code: str
    name_en: str
    name_zh: str
    at: tuple[float, float]
    ambulances: int


@dataclass(frozen=True, slots=True)
class Sites:
    hospitals: list[Spot] = field(default_factory=list)
    stations: list[Spot] = field(default_factory=list)
    places: list[Spot] = field(default_factory=list)
    points: list[tuple[Line, str, str, dict[str, str]]] = field(default_factory=list)


HOSPITALS = (
    HospitalPlan("H01", "Yunting First People's Hospital", "云汀市第一人民医院", (1.1, 1.75),
                 ("ed", "trauma", "stroke", "cath_lab", "poisoning"), 64),
    HospitalPlan("H02", "Yunting University Hospital", "云汀大学附属医院", (3.4, -7.1),
                 ("ed", "trauma", "stroke", "cath_lab", "burns"), 56),
    HospitalPlan("H03", "Yunting Central Hospital", "云汀市中心医院", (-2.1, 4.1),
                 ("ed", "stroke", "cath_lab"), 40),
    HospitalPlan("H04", "Yunting Children's Hospital", "云汀市儿童医院", (1.5, -3.0),
                 ("ed", "paediatric"), 24),
    HospitalPlan("H05", "Yunting Women and Infants Hospital", "云汀市妇幼保健院", (5.4, 3.4),
                 ("ed", "obstetric", "paediatric"), 20),
    HospitalPlan("H06", "East Harbour Hospital", "东港医院", (6.6, -4.4),
                 ("ed", "trauma", "burns", "poisoning"), 28),
    HospitalPlan("H07", "Yunting Hospital of Traditional Chinese Medicine", "云汀市中医院",
                 (-3.4, -3.5), ("ed", "stroke"), 24),
    HospitalPlan("H08", "West Hill Hospital", "西山医院", (-7.2, 4.4),
                 ("ed", "trauma", "obstetric"), 22),
)  # fmt: skip

STATIONS = (
    StationPlan("S01", "Gulou Station", "鼓楼急救站", (-1.3, 1.5), 3),
    StationPlan("S02", "Chengyuan Station", "城垣急救站", (-2.9, 2.7), 2),
    StationPlan("S03", "Linjiang Station", "临江急救站", (1.8, 1.2), 3),
    StationPlan("S04", "People's Park Station", "人民公园急救站", (1.0, 3.7), 2),
    StationPlan("S05", "East Lake Station", "东湖急救站", (5.6, 2.0), 2),
    StationPlan("S06", "Haitang Station", "海棠急救站", (6.6, 4.4), 2),
    StationPlan("S07", "Zhaohui Station", "朝晖急救站", (8.8, 2.0), 1),
    StationPlan("S08", "North Railway Station", "北站急救站", (0.8, 5.9), 3),
    StationPlan("S09", "Beihuan Station", "北环急救站", (3.6, 6.4), 1),
    StationPlan("S10", "West Hill Station", "西山急救站", (-5.6, 4.9), 3),
    StationPlan("S11", "Jianshe Station", "建设急救站", (-5.1, 2.5), 2),
    StationPlan("S12", "Xishan Road Station", "西山路急救站", (-8.3, 5.4), 1),
    StationPlan("S13", "South Bank Station", "南岸急救站", (0.7, -2.6), 3),
    StationPlan("S14", "Century Park Station", "世纪公园急救站", (2.7, -3.9), 2),
    StationPlan("S15", "Moon Lake Station", "月湖急救站", (-2.7, -3.9), 2),
    StationPlan("S16", "Nanhu Station", "南湖急救站", (-4.6, -4.9), 2),
    StationPlan("S17", "Keyuan Station", "科苑急救站", (2.9, -6.7), 2),
    StationPlan("S18", "University Town Station", "大学城急救站", (4.8, -7.3), 1),
    StationPlan("S19", "East Harbour Station", "东港急救站", (7.6, -4.7), 2),
    StationPlan("S20", "Liuwan Station", "柳湾急救站", (-7.2, -2.4), 1),
)

LANDMARKS = (
    ("Drum Tower", "鼓楼", (-1.45, 2.18), (34, 34),
     {"tourism": "attraction", "historic": "building"}),
    ("North Railway Station", "云汀北站", (0.9, 6.45), (190, 60),
     {"building": "train_station", "railway": "station"}),
    ("Yunting Grand Theatre", "云汀大剧院", (2.4, -0.15), (100, 80), {"amenity": "theatre"}),
    ("Olympic Stadium", "奥体中心", (3.6, -5.2), (112, 84), {"leisure": "stadium"}),
    ("City Museum", "市博物馆", (0.6, -1.9), (90, 70), {"tourism": "museum"}),
    ("City Library", "市图书馆", (1.9, 2.9), (80, 60), {"amenity": "library"}),
    ("City Hall", "市民中心", (0.6, -3.2), (120, 60), {"amenity": "townhall"}),
    ("Yunting Tower", "云汀塔", (2.0, 0.9), (44, 44),
     {"tourism": "attraction", "man_made": "tower"}),
    ("Coach Station", "长途汽车站", (-3.3, 5.6), (120, 70), {"amenity": "bus_station"}),
)  # fmt: skip
MALLS = (
    ("Galaxy Mall", "银河广场"), ("Riverside Plaza", "江畔天地"), ("Joy Park", "悦乐城"),
    ("Century Mall", "世纪商城"), ("Maple Square", "枫叶广场"),
    ("Harbour Outlets", "港湾奥莱"), ("Lakeside Centre", "湖滨中心"),
    ("Star Avenue", "星光大街"), ("Willow Mall", "柳湾商场"), ("University Plaza", "大学广场"),
)  # fmt: skip
METRO = (
    ("Line 1", ((-0.2, 8.4), (-0.05, 7.3), (0.9, 6.3), (0.1, 5.0), (0.05, 3.3), (0.2, 1.85),
                (0.25, -2.0), (0.2, -3.7), (0.5, -5.4), (0.7, -7.3), (0.5, -8.6))),
    ("Line 2", ((-8.2, 4.1), (-6.3, 3.3), (-4.1, 3.6), (-2.5, 3.1), (-1.3, 2.7), (1.4, 3.3),
                (3.4, 3.1), (4.9, 2.6), (7.5, 2.6), (9.6, 1.8))),
    ("Line 3", ((-7.4, -2.2), (-5.8, -2.7), (-3.7, -2.8), (-2.2, -3.1), (1.8, -3.5), (3.0, -3.4),
                (4.7, -3.8), (5.8, -4.8), (7.6, -5.5), (8.9, -6.4))),
)  # fmt: skip


def place_sites(site: Site, names: NameBook, rng: np.random.Generator) -> Sites:
    """Find free ground near where the plan wants each; the important ones first."""
    sites = Sites()
    for hospital in HOSPITALS:
        tags = {"amenity": "hospital", "building": "hospital", "emergency": "yes"}
        spot = _near(site, hospital.at, (110, 62), hospital.name_en, hospital.name_zh, tags)
        sites.hospitals.append(Spot(*spot, code=hospital.code))
    for station in STATIONS:
        tags = {"emergency": "ambulance_station", "building": "yes"}
        spot = _near(site, station.at, (36, 20), station.name_en, station.name_zh, tags)
        sites.stations.append(Spot(*spot, code=station.code))
    for name_en, name_zh, at, size, tags in LANDMARKS:
        built = {"building": "public", **tags}
        sites.places.append(Spot(*_near(site, at, size, name_en, name_zh, built)))
    for (name_en, name_zh), district in zip(MALLS, DISTRICTS, strict=True):
        at = (district.centre[0] + 0.35, district.centre[1] - 0.3)
        tags = {"shop": "mall", "building": "retail"}
        sites.places.append(Spot(*_near(site, at, (105, 62), name_en, name_zh, tags)))
    for line, stops in METRO:
        for x, y in stops:
            name_en, name_zh = names.stem()
            tags = {"railway": "station", "station": "subway", "line": line}
            where = np.array([x, y]) * 1000
            sites.points.append((where, f"{name_en} Metro Station", f"{name_zh}地铁站", tags))
    _everyday(site, sites, names, rng)
    return sites


def _everyday(site: Site, sites: Sites, names: NameBook, rng: np.random.Generator) -> None:
    """Schools, hotels and markets, more of them where more people live."""
    kinds = (
        ("Primary School", "小学", (70, 34), {"amenity": "school", "building": "school"}, 6),
        ("Middle School", "中学", (92, 40), {"amenity": "school", "building": "school"}, 4),
        ("Hotel", "酒店", (42, 26), {"tourism": "hotel", "building": "hotel"}, 4),
        ("Market", "菜市场", (56, 34), {"amenity": "marketplace", "building": "retail"}, 3),
        ("Community Clinic", "社区卫生服务中心", (34, 20),
         {"amenity": "clinic", "building": "yes"}, 4),
        ("Care Home", "养老院", (48, 22), {"amenity": "social_facility", "building": "yes"}, 2),
    )  # fmt: skip
    for district in DISTRICTS:
        for kind_en, kind_zh, size, tags, share in kinds:
            for _ in range(max(1, round(share * district.population / 90_000))):
                stem_en, stem_zh = names.stem()
                away = rng.normal(0, 1.15, 2)
                at = (district.centre[0] + away[0], district.centre[1] + away[1])
                spot = _near(site, at, size, f"{stem_en} {kind_en}", f"{stem_zh}{kind_zh}", tags)
                sites.places.append(Spot(*spot))


def _near(
    site: Site, at: tuple[float, float], size: tuple[float, float],
    name_en: str, name_zh: str, tags: dict[str, str],
) -> tuple[Line, str, str, dict[str, str]]:  # fmt: skip
    """Search outwards in a spiral for ground that is free; build smaller where all is dense."""
    wanted = np.array(at) * 1000
    angle = np.full(_TURNS, np.radians(district_at(wanted).angle_deg))
    turn = np.arange(_TURNS)
    away, bearing = 10.0 * np.sqrt(turn), turn * _GOLDEN_ANGLE
    middles = wanted + np.column_stack([away * np.cos(bearing), away * np.sin(bearing)])
    for scale in (1.0, 0.75, 0.5):
        boxes = rectangles(middles, np.tile(np.array(size) * scale, (_TURNS, 1)), angle)
        for i in site.hopeful(boxes):
            if site.take(boxes[i]):
                return boxes[i], name_en, name_zh, tags
    raise RuntimeError(f"no ground for {name_en}")
