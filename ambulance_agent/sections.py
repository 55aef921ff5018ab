"""Reads TOML tables and collects every mistake instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID


class Section:
    """One table. A reader that meets a mistake notes it and returns a stand-in of the type."""

    def __init__(self, title: str, table: object, mistakes: list[str], folder: Path) -> None:
        self.title = title
        self.folder = folder
        self._mistakes = mistakes
        # TOML values are of any type until the readers below have looked at them.
        self._table: dict[str, Any] = table if isinstance(table, dict) else {}
        if table is not None and not isinstance(table, dict):
            mistakes.append(f"[{title}] must be a table")
        self._known: set[str] = set()

    def mistake(self, key: str, words: str) -> None:
        self._mistakes.append(f"[{self.title}] {key} {words}")

    def has(self, key: str) -> bool:
        return key in self._table

    def tables(self) -> list[tuple[str, Section]]:
        """The tables in this one, by their names; each is read and closed by the caller."""
        names = [name for name, value in self._table.items() if isinstance(value, dict)]
        self._known.update(names)
        return [
            (name, Section(f"{self.title}.{name}", self._table[name], self._mistakes, self.folder))
            for name in names
        ]

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.mistake(key, "must be a text that is not empty")
            return ""
        return value.strip()

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value and value not in choices:
            self.mistake(key, f'is "{value}", but must be one of {", ".join(choices)}')
        return value

    def number(self, key: str, default: float | None, *, low: float, high: float) -> float:
        value = self._take(key, default)
        if value is None:
            return low
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.mistake(key, "must be a number")
            return low
        if not low <= value <= high:
            self.mistake(key, f"is {value}, but must be between {low:g} and {high:g}")
            return low
        return float(value)

    def whole(self, key: str, default: int | None, *, low: int, high: int) -> int:
        value = self.number(key, default, low=low, high=high)
        if value != int(value):
            self.mistake(key, "must be a whole number")
        return int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            self.mistake(key, "must be true or false")
            return default
        return value

    def identifier(self, key: str) -> UUID:
        value = self.text(key)
        try:
            return UUID(value)
        except ValueError:
            if value:
                self.mistake(key, "must be a UUID")
            return UUID(int=0)

    def lon_lat(self, key: str) -> tuple[float, float]:
        value = self._take(key, None)
        numbers = isinstance(value, list) and all(
            isinstance(part, int | float) and not isinstance(part, bool) for part in value
        )
        if value is None:
            return 0.0, 0.0
        if not numbers or len(value) != 2 or abs(value[0]) > 180 or abs(value[1]) > 90:
            self.mistake(key, "must be [longitude, latitude] in degrees")
            return 0.0, 0.0
        return float(value[0]), float(value[1])

    def host_port(self, key: str, default: str | None = None) -> tuple[str, int]:
        value = self.text(key, default)
        host, colon, port = value.rpartition(":")
        if not (colon and host and port.isdecimal() and int(port) < 65536):
            if value or default is not None:
                self.mistake(key, "must be host:port, for example localhost:2947")
            return "", 0
        return host.strip("[]"), int(port)

    def path(self, key: str, default: str | None = None, *, must_exist: bool = False) -> Path:
        """Relative to the folder of the settings file."""
        value = self.text(key, default)
        path = self.folder / Path(value).expanduser()
        if value and must_exist and not path.is_file():
            self.mistake(key, f"names {path}, which is not a file")
        return path

    def exactly_one(self, *keys: str) -> str:
        present = [key for key in keys if key in self._table]
        if len(present) != 1:
            self._known.update(present)
            self._mistakes.append(f"[{self.title}] needs exactly one of {', '.join(keys)}")
            return ""
        return present[0]

    def done(self) -> None:
        for key in sorted(self._table.keys() - self._known):
            self.mistake(key, "is not a setting that exists here")

    def _take(self, key: str, default: object) -> Any:  # any TOML value
        self._known.add(key)
        if key not in self._table and default is None:
            self.mistake(key, "is missing")
        return self._table.get(key, default)
