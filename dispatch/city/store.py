"""The files of an imported city: one folder per version, written once, never changed.

`<state>/city/<version>/` holds graph.npz, basemap.pmtiles and city.json; for the
demonstration also demand.csv. Which version counts is said by the database alone.
"""

import hashlib
import json
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CityFolder:
    path: Path

    @property
    def graph(self) -> Path:
        return self.path / "graph.npz"

    @property
    def basemap(self) -> Path:
        return self.path / "basemap.pmtiles"

    @property
    def facts(self) -> Path:
        return self.path / "city.json"

    @property
    def demand(self) -> Path:
        """Where people are, for simulated calls; only the demonstration city has it."""
        return self.path / "demand.csv"


@dataclass(frozen=True, slots=True)
class CityFacts:
    """What city.json says. `bounds` is west, south, east, north; `centre` lon, lat."""

    name_en: str
    name_zh: str
    version: str
    bounds: tuple[float, float, float, float]
    centre: tuple[float, float]
    source: str
    attribution: str
    seed: int | None = None

    def write(self, folder: CityFolder) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        folder.facts.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: CityFolder) -> "CityFacts":
        stored = json.loads(folder.facts.read_text(encoding="utf-8"))
        stored["bounds"], stored["centre"] = tuple(stored["bounds"]), tuple(stored["centre"])
        return cls(**stored)


def cities_dir(state_dir: Path) -> Path:
    return state_dir / "city"


def folder_of(state_dir: Path, version: str) -> CityFolder:
    return CityFolder(cities_dir(state_dir) / version)


def content_mark(extract: Path) -> str:
    """What a version's name ends with; two extracts with the same bytes have the same."""
    digest = hashlib.sha256()
    with extract.open("rb") as source:
        while block := source.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:8]


def prune(state_dir: Path, keep: Collection[str]) -> None:
    """Remove the folders of all other versions, half-made ones included."""
    root = cities_dir(state_dir)
    for path in root.iterdir() if root.is_dir() else ():
        if path.is_dir() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)
