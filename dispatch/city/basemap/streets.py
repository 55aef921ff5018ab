"""Roads and rails: below ground, on the ground, on bridges; each with its casing."""

from dispatch.city.basemap.drawing import (
    KIND,
    Json,
    Phrase,
    by_kind,
    by_zoom,
    layer,
    none_of,
    one_of,
)
from dispatch.city.basemap.layers import RAIL, ROAD
from dispatch.city.basemap.palette import Palette

# Pixels at zoom 8, 11, 13, 15 and 18.
WIDTHS: dict[str, tuple[float, float, float, float, float]] = {
    "motorway": (0.9, 2.2, 3.8, 7.5, 27),
    "trunk": (0.8, 2.0, 3.4, 7, 25),
    "primary": (0.5, 1.5, 2.9, 6.4, 23),
    "secondary": (0.3, 1.1, 2.3, 5.4, 20),
    "tertiary": (0.2, 0.7, 1.8, 4.6, 17),
    "runway": (0.5, 1.5, 5, 14, 60),
    "pedestrian": (0.1, 0.2, 0.8, 2.6, 11),
    "service": (0.1, 0.2, 0.5, 1.9, 9),
}
_OTHER = (0.1, 0.3, 1.1, 3.4, 14)
_ZOOMS = (8, 11, 13, 15, 18)
# A slip road is narrower than the road that it leads to.
_LINK = 0.65
_PATHS = ("path", "track")
_RANKS = {"motorway": 9, "trunk": 8, "primary": 7, "secondary": 6, "tertiary": 5, "service": 2}


def streets(palette: Palette) -> list[Json]:
    tunnel: Phrase = ["==", ["get", "structure"], "tunnel"]
    bridge: Phrase = ["==", ["get", "structure"], "bridge"]
    surface: Phrase = ["!", ["has", "structure"]]
    road = none_of(*_PATHS, "sidewalk")
    return [
        _road("tunnel", _line(_colours(palette)) | {"line-opacity": 0.28}, tunnel, road),
        _road("tunnel-walls", _walls(palette), tunnel, road),
        _path(palette, "sidewalk", ["all", surface, one_of("sidewalk")], minzoom=16.5),
        _path(palette, "path", ["all", surface, one_of(*_PATHS)]),
        *_rails(palette),
        _road("road-casing", _line(palette.casing, palette.edge), surface, road),
        _road("road", _line(_colours(palette)), surface, road, cap="round"),
        _road("bridge-casing", _line(palette.bridge_casing, palette.edge + 0.8), bridge, road),
        _road("bridge", _line(_colours(palette)), bridge, road, cap="round"),
        _path(palette, "footbridge", ["all", bridge, one_of(*_PATHS)]),
    ]


def _road(identity: str, paint: Json, *where: Phrase, cap: str = "butt") -> Json:
    order: Phrase = [
        "+",
        ["*", 10, ["coalesce", ["get", "level"], 0]],
        by_kind(3, **_RANKS),
    ]
    layout: Json = {"line-cap": cap, "line-join": "round", "line-sort-key": order}
    return layer(identity, "line", ROAD, where=["all", *where], layout=layout, paint=paint)


def _line(colour: object, casing: float = 0.0) -> Json:
    return {"line-color": colour, "line-width": width(casing)}


def _walls(palette: Palette) -> Json:
    """A broken line on either side; what lies above the tunnel shows through."""
    return {
        "line-color": palette.tunnel,
        "line-gap-width": width(),
        "line-width": by_zoom((11, 0.8), (18, 2)),
        "line-dasharray": [4, 3],
    }


def width(casing: float = 0.0) -> Phrase:
    """Width by kind and zoom; `casing` pixels on top where a casing can be seen at all."""
    stops: list[tuple[float, object]] = []
    for index, zoom in enumerate(_ZOOMS):
        kinds: dict[str, object] = {kind: widths[index] for kind, widths in WIDTHS.items()}
        link: Phrase = ["case", ["has", "link"], _LINK, 1]
        plain: Phrase = ["*", link, by_kind(_OTHER[index], **kinds)]
        extra = casing * min(1.0, max(0.0, (zoom - 9) / 5))
        stops.append((zoom, ["+", plain, extra] if extra else plain))
    return by_zoom(*stops, growth=1.5)


def _colours(palette: Palette) -> Phrase:
    return by_kind(
        palette.minor,
        motorway=palette.motorway,
        trunk=palette.trunk,
        primary=palette.primary,
        secondary=palette.secondary,
        tertiary=palette.secondary,
        service=palette.service,
        pedestrian=palette.paved,
        runway=palette.paved,
        taxiway=palette.paved,
    )


def _path(palette: Palette, identity: str, where: Phrase, minzoom: float = 14.5) -> Json:
    paint: Json = {
        "line-color": palette.path,
        "line-width": by_zoom((14, 0.7), (18, 2.4)),
        "line-dasharray": [2, 1.4],
    }
    return layer(identity, "line", ROAD, where=where, minzoom=minzoom, paint=paint)


def _rails(palette: Palette) -> list[Json]:
    open_air: Phrase = ["!=", ["get", "structure"], "tunnel"]
    main: Phrase = ["all", ["==", KIND, "rail"], open_air]
    light: Phrase = ["all", ["!=", KIND, "rail"], open_air]
    return [
        layer(
            "rail-light",
            "line",
            RAIL,
            where=light,
            minzoom=13,
            paint={"line-color": palette.rail, "line-width": by_zoom((13, 0.6), (18, 2))},
        ),
        layer(
            "rail",
            "line",
            RAIL,
            where=main,
            paint={"line-color": palette.rail, "line-width": by_zoom((10, 0.8), (18, 5))},
        ),
        layer(
            "rail-gaps",
            "line",
            RAIL,
            where=main,
            minzoom=12,
            paint={
                "line-color": palette.ground,
                "line-width": by_zoom((12, 0.5), (18, 3.2)),
                "line-dasharray": [5, 5],
            },
        ),
    ]
