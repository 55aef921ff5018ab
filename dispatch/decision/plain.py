"""Frozen dataclasses as JSON and back: what a decision was given and gave."""

from typing import TYPE_CHECKING, TypeVar, cast

import msgspec

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Json = dict[str, object]
T = TypeVar("T")


def plain(row: "DataclassInstance") -> Json:
    """A frozen dataclass as JSON: ids and times as strings, sets in order."""
    return cast(Json, msgspec.to_builtins(row, order="deterministic"))


def again(row: object, kind: type[T]) -> T:
    """The dataclass that `plain` wrote; fields that it did not know then have their defaults."""
    return msgspec.convert(row, kind, strict=False)
