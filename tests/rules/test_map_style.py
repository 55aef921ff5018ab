"""The map style: both themes, both languages, and nothing that would need the internet."""

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from dispatch.city.basemap.labels import name_in
from dispatch.city.basemap.layers import LAYERS
from dispatch.city.basemap.palette import PALETTES, Theme
from dispatch.city.basemap.style import empty_style, opening_zoom, style

TILES = "https://dispatch.example/tiles/v1/{z}/{x}/{y}.mvt"
NOT_NAMES = {"one-way", "house-number", "road-ref"}
Layers = list[dict[str, Any]]  # a style is JSON


def layers(theme: Theme, language: str) -> Layers:
    found: Layers = document(theme, language)["layers"]
    return found


def document(theme: Theme = Theme.DARK, language: str = "en") -> dict[str, Any]:
    return style(
        theme=theme,
        language=language,
        tiles_url=TILES,
        bounds=(124.2, 30.0, 124.6, 30.4),
        attribution="© OpenStreetMap contributors",
    )


def parts(value: object) -> Iterator[object]:
    """The value and everything inside it."""
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from parts(part)


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize(("language", "first"), [("en", "name_en"), ("zh-hans", "name_zh")])
def test_every_name_is_in_the_readers_language_and_falls_back(
    theme: Theme, language: str, first: str
) -> None:
    named = [
        layer
        for layer in layers(theme, language)
        if layer["type"] == "symbol" and layer["id"] not in NOT_NAMES
    ]

    expected = name_in(chinese=language == "zh-hans")

    assert len(named) >= 8
    assert expected[1:3] == [["get", first], ["get", "name"]]
    for layer in named:
        assert expected in list(parts(layer["layout"]["text-field"])), layer["id"]


@pytest.mark.parametrize("theme", Theme)
def test_nothing_is_fetched_but_our_own_tiles(theme: Theme) -> None:
    made = document(theme)

    addresses = [p for p in parts(made) if isinstance(p, str) and "://" in p]

    assert addresses == [TILES]
    assert not {"glyphs", "sprite"} & made.keys()


@pytest.mark.parametrize("theme", Theme)
def test_layers_have_distinct_ids_and_use_layers_that_the_tiles_hold(theme: Theme) -> None:
    over_tiles = [layer for layer in layers(theme, "en") if layer["type"] != "background"]

    ids = [layer["id"] for layer in over_tiles]

    assert len(ids) == len(set(ids))
    assert {layer["source-layer"] for layer in over_tiles} == set(LAYERS)


def test_bridges_lie_over_water_and_streets_and_names_over_everything() -> None:
    drawn = [layer["id"] for layer in layers(Theme.DARK, "en")]

    order = [drawn.index(name) for name in ("water", "tunnel", "road", "bridge", "city")]

    assert order == sorted(order)
    assert layers(Theme.DARK, "en")[-1]["type"] == "symbol"


def test_house_numbers_wait_for_the_closest_zoom() -> None:
    (numbers,) = (x for x in layers(Theme.LIGHT, "en") if x["id"] == "house-number")

    assert numbers["minzoom"] >= 16


def test_the_credit_and_the_bounds_go_with_the_tiles() -> None:
    (city,) = document()["sources"].values()

    assert city["attribution"] == "© OpenStreetMap contributors"
    assert city["bounds"] == [124.2, 30.0, 124.6, 30.4]


@pytest.mark.parametrize("theme", Theme)
def test_without_a_city_only_the_ground_is_drawn(theme: Theme) -> None:
    made = empty_style(theme)

    assert made["sources"] == {}
    assert [layer["type"] for layer in made["layers"]] == ["background"]  # type: ignore[attr-defined]


def test_the_style_is_plain_json() -> None:
    assert json.loads(json.dumps(document())) == document()


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize(
    ("ink", "least"),
    [("text", 7.0), ("text_road", 7.0), ("text_minor", 4.5), ("hospital", 4.5), ("station", 4.5)],
)
def test_names_stand_out_from_land_and_buildings(theme: Theme, ink: str, least: float) -> None:
    palette = PALETTES[theme]

    for ground in (palette.ground, palette.built, palette.building):
        assert contrast(getattr(palette, ink), ground) >= least


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two #rrggbb colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("bounds", "zoom"),
    [
        pytest.param((124.27, 30.11, 124.53, 30.29), 11.5, id="a city of 25 km"),
        pytest.param((-74.0116, 40.7360, -73.9631, 40.7590), 14.0, id="a strip of 4 km"),
        pytest.param((-74.0472, 40.6795, -73.9070, 40.8821), 11.3, id="higher than wide"),
        pytest.param((5.9, 47.3, 15.0, 55.0), 6.0, id="a country"),
        pytest.param((10.0, 50.0, 10.0, 50.0), 15.0, id="a single crossing"),
    ],
)
def test_the_map_opens_with_the_whole_city_in_it(
    bounds: tuple[float, float, float, float], zoom: float
) -> None:
    assert opening_zoom(bounds) == pytest.approx(zoom, abs=0.35)


@pytest.mark.parametrize("theme", Theme)
def test_the_tint_of_the_ground_tells_its_use(theme: Theme) -> None:
    palette = PALETTES[theme]
    tints = (palette.ground, palette.built, palette.works, palette.campus, palette.green)

    for one, other in combinations(tints, 2):
        assert distance(one, other) >= 12, (one, other)


def distance(one: str, other: str) -> int:
    """Steps of red, green and blue between two #rrggbb colours, added up."""
    return sum(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) for i in (1, 3, 5))
