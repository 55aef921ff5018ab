"""Colours of the base map. Quiet on purpose: units, incidents and routes must stand out."""

from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Palette:
    """`text_scale` enlarges all names; `edge` is how many pixels a road's casing adds."""

    ground: str
    built: str
    works: str
    campus: str
    green: str
    wood: str
    sand: str
    paved: str
    water: str
    waterline: str
    building: str
    building_edge: str
    motorway: str
    trunk: str
    primary: str
    secondary: str
    minor: str
    service: str
    path: str
    casing: str
    bridge_casing: str
    tunnel: str
    rail: str
    text: str
    text_road: str
    text_minor: str
    text_water: str
    text_green: str
    halo: str
    hospital: str
    station: str
    text_scale: float
    edge: float


# Names keep at least 4.5:1 against the ground, the faintest (house numbers) 4:1.
DARK = Palette(
    ground="#141c26",
    built="#1a2636",
    works="#24202f",
    campus="#262a2c",
    green="#16302c",
    wood="#142a28",
    sand="#2a2a2c",
    paved="#1f2a38",
    water="#0d3553",
    waterline="#1b4d73",
    building="#222e3d",
    building_edge="#2e3c4e",
    motorway="#7d7a6c",
    trunk="#6d6f6b",
    primary="#61707e",
    secondary="#4d5c6b",
    minor="#3a4857",
    service="#2f3b49",
    path="#46545f",
    casing="#0e141c",
    bridge_casing="#05090d",
    tunnel="#7c8b9a",
    rail="#505b69",
    text="#d3dce6",
    text_road="#bcc8d4",
    text_minor="#93a1b0",
    text_water="#7db4dc",
    text_green="#7fb39c",
    halo="#0f161f",
    hospital="#f08c88",
    station="#86bdf0",
    text_scale=1.0,
    edge=1.4,
)
# For a tablet in sunlight: white land, dark edges, black names.
LIGHT = Palette(
    ground="#f6f6f3",
    built="#efefec",
    works="#e9e9ee",
    campus="#f3ead4",
    green="#cfe6c2",
    wood="#b9d9ab",
    sand="#f2e6bd",
    paved="#e6e7ea",
    water="#86bfe6",
    waterline="#4d93c4",
    building="#d9d9d6",
    building_edge="#b3b3b0",
    motorway="#f2a33c",
    trunk="#f7bd5c",
    primary="#fcd97e",
    secondary="#fff1a8",
    minor="#ffffff",
    service="#ffffff",
    path="#8d8474",
    casing="#8b929a",
    bridge_casing="#596068",
    tunnel="#5a626a",
    rail="#6b7078",
    text="#05090d",
    text_road="#14191f",
    text_minor="#39434d",
    text_water="#0f4a78",
    text_green="#1f5c2c",
    halo="#ffffff",
    hospital="#b3121a",
    station="#0a4ea8",
    text_scale=1.12,
    edge=1.6,
)
PALETTES = {Theme.DARK: DARK, Theme.LIGHT: LIGHT}
