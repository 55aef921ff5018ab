"""Frozen dataclasses and structs as JSON and back: what a decision was given and gave."""

from collections.abc import Sequence
from json import JSONEncoder
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar, cast

import msgspec

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Json = dict[str, object]
T = TypeVar("T")


def plain(row: "DataclassInstance | msgspec.Struct") -> Json:
    """A frozen dataclass or a struct as JSON: ids and times as strings, sets in order."""
    return cast(Json, msgspec.to_builtins(row, order="deterministic"))


def again(row: object, kind: type[T]) -> T:
    """The dataclass that `plain` wrote; fields that it did not know then have their defaults."""
    return msgspec.convert(row, kind, strict=False)


def every_plain(rows: Sequence[msgspec.Struct]) -> list[Json]:
    """Each as `plain` does."""
    return cast(list[Json], msgspec.to_builtins(rows, order="deterministic"))


def columns(rows: Sequence[msgspec.Struct]) -> Json:
    """Rows of one class with its field names said once: a thousand take a third of the room.

    The values are as they are in the rows: for a field that is written by `Compact`.
    """
    names = list(rows[0].__struct_fields__) if rows else []
    return {"columns": names, "rows": list(map(attrgetter(*names), rows)) if rows else []}


class Compact(JSONEncoder):
    """Writes ids, times and structs as they are, in a tenth of the time of the usual encoder."""

    def encode(self, o: object) -> str:
        return msgspec.json.encode(o, order="deterministic").decode()


def rows_again(stored: Json | Sequence[object], kind: type[T]) -> list[T]:
    """What `columns` wrote, or `plain` for each; fields unknown then have their defaults."""
    if isinstance(stored, dict):
        names, values = cast(list[str], stored["columns"]), cast(list[list[object]], stored["rows"])
        stored = [dict(zip(names, row, strict=True)) for row in values]
    return msgspec.convert(stored, list[kind], strict=False)  # type: ignore[valid-type]
