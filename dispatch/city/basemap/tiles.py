"""Reads tiles out of the base map's file; one open file per process and city version."""

import mmap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pmtiles import tile as pmtiles

_HEADER_BYTES = 127
# The format allows no deeper tree of directories.
_MAX_DEPTH = 4
# Of some 4,000 tiles each: a screen's surroundings, not the whole country.
_KEPT_DIRECTORIES = 32


@dataclass(frozen=True, slots=True)
class Tile:
    content: bytes
    gzipped: bool


def tile_at(file: Path, z: int, x: int, y: int) -> Tile | None:
    """One vector tile; None where the city has nothing. Raises FileNotFoundError."""
    return _opened(file).tile(z, x, y)


class _Archive:
    """One file, mapped. The package's own reader parses a directory anew for every tile,
    which took several milliseconds; here the directories used last stay in memory.
    """

    def __init__(self, file: Path) -> None:
        with file.open("rb") as source:
            self._bytes = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        self._header = pmtiles.deserialize_header(self._bytes[:_HEADER_BYTES])
        self._gzipped = self._header["tile_compression"] == pmtiles.Compression.GZIP
        self._directory = lru_cache(_KEPT_DIRECTORIES)(self._parse)

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        wanted = pmtiles.zxy_to_tileid(z, x, y)
        start, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(_MAX_DEPTH):
            entry = pmtiles.find_tile(self._directory(start, length), wanted)
            if entry is None:
                return None
            if entry.run_length:
                start = self._header["tile_data_offset"] + entry.offset
                return Tile(self._bytes[start : start + entry.length], self._gzipped)
            start = self._header["leaf_directory_offset"] + entry.offset
            length = entry.length
        return None

    def _parse(self, start: int, length: int) -> list[pmtiles.Entry]:
        return pmtiles.deserialize_directory(self._bytes[start : start + length])


@lru_cache(maxsize=4)
def _opened(file: Path) -> _Archive:
    """A version's file never changes, so its mapping is kept as long as the process lives."""
    return _Archive(file)
