"""The index of a film whatever its kind: where its stretches stand, and when they begin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ehr_prehospital.recording.rules import movie, webm

Read = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Film:
    """Stretches that lie one after the other, behind `init` bytes that a player needs first."""

    init: int = 0
    fragments: tuple[movie.Fragment, ...] = ()

    @property
    def duration_ms(self) -> int:
        return max((one.start_ms + one.duration_ms for one in self.fragments), default=0)

    def as_columns(self) -> dict[str, object]:
        """As the database and a player have it; `from` is where each begins in the file."""
        return {
            "init": self.init,
            "at": [one.start_ms for one in self.fragments],
            "ms": [one.duration_ms for one in self.fragments],
            "from": [one.offset for one in self.fragments],
            "bytes": [one.bytes for one in self.fragments],
            "key": [int(one.key) for one in self.fragments],
        }


def index_of(mime: str, read: Read, size: int) -> Film:
    """Empty where nobody can read it: the bytes are kept and proven all the same."""
    try:
        if mime.lower().startswith("video/mp4"):
            found = movie.movie_of(read, size)
            return Film(found.init_bytes, found.fragments)
        if mime.lower().startswith("video/webm"):
            return Film(*webm.clusters_of(read, size))
    except (movie.Unreadable, IndexError):
        return Film()
    return Film()


def film_from(columns: Mapping[str, Any]) -> Film:  # Any: numbers and lists of them, as JSON
    """What `as_columns` gave; nothing for nothing."""
    if not columns:
        return Film()
    rows = zip(*(columns[name] for name in ("from", "bytes", "at", "ms", "key")), strict=True)
    return Film(
        columns["init"],
        tuple(
            movie.Fragment(offset, length, start, duration, bool(key))
            for offset, length, start, duration, key in rows
        ),
    )
