"""Names on the map, least important first: what is drawn later takes the room."""

from dispatch.city.basemap.drawing import KIND, Json, Phrase, by_kind, by_zoom, layer, one_of
from dispatch.city.basemap.layers import NUMBER, PLACE, POI, ROAD, WATERWAY
from dispatch.city.basemap.palette import Palette

# Tried in order on the desk itself; the word in the first name sets weight and slant.
_FAMILIES = ["Segoe UI", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"]
REGULAR = ["Inter", *_FAMILIES]
BOLD = ["Noto Sans Bold", "Inter", *_FAMILIES]
ITALIC = ["Noto Sans Italic", "Inter", *_FAMILIES]

_MAIN_ROADS = ("motorway", "trunk", "primary", "secondary")
_CARE = ("hospital", "ambulance_station")
_NATURE = ("park", "water")
# Callers name these; the rest waits for the closest zoom.
_LANDMARKS = ("station", "campus", "fire_station", "police", "airport", "mall", "sight", "school",
              "civic", "works", "helipad", "exit")  # fmt: skip


def labels(palette: Palette, *, chinese: bool) -> list[Json]:
    write = _Writing(palette, name_in(chinese=chinese))
    return [
        *write.close_up(),
        *write.road_names(),
        *write.landmarks(),
        *write.nature(),
        *write.care(),
        *write.places(),
    ]


def name_in(*, chinese: bool) -> Phrase:
    """The name in the reader's language, else the local one, else whatever there is."""
    own, other = ("name_zh", "name_en") if chinese else ("name_en", "name_zh")
    return ["coalesce", ["get", own], ["get", "name"], ["get", other], ""]


class _Writing:
    def __init__(self, palette: Palette, name: Phrase) -> None:
        self._palette, self._name = palette, name

    def close_up(self) -> list[Json]:
        """House numbers, one-way arrows, and the small places that a caller may stand before."""
        p = self._palette
        arrow: Phrase = ["case", ["==", ["get", "oneway"], -1], "←", "→"]
        return [
            layer(
                "one-way", "symbol", ROAD, where=["has", "oneway"], minzoom=15.5,
                layout={"text-field": arrow, "text-font": REGULAR, "text-size": 12 * p.text_scale,
                        "symbol-placement": "line", "symbol-spacing": 140, "text-padding": 0,
                        "text-keep-upright": False, "text-rotation-alignment": "map"},
                paint={"text-color": p.text_minor, "text-opacity": 0.8},
            ),
            self._points("house-number", NUMBER, text=["get", "number"], size=10.5,
                         colour=p.text_minor, minzoom=16.2, padding=1),
            self._points("poi-small", POI, where=["!", one_of(*_CARE, *_NATURE, *_LANDMARKS)],
                         text=self._dotted(), size=10.5, colour=p.text_minor, minzoom=16.5),
        ]  # fmt: skip

    def road_names(self) -> list[Json]:
        p = self._palette
        main = one_of(*_MAIN_ROADS)
        return [
            self._along("road-name-minor", ROAD, where=["!", main], minzoom=14.2,
                        size=by_zoom((14, 10.5), (18, 14)), colour=p.text_minor),
            self._along("road-name", ROAD, where=main, size=by_zoom((12, 11), (18, 15.5)),
                        colour=p.text_road, minzoom=12.2),
            self._along("road-ref", ROAD, where=one_of("motorway", "trunk"), size=10.5,
                        colour=p.text_road, minzoom=9.5, text=["get", "ref"], font=BOLD),
        ]  # fmt: skip

    def landmarks(self) -> list[Json]:
        return [
            self._points("poi", POI, where=one_of(*_LANDMARKS), text=self._dotted(), size=11,
                         colour=self._palette.text_minor, minzoom=13.5),
        ]  # fmt: skip

    def nature(self) -> list[Json]:
        p = self._palette
        return [
            self._along("waterway-name", WATERWAY, size=11.5, colour=p.text_water, minzoom=12,
                        font=ITALIC),
            self._points("nature", POI, where=one_of(*_NATURE), size=by_zoom((11, 11), (16, 13.5)),
                         colour=by_kind(p.text_green, water=p.text_water), minzoom=11, font=ITALIC),
        ]  # fmt: skip

    def care(self) -> list[Json]:
        """Hospitals and stations of the map's source; the platform draws its own above them."""
        p = self._palette
        colour = by_kind(p.station, hospital=p.hospital)
        return [
            layer(
                "care-dot", "circle", POI, where=one_of(*_CARE), minzoom=13,
                paint={"circle-color": colour, "circle-radius": by_zoom((13, 2.5), (17, 5)),
                       "circle-stroke-color": p.halo, "circle-stroke-width": 1.2},
            ),
            self._points("care", POI, where=one_of(*_CARE), size=11.5, colour=colour, minzoom=13.5,
                         anchor="top"),
        ]  # fmt: skip

    def places(self) -> list[Json]:
        p = self._palette
        return [
            self._points("locality", PLACE, size=by_zoom((12, 11), (16, 13.5)),
                         where=one_of("neighbourhood", "quarter", "hamlet", "village", "island",
                                      "islet", "square"),
                         colour=p.text_road, minzoom=11.5, maxzoom=17, spread=0.06),
            self._points("suburb", PLACE, where=one_of("suburb", "borough", "town"), font=BOLD,
                         size=by_zoom((10, 11.5), (14, 15)), colour=p.text_road, minzoom=9.5,
                         maxzoom=15.5, spread=0.08),
            self._points("city", PLACE, where=["==", KIND, "city"], font=BOLD, colour=p.text,
                         size=by_zoom((8, 15), (12, 21)), maxzoom=12, spread=0.06),
        ]  # fmt: skip

    def _points(
        self, identity: str, source: str, *, size: object, colour: object,
        where: Phrase | None = None, text: Phrase | None = None, minzoom: float | None = None,
        maxzoom: float | None = None, font: list[str] = REGULAR, padding: float = 5,
        anchor: str = "center", spread: float = 0.0,
    ) -> Json:  # fmt: skip
        layout: Json = {
            "text-field": text or self._name,
            "text-font": font,
            "text-size": self._scaled(size),
            "text-max-width": 8,
            "text-padding": padding,
            "text-letter-spacing": spread,
            "text-anchor": anchor,
            "text-offset": [0, 0.7 if anchor == "top" else 0],
        }
        if source != NUMBER:
            layout["symbol-sort-key"] = ["coalesce", ["get", "rank"], 0]
        return layer(identity, "symbol", source, where=where, minzoom=minzoom, maxzoom=maxzoom,
                     layout=layout, paint=self._ink(colour))  # fmt: skip

    def _along(
        self, identity: str, source: str, *, size: object, colour: object,
        minzoom: float, where: Phrase | None = None, text: Phrase | None = None,
        font: list[str] = REGULAR,
    ) -> Json:  # fmt: skip
        layout: Json = {
            "symbol-placement": "line",
            "symbol-spacing": 300,
            "text-field": text or self._name,
            "text-font": font,
            "text-size": self._scaled(size),
            "text-max-angle": 32,
            "text-padding": 4,
        }
        return layer(identity, "symbol", source, where=where, minzoom=minzoom,
                     layout=layout, paint=self._ink(colour))  # fmt: skip

    def _ink(self, colour: object) -> Json:
        return {
            "text-color": colour,
            "text-halo-color": self._palette.halo,
            "text-halo-width": 1.4,
        }

    def _dotted(self) -> Phrase:
        """A dot on the spot and the name below it, shown or hidden together."""
        return ["format", "●", {"font-scale": 0.6}, "\n", {}, self._name, {}]

    def _scaled(self, size: object) -> object:
        scale = self._palette.text_scale
        if isinstance(size, list):
            # Only the values of an interpolation, not its zooms.
            head, stops = size[:3], size[3:]
            return head + [part * scale if i % 2 else part for i, part in enumerate(stops)]
        return size * scale if isinstance(size, int | float) else size
