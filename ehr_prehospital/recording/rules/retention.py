"""How long a recording is kept, and whether it may be dropped. No clock: `now` is passed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dispatch import sources


@dataclass(frozen=True, slots=True)
class Keeping:
    """A class of recordings."""

    code: str
    en: str
    zh: str
    cameras: frozenset[str]
    keep: timedelta
    source: str
    checked: str


def read_retention(file: Path) -> Mapping[str, Keeping]:
    """The classes of a file, by code. Raises ValueError with what is wrong with it."""
    classes: dict[str, Keeping] = {}
    seen: set[str] = set()
    for code, row in sources.read(file).get("class", {}).items():
        cameras = frozenset(row["cameras"])
        if seen & cameras or not cameras:
            raise ValueError(f"{file}: {code}: a camera belongs to one class")
        if not isinstance(row["keep_days"], int) or row["keep_days"] < 1:
            raise ValueError(f"{file}: {code}: keep_days is a whole number of days, at least 1")
        seen |= cameras
        classes[code] = Keeping(
            code, row["en"], row["zh"], cameras, timedelta(days=row["keep_days"]),
            row["source"], row["checked"],
        )  # fmt: skip
    if not classes:
        raise ValueError(f"{file}: no class")
    return classes


def class_of(camera: str, classes: Mapping[str, Keeping]) -> Keeping:
    """The class of a camera; of one that no class names, the one that is kept longest."""
    named = (one for one in classes.values() if camera in one.cameras)
    return next(named, max(classes.values(), key=lambda one: one.keep))


def due_at(*, ended_at: datetime, keeping: Keeping) -> datetime:
    return ended_at + keeping.keep


def may_drop(*, ended_at: datetime, keeping: Keeping, held: bool, now: datetime) -> bool:
    """A hold wins over every date."""
    return not held and now >= due_at(ended_at=ended_at, keeping=keeping)
