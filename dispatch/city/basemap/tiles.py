"""Reads tiles out of the base map's file; one open file per process and city version."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression


@dataclass(frozen=True, slots=True)
class Tile:
    content: bytes
    gzipped: bool


class _Archive(Protocol):
    """The part of the reader that is used here; the package has no types."""

    def get(self, z: int, x: int, y: int) -> bytes | None: ...

    def header(self) -> dict[str, object]: ...


def tile_at(file: Path, z: int, x: int, y: int) -> Tile | None:
    """One vector tile; None where the city has nothing. Raises FileNotFoundError."""
    archive, gzipped = _opened(file)
    content = archive.get(z, x, y)
    return Tile(content, gzipped) if content else None


@lru_cache(maxsize=4)
def _opened(file: Path) -> tuple[_Archive, bool]:
    """A version's file never changes, so its mapping is kept as long as the process lives."""
    with file.open("rb") as source:
        archive: _Archive = Reader(MmapSource(source))  # type: ignore[no-untyped-call]
    return archive, archive.header()["tile_compression"] == Compression.GZIP
