"""The words of a replay's command line: read, or refused in a sentence."""

from argparse import ArgumentTypeError
from datetime import datetime
from pathlib import Path


def pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ArgumentTypeError(f"“{text}” is not COLUMN=VALUE")
    return name.strip(), value.strip()


def two_names(text: str) -> tuple[str, str]:
    names = [name.strip() for name in text.split(",")]
    if len(names) != 2 or not all(names):
        raise ArgumentTypeError(f"“{text}” is not two columns: LAT,LON")
    return names[0], names[1]


def priorities(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in text.split(","):
        value, equals, level = part.strip().rpartition("=")
        if not equals or value in found:
            raise ArgumentTypeError(f"“{part}” is not VALUE=PRIORITY, each value once")
        found[value] = priority(level)
    return found


def priority(text: str) -> int:
    if text.strip() not in {"1", "2", "3", "4", "5"}:
        raise ArgumentTypeError(f"“{text}” is no priority from 1 to 5")
    return int(text)


def moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as wrong:
        raise ArgumentTypeError(f"“{text}” is no time like 2020-03-03 16:00") from wrong


def not_negative(text: str) -> float:
    try:
        number = float(text)
    except ValueError as wrong:
        raise ArgumentTypeError(f"“{text}” is no number") from wrong
    if not 0 <= number < float("inf"):
        raise ArgumentTypeError(f"“{text}” must not be negative")
    return number


def positive(text: str) -> float:
    if not_negative(text) == 0:
        raise ArgumentTypeError(f"“{text}” must be more than 0")
    return float(text)


def count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is no count from 1")
    return int(text)


def report_path(text: str) -> Path:
    path = Path(text)
    if path.suffix not in {".json", ".md"}:
        raise ArgumentTypeError(f"“{text}” must end in .json or .md")
    if not path.absolute().parent.is_dir():
        raise ArgumentTypeError(f"there is no folder {path.absolute().parent}")
    return path
