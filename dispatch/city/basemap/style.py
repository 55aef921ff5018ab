"""The map style: some thirty layers over our own tiles.

No font or sprite files: without a `glyphs` address the browser draws with the fonts of
the desk, Chinese included. Change the look in `palette`, not here.
"""

from math import log, log2, pi, radians, tan

from dispatch.city.basemap.drawing import SOURCE, Json
from dispatch.city.basemap.grounds import grounds
from dispatch.city.basemap.labels import labels
from dispatch.city.basemap.layers import MAX_ZOOM, MIN_ZOOM
from dispatch.city.basemap.palette import PALETTES, Palette, Theme
from dispatch.city.basemap.streets import streets

Bounds = tuple[float, float, float, float]
# The console's map on a full HD screen, without a margin around the city; in pixels.
_ROOM = 1_080.0, 900.0
_TILE_PX = 512
_NEAREST_OPENING = 15.0


def style(*, theme: Theme, language: str, tiles_url: str, bounds: Bounds, attribution: str) -> Json:
    """The style document. `bounds` is west, south, east, north; `language` a Django code."""
    palette = PALETTES[theme]
    west, south, east, north = bounds
    city: Json = {
        "type": "vector",
        "tiles": [tiles_url],
        "minzoom": MIN_ZOOM,
        "maxzoom": MAX_ZOOM,
        "bounds": list(bounds),
        "attribution": attribution,
    }
    return {
        **_frame(palette),
        "center": [(west + east) / 2, (south + north) / 2],
        "zoom": opening_zoom(bounds),
        "sources": {SOURCE: city},
        "layers": [
            _background(palette),
            *grounds(palette),
            *streets(palette),
            *labels(palette, chinese=language.startswith("zh")),
        ],
    }


def opening_zoom(bounds: Bounds) -> float:
    """The whole city is seen, and fills the map: a strip of five kilometres as a province."""
    west, south, east, north = bounds
    width = (east - west) / 360
    height = (_mercator(north) - _mercator(south)) / (2 * pi)
    world = max(width / _ROOM[0], height / _ROOM[1]) * _TILE_PX
    nearest = log2(1 / world) if world > 0 else _NEAREST_OPENING
    return round(min(max(nearest, 0.0), _NEAREST_OPENING), 2)


def _mercator(lat: float) -> float:
    return log(tan(pi / 4 + radians(lat) / 2))


def empty_style(theme: Theme) -> Json:
    """Before the first import: the colour of the ground, so that units can still be drawn."""
    palette = PALETTES[theme]
    return {**_frame(palette), "sources": {}, "layers": [_background(palette)]}


def _frame(palette: Palette) -> Json:
    return {"version": 8, "name": "Onboard", "transition": {"duration": 0, "delay": 0}}


def _background(palette: Palette) -> Json:
    return {
        "id": "background",
        "type": "background",
        "paint": {"background-color": palette.ground},
    }
