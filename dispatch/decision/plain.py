"""Frozen dataclasses as JSON and back: what a decision was given and gave."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import msgspec

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Json = dict[str, object]
T = TypeVar("T")


def plain(row: "DataclassInstance") -> Json:
    """A frozen dataclass as JSON: ids and times as strings."""
    return {key: _value(value) for key, value in asdict(row).items()}


def _value(value: object) -> object:
    match value:
        case StrEnum() | UUID():
            return str(value)
        case datetime():
            return value.isoformat()
        case tuple() | list() | frozenset():
            items = [_value(item) for item in value]
            return sorted(items, key=str) if isinstance(value, frozenset) else items
        case Mapping():
            return {str(key): _value(item) for key, item in value.items()}
        case _:
            return value


def again(row: object, kind: type[T]) -> T:
    """The dataclass that `plain` wrote; fields that it did not know then have their defaults."""
    return msgspec.convert(row, kind, strict=False)
