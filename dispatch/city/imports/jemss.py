"""The tables of a JEMSS city model, read as ours: name of the table, header, rows, blank line.

JEMSS (https://github.com/uoa-ems-research/JEMSS.jl) is an open ambulance simulator; the
models that come with it are among the few public tables of real stations. Its `x` and `y` are
longitude and latitude. A station's `capacity` is how many ambulances it has room for.
"""

from collections.abc import Callable, Mapping, Sequence

Cells = Mapping[str, str]
NEEDED = {"hospitals": ("index", "x", "y"), "stations": ("index", "x", "y", "capacity")}


def is_head(cells: Sequence[str], table: str) -> bool:
    """Whether the file's first line is a JEMSS table's name; a remark may follow it."""
    return bool(cells) and cells[0] == table


def hospital(cells: Cells) -> dict[str, str]:
    """Nothing is said of what it offers: an emergency department is assumed."""
    name = _name(cells) or f"Hospital {cells['index']}"
    return {**_head(cells, "H", name), "capabilities": "ed", "beds": ""}


def station(cells: Cells) -> dict[str, str]:
    number = cells.get("station #", "").strip()
    name = _name(cells) or (f"Station {number}" if number else f"Post {cells['index']}")
    return {**_head(cells, "S", name), "ambulances": cells["capacity"]}


READ: Mapping[str, Callable[[Cells], dict[str, str]]] = {
    "hospitals": hospital,
    "stations": station,
}


def _name(cells: Cells) -> str:
    """The models write it name, Name or NAME."""
    return next((text.strip() for key, text in cells.items() if key.lower() == "name"), "")


def _head(cells: Cells, letter: str, name: str) -> dict[str, str]:
    return {
        "code": f"{letter}{cells['index'].strip().zfill(2)}",
        "name_en": name,
        "name_zh": "",
        "lat": cells["y"],
        "lon": cells["x"],
    }
