"""Hospitals and stations out of the map itself, for when the operator has no tables."""

from dispatch.city.imports.tables import LONGEST_NAME, HospitalRow, StationRow
from dispatch.city.places.gather import Gathered, NameRow

# What the map does not say: an emergency department is assumed, beds and vehicles are not known.
ASSUMED_CAPABILITIES = ("ed",)
ASSUMED_AMBULANCES = 2


def hospitals_on_map(gathered: Gathered) -> list[HospitalRow]:
    return [
        HospitalRow(f"H{number:02d}", *_names(row), row.lat, row.lon, ASSUMED_CAPABILITIES, None)
        for number, row in enumerate(_of_kind(gathered, "hospital"), start=1)
    ]


def stations_on_map(gathered: Gathered) -> list[StationRow]:
    """Ambulance stations; where none are drawn, a vehicle stands at every hospital."""
    found = _of_kind(gathered, "ambulance_station") or _of_kind(gathered, "hospital")
    return [
        StationRow(f"S{number:02d}", *_names(row), row.lat, row.lon, ASSUMED_AMBULANCES)
        for number, row in enumerate(found, start=1)
    ]


def _of_kind(gathered: Gathered, category: str) -> list[NameRow]:
    """In an order that does not depend on the file's."""
    found = [row for row in gathered.names if row.category == category]
    return sorted(found, key=lambda row: (row.name_en, row.lon, row.lat))


def _names(row: NameRow) -> tuple[str, str]:
    return row.name_en[:LONGEST_NAME], row.name_zh[:LONGEST_NAME]
