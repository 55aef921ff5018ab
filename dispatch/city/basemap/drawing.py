"""The few phrases that the layers of the style are made of."""

# A MapLibre style is JSON by nature; these modules are its only home.
Json = dict[str, object]
Phrase = list[object]

SOURCE = "city"
KIND: Phrase = ["get", "kind"]


def layer(
    identity: str,
    kind: str,
    source_layer: str,
    *,
    paint: Json,
    layout: Json | None = None,
    where: Phrase | None = None,
    minzoom: float | None = None,
    maxzoom: float | None = None,
) -> Json:
    """One layer over the tiles of the city; what is None is left out."""
    parts: Json = {
        "id": identity,
        "type": kind,
        "source": SOURCE,
        "source-layer": source_layer,
        "filter": where,
        "minzoom": minzoom,
        "maxzoom": maxzoom,
        "layout": layout,
        "paint": paint,
    }
    return {name: part for name, part in parts.items() if part is not None}


def one_of(*kinds: str) -> Phrase:
    return ["in", KIND, ["literal", list(kinds)]]


def none_of(*kinds: str) -> Phrase:
    return ["!", one_of(*kinds)]


def by_kind(other: object, **values: object) -> Phrase:
    """A value per kind of feature; `other` for all the rest."""
    pairs = [part for kind, value in values.items() for part in (kind, value)]
    return ["match", KIND, *pairs, other]


def by_zoom(*stops: tuple[float, object], growth: float = 1.0) -> Phrase:
    """A value that changes evenly between (zoom, value) stops; `growth` per zoom level."""
    how = ["linear"] if growth == 1.0 else ["exponential", growth]
    return ["interpolate", how, ["zoom"], *(part for stop in stops for part in stop)]
