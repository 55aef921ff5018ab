"""The plan of the city: river, districts, main roads, parks. Drawn by hand, in kilometres.

The seed only softens outlines and fills the blocks; the city itself stays the same.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dispatch.city.demo.curves import Line, blob, offset, smooth

CITY_EN, CITY_ZH = "Yunting", "云汀"
# Open sea: no real place is covered, and no real address can be mistaken for one of ours.
CENTRE_LON, CENTRE_LAT = 124.40, 30.20
HALF_WIDTH_M, HALF_HEIGHT_M = 12_500.0, 9_800.0


@dataclass(frozen=True, slots=True)
class District:
    """`angle_deg` and `block_m` set its streets; `style` the way blocks are filled."""

    name_en: str
    name_zh: str
    centre: tuple[float, float]
    population: int
    angle_deg: float
    block_m: tuple[float, float]
    style: str


@dataclass(frozen=True, slots=True)
class Road:
    """A line of one road; `spans` of it that leave the ground are roads of their own."""

    line: Line
    highway: str
    name_en: str = ""
    name_zh: str = ""
    layer: int = 0
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """An outline on the ground: park, lake, campus, works."""

    kind: str
    outline: Line
    name_en: str = ""
    name_zh: str = ""


@dataclass(frozen=True, slots=True)
class River:
    middle: Line
    half_width: Line
    islet: Line

    @property
    def outline(self) -> Line:
        north = offset(self.middle, self.half_width[:, 0])
        south = offset(self.middle, -self.half_width[:, 0])
        return np.vstack([north, south[::-1], north[:1]])


DISTRICTS = (
    District("Gulou", "鼓楼", (-1.6, 2.05), 138_000, 8, (92, 118), "old"),
    District("Linjiang", "临江", (1.9, 1.6), 121_000, -14, (118, 142), "centre"),
    District("Donghu", "东湖", (6.2, 3.6), 112_000, 21, (138, 180), "estate"),
    District("Beizhan", "北站", (0.9, 6.0), 104_000, 3, (134, 170), "estate"),
    District("Xishan", "西山", (-6.0, 4.5), 117_000, -27, (128, 172), "estate"),
    District("Nan'an", "南岸", (0.9, -3.0), 126_000, -9, (128, 150), "centre"),
    District("Yuehu", "月湖", (-3.7, -4.6), 98_000, 17, (130, 168), "estate"),
    District("Keyuan", "科苑", (3.2, -6.6), 83_000, -19, (165, 200), "campus"),
    District("Donggang", "东港", (7.4, -4.4), 71_000, -33, (200, 250), "works"),
    District("Liuwan", "柳湾", (-7.6, -2.2), 42_000, 31, (145, 190), "estate"),
)


def _km(*points: tuple[float, float]) -> Line:
    return np.array(points, dtype=np.float64) * 1000.0


def river() -> River:
    middle = smooth(
        _km(
            (-14.5, 3.9), (-11.5, 3.2), (-9.0, 1.4), (-6.4, 0.2), (-3.6, 0.35), (-1.0, -0.1),
            (1.2, -0.9), (3.6, -1.35), (5.8, -0.75), (8.0, -1.0), (10.2, -2.4), (14.5, -3.2),
        ),
        60.0,
    )  # fmt: skip
    x = middle[:, 0] / 1000
    half = 200 + 12 * x + 45 * np.sin(x * 1.1) + 235 * np.exp(-(((x - 3.7) / 1.35) ** 2))
    islet = blob((3_720.0, -1_330.0), (960.0, 165.0), 4.0, np.random.default_rng(5), wobble=0.1)
    return River(middle, np.maximum(half, 150)[:, None], islet)


@lru_cache
def _river_line() -> Line:
    return river().middle


def districts_at(points: Line) -> NDArray[np.int64]:
    """Which district each point belongs to: the nearest one on the same bank."""
    centres = np.array([district.centre for district in DISTRICTS]) * 1000
    away = np.hypot(*(points[:, None, :] - centres[None, :, :]).transpose(2, 0, 1))
    other_bank = _north_bank(points)[:, None] != _north_bank(centres)[None, :]
    nearest: NDArray[np.int64] = np.argmin(away + 1e6 * other_bank, axis=1)
    return nearest


def district_at(point: Line) -> District:
    return DISTRICTS[int(districts_at(point[None])[0])]


def _north_bank(points: Line) -> NDArray[np.bool_]:
    middle = _river_line()
    north: NDArray[np.bool_] = points[:, 1] > np.interp(points[:, 0], middle[:, 0], middle[:, 1])
    return north


def ring() -> Line:
    """The middle of the ring expressway, counter-clockwise from the east, closed."""
    return smooth(
        _km(
            (7.4, -0.6), (7.5, 2.2), (5.9, 4.7), (3.2, 5.15), (0.2, 4.75), (-2.6, 5.3),
            (-5.4, 4.5), (-6.5, 2.2), (-6.3, -0.4), (-6.2, -2.9), (-4.6, -5.4), (-1.4, -6.0),
            (1.6, -5.6), (4.6, -5.9), (6.8, -4.7), (7.3, -2.6),
        ),
        50.0,
        closed=True,
    )  # fmt: skip


AVENUES: tuple[tuple[str, str, str, tuple[tuple[float, float], ...]], ...] = (
    ("Yunting Avenue", "云汀大道", "primary",
     ((-0.3, 10.2), (-0.2, 8.0), (0.15, 5.6), (0.05, 3.4), (0.25, 1.4), (0.05, -0.5),
      (0.3, -2.4), (0.2, -4.4), (0.75, -6.6), (0.4, -8.4), (0.9, -10.2))),
    ("Tingchao Avenue", "听潮大道", "trunk",
     ((-4.9, 10.2), (-4.4, 7.4), (-4.3, 4.9), (-4.05, 2.6), (-3.85, 0.4), (-3.9, -1.8),
      (-3.3, -3.6), (-3.6, -5.6), (-4.5, -7.6), (-4.9, -10.2))),
    ("Jianshe Avenue", "建设大道", "primary",
     ((-12.8, 5.6), (-9.4, 4.6), (-6.4, 3.3), (-4.1, 3.55), (-1.8, 3.75), (0.1, 3.25),
      (2.4, 3.3), (4.9, 2.5), (7.5, 2.5), (10.0, 1.5), (12.8, 1.9))),
    ("Nanhu Avenue", "南湖大道", "primary",
     ((-12.8, -1.2), (-9.0, -1.9), (-6.2, -2.6), (-3.7, -2.7), (-1.2, -3.5), (0.25, -3.7),
      (2.6, -3.4), (4.7, -3.7), (7.2, -3.2), (9.6, -4.6), (12.8, -5.4))),
    ("Donghu Road", "东湖路", "primary",
     ((4.2, 10.2), (4.7, 7.6), (4.5, 5.2), (4.9, 2.5), (4.6, 0.6), (4.4, -1.2))),
    ("Shuyuan Road", "书院路", "primary",
     ((4.9, -1.0), (4.9, -2.6), (4.7, -3.7), (4.1, -5.9), (4.6, -8.0), (4.3, -10.2))),
    ("Beihuan Avenue", "北环大道", "primary",
     ((-12.8, 7.7), (-8.2, 6.9), (-4.4, 7.0), (-0.1, 7.3), (4.7, 6.9), (8.0, 6.2), (12.8, 6.8))),
    ("Keji Avenue", "科技大道", "primary",
     ((-12.8, -5.3), (-8.4, -5.5), (-4.2, -7.0), (0.65, -7.3), (4.4, -7.6), (8.2, -7.2),
      (12.8, -8.6))),
    ("Xishan Road", "西山路", "primary",
     ((-9.0, 10.2), (-8.3, 7.0), (-8.6, 4.4), (-8.1, 2.5), (-8.0, 0.8))),
    ("Liuwan Road", "柳湾路", "primary",
     ((-8.7, 1.2), (-8.8, 0.1), (-9.0, -1.9), (-8.3, -5.4), (-9.0, -10.2))),
    ("Haitang Avenue", "海棠大道", "primary",
     ((1.5, -1.0), (2.0, 0.35), (2.6, 1.8), (3.6, 3.0), (5.0, 4.2), (6.9, 5.2),
      (8.6, 7.4), (9.6, 10.2))),
    ("Donggang Avenue", "东港大道", "trunk",
     ((1.0, -0.9), (1.5, -2.05), (3.0, -3.3), (5.6, -4.6), (8.0, -5.6), (10.2, -7.6),
      (11.0, -10.2))),
    ("Zhaohui Road", "朝晖路", "primary",
     ((9.6, 10.2), (9.3, 6.3), (9.9, 3.6), (9.4, 0.6), (9.7, -0.6), (9.8, -2.0))),
    ("Gangkou Road", "港口路", "primary",
     ((9.3, -1.8), (9.4, -3.4), (9.0, -5.0), (8.2, -7.2), (8.6, -10.2))),
    ("Zhongshan Road", "钟山路", "secondary",
     ((-4.05, 1.6), (-2.9, 1.75), (-1.6, 2.05), (-0.4, 1.9), (0.25, 1.8), (2.4, 1.55),
      (4.6, 1.35))),
)  # fmt: skip


def grounds(rng: np.random.Generator) -> list[Ground]:
    """Parks, lakes and closed areas; most get a road around them."""

    def ground(
        kind: str, names: tuple[str, str], centre: tuple[float, float],
        size: tuple[float, float], angle_deg: float, wobble: float = 0.12,
    ) -> Ground:  # fmt: skip
        middle = (centre[0] * 1000, centre[1] * 1000)
        return Ground(kind, blob(middle, size, angle_deg, rng, wobble=wobble), *names)

    return [
        ground("lake", ("East Lake", "东湖"), (6.45, 1.25), (700, 420), 20, 0.22),
        ground("park", ("East Lake Park", "东湖公园"), (6.4, 1.25), (960, 650), 18, 0.1),
        ground("lake", ("Moon Lake", "月湖"), (-2.0, -4.75), (520, 330), -25, 0.25),
        ground("park", ("Moon Lake Park", "月湖公园"), (-2.0, -4.75), (740, 540), -22, 0.1),
        ground("park", ("Drum Tower Gardens", "鼓楼花园"), (-1.62, 2.42), (190, 130), 10, 0.06),
        ground("park", ("People's Park", "人民公园"), (1.15, 2.5), (330, 290), -14, 0.08),
        ground("park", ("Camphor Park", "香樟公园"), (2.3, 6.1), (360, 250), 5, 0.12),
        ground("park", ("Century Park", "世纪公园"), (2.35, -4.6), (420, 350), -10, 0.1),
        ground("park", ("Willow Wetland", "柳湾湿地"), (-7.4, -3.9), (560, 330), 40, 0.2),
        ground(
            "wood", ("West Hill Forest Park", "西山森林公园"), (-10.2, 6.1), (1500, 820), -30, 0.2
        ),
        ground("wood", ("Phoenix Hill", "凤凰山"), (8.3, 8.3), (1150, 650), 25, 0.22),
        ground("wood", ("South Hill", "南山"), (-6.9, -8.3), (1350, 700), 10, 0.22),
        ground("campus", ("Yunting University", "云汀大学"), (2.4, -8.5), (700, 560), -19, 0.08),
        ground("campus", ("Medical College", "医学院"), (5.75, -6.85), (370, 330), -15, 0.06),
        ground("works", ("East Harbour Terminal", "东港码头"), (10.9, -4.0), (820, 380), -14, 0.08),
        ground(
            "works", ("Liuwan Machine Works", "柳湾机械厂"), (-10.3, -3.2), (620, 420), 15, 0.08
        ),
    ]


def old_wall() -> Line:
    """The road where the old town's wall stood."""
    return smooth(
        _km((-0.45, 2.1), (-0.75, 2.95), (-1.6, 3.25), (-2.5, 2.95), (-2.85, 2.1),
            (-2.5, 1.3), (-1.65, 1.02), (-0.8, 1.3)),
        45.0,
        closed=True,
    )  # fmt: skip


def railway() -> Line:
    return smooth(
        _km((-13.5, 8.6), (-9.5, 6.2), (-5.6, 6.15), (-2.0, 6.2), (1.4, 6.65), (5.4, 6.1),
            (9.0, 4.4), (13.5, 4.3)),
        60.0,
    )  # fmt: skip


def urban(points: Line) -> Line:
    """How built-up a place is, 0 (fields) to 1 (centre)."""
    total = np.zeros(len(points))
    for x, y, reach, weight in _CORES:
        away = np.hypot(points[:, 0] / 1000 - x, points[:, 1] / 1000 - y)
        total += weight * np.exp(-((away / reach) ** 2))
    ripple = np.sin(points[:, 0] / 900) * np.cos(points[:, 1] / 1100 + 1.3)
    return np.clip(total + 0.05 * ripple, 0, 1)


_CORES = (
    (0.2, 1.4, 4.6, 1.0), (0.8, -3.2, 3.9, 0.85), (6.2, 3.4, 2.9, 0.55), (-6.2, 4.4, 2.8, 0.5),
    (0.9, 6.4, 2.6, 0.45), (-3.8, -5.2, 2.6, 0.45), (4.0, -6.9, 2.6, 0.5), (7.8, -4.9, 2.7, 0.5),
    (-7.7, -2.4, 2.2, 0.45), (9.9, 1.4, 1.5, 0.3), (-8.6, 6.2, 1.3, 0.25), (-9.4, -5.9, 1.2, 0.3),
    (6.4, 7.6, 1.2, 0.3), (0.6, -9.0, 1.3, 0.25),
)  # fmt: skip
