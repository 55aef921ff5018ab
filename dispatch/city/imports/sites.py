"""Hospitals and stations out of the map itself, for when the operator has no tables.

What the map does not say is assumed, and told in a sentence for the operator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from django.utils.translation import gettext as _

from dispatch.city.imports.tables import LONGEST_NAME, HospitalRow, StationRow
from dispatch.city.places.care import Care, CareSite
from dispatch.city.roads.network import Floats, RoadGraph, metres_between

# An emergency department is assumed, beds are not known.
ASSUMED_CAPABILITIES = ("ed",)
# Two ambulances at a station, more where so few stations would leave a town with next to none.
ASSUMED_AMBULANCES, FEWEST_AMBULANCES = 2, 12
# What lies farther from any road cannot be driven to: a stray point outside the extract.
NEAR_ROAD_M = 1000.0
# A power of two: the crossings are halved so often.
ASSUMED_HOSPITALS = 4

Row = TypeVar("Row", HospitalRow, StationRow)


@dataclass(frozen=True, slots=True)
class Sites(Generic[Row]):
    """The rows, and where they come from in a sentence."""

    rows: list[Row]
    told: str


def reachable(sites: Sequence[CareSite], graph: RoadGraph) -> list[CareSite]:
    """Those that a road leads to."""
    return [
        site
        for site in sites
        if metres_between(
            np.array(site.lon), np.array(site.lat), graph.node_lon, graph.node_lat
        ).min()
        <= NEAR_ROAD_M
    ]


def hospitals_on_map(
    sites: Sequence[CareSite], graph: RoadGraph, *, assume: bool
) -> Sites[HospitalRow]:
    """All hospitals that do not say they take no emergencies; if all say so, all.

    A map without any gives none, or a few spread over the roads when `assume` allows it.
    """
    drawn = [site for site in sites if site.care == Care.HOSPITAL]
    found = [site for site in drawn if site.emergency] or drawn
    if not found and assume:
        found = spread_over(graph, ASSUMED_HOSPITALS)
        told = _("Hospitals: none on the map; %(count)d assumed, spread over the roads.")
    elif not found:
        told = _("Hospitals: none on the map; give a table with --hospitals.")
    elif not found[0].emergency:
        told = _("Hospitals: %(count)d from the map, though it says that none takes emergencies.")
    else:
        told = _("Hospitals: %(count)d from the map, each with an emergency department assumed.")
    rows = [
        HospitalRow(f"H{number:02d}", *names, site.lat, site.lon, ASSUMED_CAPABILITIES, None)
        for number, site in enumerate(found, start=1)
        for names in [_names(site, f"Hospital {number}", f"医院{number}")]
    ]
    return Sites(rows, told % {"count": len(rows)})


def stations_on_map(
    sites: Sequence[CareSite], hospitals: Sequence[HospitalRow]
) -> Sites[StationRow]:
    """Ambulance stations; else fire stations; else a post at every hospital."""
    found, told = _posts(sites, hospitals)
    each = max(ASSUMED_AMBULANCES, -(-FEWEST_AMBULANCES // max(1, len(found))))
    rows = [
        StationRow(f"S{number:02d}", *names, site.lat, site.lon, each)
        for number, site in enumerate(found, start=1)
        for names in [_names(site, f"Station {number}", f"急救站{number}")]
    ]
    return Sites(rows, told % {"count": len(rows), "each": each})


def _posts(
    sites: Sequence[CareSite], hospitals: Sequence[HospitalRow]
) -> tuple[list[CareSite], str]:
    drawn = {care: [site for site in sites if site.care == care] for care in Care}
    if drawn[Care.AMBULANCE_STATION]:
        return drawn[Care.AMBULANCE_STATION], _(
            "Stations: %(count)d from the map, each with %(each)d ambulances assumed."
        )
    if drawn[Care.FIRE_STATION]:
        return drawn[Care.FIRE_STATION], _(
            "Stations: no ambulance station on the map; its fire stations instead (%(count)d), "
            "each with %(each)d ambulances assumed."
        )
    if hospitals:
        at_hospitals = [
            CareSite(Care.HOSPITAL, one.name_en, one.name_zh, one.lon, one.lat) for one in hospitals
        ]
        return at_hospitals, _(
            "Stations: none on the map; a post at every hospital (%(count)d), "
            "each with %(each)d ambulances assumed."
        )
    return [], _("Stations: none on the map; give a table with --stations.")


def spread_over(graph: RoadGraph, count: int) -> list[CareSite]:
    """Nameless hospitals at crossings: the crossings are halved until there are `count` parts."""
    places = np.column_stack([graph.node_lon, graph.node_lat])
    parts = [places]
    while len(parts) < count:
        parts = [half for part in parts for half in _halves(part)]
    middles = [_middle(part) for part in parts if len(part)]
    return [CareSite(Care.HOSPITAL, "", "", lon, lat) for lon, lat in middles]


def _halves(part: Floats) -> tuple[Floats, Floats]:
    """Cut across the longer side, with equally many on both; degrees are near enough."""
    if len(part) < 2:
        return part, part[:0]
    longer = int(np.ptp(part, axis=0).argmax())
    ordered = part[part[:, longer].argsort(kind="stable")]
    return ordered[: len(part) // 2], ordered[len(part) // 2 :]


def _middle(part: Floats) -> tuple[float, float]:
    """The crossing nearest to the mean of all."""
    nearest = int(((part - part.mean(axis=0)) ** 2).sum(axis=1).argmin())
    lon, lat = part[nearest].tolist()
    return lon, lat


def _names(site: CareSite, instead_en: str, instead_zh: str) -> tuple[str, str]:
    if not site.name_en:
        return instead_en, instead_zh
    return site.name_en[:LONGEST_NAME], site.name_zh[:LONGEST_NAME]
