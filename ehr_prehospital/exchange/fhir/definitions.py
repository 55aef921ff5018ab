"""The official StructureDefinitions as trees: what may stand in a resource, how often, and which.

They are read from the folder of the official files; nothing of them is part of this repository.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

BASE = "http://hl7.org/fhir/StructureDefinition/"
# Where profiles stand, under the folder of the official files.
FOLDERS = (
    "fhir-r4/structuredefinitions",
    "ihe-mpsc/conformance",
    "ch-ems/conformance",
    "fhir-subscriptions-backport/conformance",
    "ihe-mhd/conformance",
)

# Any: JSON.
Json = dict[str, Any]


@dataclass
class Node:
    """An element of a definition, with the elements in it and the slices of it."""

    definition: Json
    children: dict[str, "Node"] = field(default_factory=dict)
    slices: dict[str, "Node"] = field(default_factory=dict)

    @cached_property
    def least(self) -> int:
        return int(self.definition.get("min", 0))

    @cached_property
    def most(self) -> int | None:
        most = self.definition.get("max", "*")
        return None if most == "*" else int(most)

    @cached_property
    def wanted(self) -> tuple[str, Any] | None:
        """("fixed" or "pattern", the value) that an element must have."""
        for name, value in self.definition.items():
            for kind in ("fixed", "pattern"):
                if name.startswith(kind):
                    return kind, value
        return None

    @cached_property
    def types(self) -> list[str]:
        return [one["code"] for one in self.definition.get("type", ())]

    @cached_property
    def value_set(self) -> str:
        """Of a required binding, without its version; "" for none."""
        binding = self.definition.get("binding", {})
        if binding.get("strength") != "required":
            return ""
        return str(binding.get("valueSet", "")).partition("|")[0]

    @cached_property
    def rules(self) -> tuple[Json, ...]:
        """The invariants whose breaking is an error."""
        return tuple(
            one
            for one in self.definition.get("constraint", ())
            if one.get("severity") == "error" and "expression" in one
        )

    def keys(self, name: str) -> tuple[str, ...]:
        """The names under which an element may stand in JSON: value[x] is valueQuantity…"""
        if not name.endswith("[x]"):
            return (name,)
        stem = name.removesuffix("[x]")
        return tuple(f"{stem}{one[0].upper()}{one[1:]}" for one in self.types)


@cache
def trees(standards: Path) -> Mapping[str, Path]:
    """URL of a definition → its file."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for file in sorted((standards / folder).glob("*.json")):
            if folder.startswith("fhir-r4"):
                found[f"{BASE}{file.stem}"] = file
            elif file.name.startswith("StructureDefinition-"):
                found[json.loads(file.read_text(encoding="utf-8"))["url"]] = file
    return found


@cache
def tree(standards: Path, url: str) -> Node | None:
    """The snapshot of a definition; None for one that is not there."""
    file = trees(standards).get(url.partition("|")[0])
    if file is None:
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    rows = content.get("snapshot", {}).get("element", [])
    if not rows:
        return None
    root = Node(rows[0])
    for row in rows[1:]:
        place(root, row["id"].split(".")[1:], row)
    return root


def place(root: Node, steps: list[str], row: Json) -> None:
    node = root
    for step in steps[:-1]:
        name, _colon, slice_name = step.partition(":")
        node = node.children.setdefault(name, Node({}))
        if slice_name:
            node = node.slices.setdefault(slice_name, Node({}))
    name, _colon, slice_name = steps[-1].partition(":")
    if not slice_name:
        there = node.children.setdefault(name, Node({}))
        there.definition = row
        return
    there = node.children.setdefault(name, Node({})).slices.setdefault(slice_name, Node({}))
    there.definition = row


@cache
def value_sets(standards: Path) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Value sets of required bindings → their (system, code) pairs."""
    file = standards / "fhir-r4" / "required-bindings.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    return {
        url: frozenset((system, code) for system, code in codes)
        for url, codes in content["valueSets"].items()
    }
