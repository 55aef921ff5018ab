"""From OpenStreetMap's words to the few kinds that the style tells apart, with first zooms."""

Kinds = dict[str, tuple[str, int]]

# Links count as the road that they lead to.
ROADS: Kinds = {
    "motorway": ("motorway", 8), "trunk": ("trunk", 8), "primary": ("primary", 9),
    "secondary": ("secondary", 10), "tertiary": ("tertiary", 11), "unclassified": ("minor", 12),
    "residential": ("minor", 12), "living_street": ("minor", 13), "road": ("minor", 13),
    "busway": ("minor", 13), "pedestrian": ("pedestrian", 13), "service": ("service", 13),
    "track": ("track", 14), "footway": ("path", 14), "cycleway": ("path", 14),
    "path": ("path", 14), "bridleway": ("path", 14), "steps": ("path", 15),
}  # fmt: skip
GROUNDS: dict[str, Kinds] = {
    "landuse": {
        "residential": ("residential", 9), "commercial": ("commercial", 10),
        "retail": ("commercial", 10), "industrial": ("industrial", 10), "port": ("industrial", 10),
        "railway": ("industrial", 12), "forest": ("wood", 8), "grass": ("grass", 12),
        "meadow": ("grass", 11), "farmland": ("farm", 9), "farmyard": ("farm", 12),
        "orchard": ("farm", 11), "vineyard": ("farm", 11), "cemetery": ("cemetery", 12),
        "recreation_ground": ("park", 11), "village_green": ("park", 12),
        "military": ("industrial", 10), "education": ("campus", 11),
    },
    "leisure": {
        "park": ("park", 9), "garden": ("park", 13), "golf_course": ("park", 11),
        "nature_reserve": ("wood", 9), "playground": ("park", 14), "pitch": ("pitch", 14),
        "stadium": ("pitch", 13), "track": ("pitch", 14),
    },
    "natural": {
        "wood": ("wood", 8), "scrub": ("wood", 11), "grassland": ("grass", 11),
        "heath": ("grass", 11), "wetland": ("wetland", 11), "beach": ("sand", 11),
        "sand": ("sand", 11),
    },
    "amenity": {
        "university": ("campus", 11), "college": ("campus", 12), "school": ("campus", 13),
        "hospital": ("hospital", 12), "grave_yard": ("cemetery", 13), "parking": ("parking", 14),
    },
    "aeroway": {"aerodrome": ("industrial", 9), "apron": ("apron", 12)},
    "man_made": {"pier": ("pier", 12), "breakwater": ("pier", 13)},
}  # fmt: skip
RIVERS = {"river": 8, "canal": 10, "stream": 13, "drain": 14, "ditch": 15}
RAILS: Kinds = {
    "rail": ("rail", 10), "light_rail": ("light", 12), "subway": ("subway", 13),
    "tram": ("light", 13), "narrow_gauge": ("light", 12), "monorail": ("light", 13),
}  # fmt: skip
PLACES = {
    "city": 8, "town": 9, "borough": 10, "village": 11, "suburb": 11, "quarter": 12,
    "hamlet": 13, "neighbourhood": 13, "island": 11, "islet": 14, "square": 15,
}  # fmt: skip
# Points, the first rule that fits names the kind; * is any other value of the key.
POIS: tuple[tuple[str, Kinds], ...] = (
    ("emergency", {"ambulance_station": ("ambulance_station", 13), "defibrillator": ("aed", 15)}),
    ("amenity", {
        "hospital": ("hospital", 12), "clinic": ("clinic", 15), "doctors": ("clinic", 15),
        "pharmacy": ("pharmacy", 15), "fire_station": ("fire_station", 14),
        "police": ("police", 14), "university": ("campus", 13), "college": ("campus", 14),
        "school": ("school", 14), "kindergarten": ("school", 15), "townhall": ("civic", 14),
        "courthouse": ("civic", 15), "library": ("civic", 15), "theatre": ("sight", 14),
        "bus_station": ("station", 14), "ferry_terminal": ("station", 14),
        "marketplace": ("shop", 15), "social_facility": ("care", 15), "nursing_home": ("care", 15),
        "place_of_worship": ("worship", 15), "fuel": ("fuel", 15), "bank": ("shop", 15),
        "restaurant": ("shop", 15), "fast_food": ("shop", 15), "cafe": ("shop", 15),
        "bar": ("shop", 15), "pub": ("shop", 15), "cinema": ("sight", 15), "prison": ("civic", 14),
    }),
    ("railway", {"station": ("station", 12), "halt": ("station", 13), "tram_stop": ("stop", 15)}),
    ("building", {"train_station": ("station", 13)}),
    ("highway", {"motorway_junction": ("exit", 13), "bus_stop": ("stop", 15)}),
    ("aeroway", {"aerodrome": ("airport", 10), "helipad": ("helipad", 14)}),
    ("healthcare", {"*": ("clinic", 15)}),
    ("tourism", {
        "attraction": ("sight", 14), "museum": ("sight", 14), "zoo": ("sight", 13),
        "hotel": ("hotel", 15), "hostel": ("hotel", 15), "theme_park": ("sight", 13),
    }),
    ("leisure", {
        "park": ("park", 12), "garden": ("park", 14), "stadium": ("sight", 13),
        "nature_reserve": ("park", 12), "sports_centre": ("sight", 15), "marina": ("park", 14),
    }),
    ("natural", {"wood": ("park", 12), "water": ("water", 11), "peak": ("park", 14)}),
    ("landuse", {"cemetery": ("park", 14), "industrial": ("works", 13), "forest": ("park", 12)}),
    ("shop", {"mall": ("mall", 14), "department_store": ("mall", 15), "*": ("shop", 15)}),
    ("historic", {"monument": ("sight", 15), "castle": ("sight", 14)}),
    ("office", {"government": ("civic", 15)}),
)  # fmt: skip
# Wanted even when they have no name.
NAMELESS = frozenset(
    {"hospital", "ambulance_station", "aed", "fire_station", "police", "exit", "helipad"}
)
