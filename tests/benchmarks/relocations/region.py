"""A region as files: travel times between its zones, their population, bases and hospitals."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dispatch.decision.rules.coverage import Floats

# Without a list of hospitals so many of the most populous zones have one.
HOSPITALS = 9


class NoRegion(ValueError):
    """The folder does not hold what a region needs; says what."""


@dataclass(frozen=True)
class Region:
    """`siren_s[from, to]` seconds with siren; bases and hospitals are rows of zones."""

    name: str
    zones: tuple[str, ...]
    siren_s: Floats
    population: Floats
    # None where the region names none: then the best zones are its bases.
    bases: tuple[int, ...] | None
    hospitals: tuple[int, ...]


def read_region(folder: Path, prefix: str = "") -> Region:
    """Of `*travel-seconds.csv[.gz]`, `*population.csv` and, if there, stations and hospitals.

    `prefix` chooses among several regions in one folder (rav09).
    """
    matrix = _one(folder, f"{prefix}*travel-seconds.csv*")
    people = _one(folder, f"{prefix}*population.csv")
    head, *rows = _rows(matrix)
    zones = tuple(head[1:])
    known = {row[0]: float(row[1]) for row in _rows(people)[1:]}
    missing = set(zones) - known.keys()
    if missing:
        raise NoRegion(f"{people} has no population of {', '.join(sorted(missing)[:5])}")
    place = {zone: index for index, zone in enumerate(zones)}
    population = np.array([known[zone] for zone in zones])
    times = np.array([[float(cell) if cell else np.inf for cell in row[1:]] for row in rows])
    if times.shape != (len(zones), len(zones)):
        raise NoRegion(f"{matrix} is no square of {len(zones)} zones")
    bases = _placed(folder, "stations.csv", "PC_4", place)
    hospitals = _placed(folder, "hospitals.csv", "PC", place)
    crowded = tuple(int(zone) for zone in np.argsort(-population)[:HOSPITALS])
    return Region(matrix.name.partition("-")[0], zones, times, population, bases,
                  hospitals or crowded)  # fmt: skip


def _one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise NoRegion(f"{folder}: {len(found)} files are {pattern}, one is wanted (--prefix)")
    return found[0]


def _rows(path: Path) -> list[list[str]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [row for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))) if row]


def _placed(folder: Path, name: str, column: str, place: dict[str, int]) -> tuple[int, ...] | None:
    """The zones of a list that lies in the folder or in one below; None without any there."""
    for path in [folder / name, *sorted(folder.glob(f"*/{name}"))]:
        if path.exists():
            head, *rows = [row for row in _rows(path) if len([cell for cell in row if cell]) > 2]
            at = head.index(column) if column in head else head.index("PC")
            found = tuple(place[row[at][:4]] for row in rows if row[at][:4] in place)
            return found or None
    return None
