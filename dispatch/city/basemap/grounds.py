"""Land, water and buildings, lowest first."""

from dispatch.city.basemap.drawing import Json, by_kind, by_zoom, layer, none_of, one_of
from dispatch.city.basemap.layers import BUILDING, GROUND, WATER, WATERWAY
from dispatch.city.basemap.palette import Palette

# What a block is used for lies under what grows or stands on it.
_BLOCKS = ("residential", "commercial", "industrial", "farm", "apron")
_BESIDE_WATER = ("pier",)


def grounds(palette: Palette) -> list[Json]:
    tint = by_kind(
        palette.built,
        industrial=palette.works,
        apron=palette.works,
        farm=palette.ground,
        park=palette.green,
        grass=palette.green,
        pitch=palette.green,
        cemetery=palette.green,
        wetland=palette.green,
        wood=palette.wood,
        sand=palette.sand,
        campus=palette.campus,
        hospital=palette.campus,
        parking=palette.paved,
        square=palette.paved,
        pier=palette.paved,
    )
    return [
        layer("blocks", "fill", GROUND, where=one_of(*_BLOCKS), paint={"fill-color": tint}),
        layer(
            "ground",
            "fill",
            GROUND,
            where=none_of(*_BLOCKS, *_BESIDE_WATER),
            paint={"fill-color": tint},
        ),
        layer(
            "waterway",
            "line",
            WATERWAY,
            where=["!=", ["get", "structure"], "tunnel"],
            layout={"line-cap": "round", "line-join": "round"},
            paint={
                "line-color": palette.water,
                "line-width": by_zoom(
                    (9, by_kind(0.3, river=1.2, coast=1.5)),
                    (14, by_kind(1.2, river=4, canal=3, coast=3)),
                    (18, by_kind(6, river=24, canal=18)),
                    growth=1.4,
                ),
            },
        ),
        layer(
            "water",
            "fill",
            WATER,
            paint={"fill-color": palette.water, "fill-outline-color": palette.waterline},
        ),
        layer("pier", "fill", GROUND, where=one_of(*_BESIDE_WATER), paint={"fill-color": tint}),
        layer(
            "building",
            "fill",
            BUILDING,
            minzoom=14,
            paint={
                "fill-color": palette.building,
                "fill-outline-color": palette.building_edge,
                "fill-opacity": by_zoom((14, 0.35), (15.2, 1)),
            },
        ),
    ]
