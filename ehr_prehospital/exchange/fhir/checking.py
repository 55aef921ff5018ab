"""A resource against a definition: cardinalities, fixed values, slices, required bindings."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ehr_prehospital.exchange.fhir.definitions import BASE, Json, Node, tree, value_sets
from ehr_prehospital.exchange.report import Finding

# Types that end the way down: values of their own, or resources that are checked by themselves.
LEAVES = frozenset({"Resource", "xhtml", "Extension", "Narrative"})


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks against the definitions of one folder."""

    standards: Path

    def against(self, node: Node, value: Json, where: str) -> Iterator[Finding]:
        """Everything that an element's definition says of what is in it."""
        for name, child in node.children.items():
            if not child.least and not any(
                key in value or f"_{key}" in value for key in child.keys(name)
            ):
                continue
            for kind, found in named(value, name):
                path = f"{where}.{kind or name}"
                yield from self.counted(child, found, path)
                yield from self.each(child, found, path, kind)

    def counted(self, child: Node, found: list[Any], path: str) -> Iterator[Finding]:
        if len(found) < child.least:
            yield Finding(
                "error", "min", f"at least {child.least} wanted, {len(found)} found", path
            )
        if child.most is not None and len(found) > child.most:
            yield Finding("error", "max", f"at most {child.most} allowed, {len(found)} found", path)
        if child.slices:
            yield from self.sliced(child, found, path)

    def each(self, child: Node, found: list[Any], path: str, kind: str) -> Iterator[Finding]:
        for number, one in enumerate(found):
            at = f"{path}[{number}]" if len(found) > 1 else path
            if child.wanted and not same(child.wanted, one):
                text = f"must be {child.wanted[1]}"
                yield Finding("error", child.wanted[0], text, at)
            if child.value_set:
                yield from self.bound(child.value_set, one, at)
            if isinstance(one, dict):
                yield from self.against(self.inside(child, kind), one, at)

    def inside(self, child: Node, kind: str) -> Node:
        """What stands in it: its own elements, else those of its data type."""
        if child.children:
            return child
        types = [one for one in child.types if one[0].isupper()]
        name = kind_of(kind, child) if kind else (types[0] if len(types) == 1 else "")
        if not name or name in LEAVES:
            return Node({})
        return tree(self.standards, f"{BASE}{name}") or Node({})

    def sliced(self, child: Node, found: list[Any], path: str) -> Iterator[Finding]:
        """Each value belongs to the first slice whose marks it has."""
        rest = list(found)
        for name, one in child.slices.items():
            marks = [*discriminated(child, one)]
            if not marks:
                continue
            mine = [value for value in rest if all(marked(value, *mark) for mark in marks)]
            rest = [value for value in rest if not any(value is taken for taken in mine)]
            yield from self.counted(one, mine, f"{path}:{name}")
            yield from self.each(one, mine, f"{path}:{name}", "")

    def bound(self, url: str, value: Any, path: str) -> Iterator[Finding]:
        """A code, a coding or a concept whose value set is required and known."""
        allowed = value_sets(self.standards).get(url)
        if allowed is None:
            return
        codes = list(codes_in(value))
        if codes and not any(
            any(code == one and (not system or system == of) for of, one in allowed)
            for system, code in codes
        ):
            yield Finding("error", "binding", f"{codes[0][1]} is not in {url}", path)


def named(value: Json, name: str) -> Iterator[tuple[str, list[Any]]]:
    """(key that was chosen, the values) of an element; a primitive may have only its extension."""
    if not name.endswith("[x]"):
        found = listed(value.get(name))
        if not found and (beside := listed(value.get(f"_{name}"))):
            found = [None for _one in beside]
        yield "", found
        return
    stem = name.removesuffix("[x]")
    keys = [
        key for key in value if key.startswith(stem) and key[len(stem) : len(stem) + 1].isupper()
    ]
    hidden = [key for key in value if key.startswith(f"_{stem}")]
    if not keys:
        yield "", [None for _one in hidden]
    for key in keys:
        yield key, listed(value[key])


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def kind_of(key: str, child: Node) -> str:
    """The data type that a choice has taken: valueQuantity is a Quantity."""
    for one in child.types:
        if key.endswith(one[0].upper() + one[1:]) and one[0].isupper():
            return one
    return ""


def same(wanted: tuple[str, Any], value: Any) -> bool:
    """Equal to a fixed value, or with everything that a pattern has."""
    kind, model = wanted
    if value is None:
        return True
    return bool(value == model) if kind == "fixed" else covers(value, model)


def covers(value: Any, model: Any) -> bool:
    if isinstance(model, dict):
        return isinstance(value, dict) and all(
            name in value and covers(value[name], part) for name, part in model.items()
        )
    if isinstance(model, list):
        return isinstance(value, list) and all(
            any(covers(one, part) for one in value) for part in model
        )
    return bool(value == model)


def discriminated(child: Node, one: Node) -> Iterator[tuple[list[str], tuple[str, Any]]]:
    """(path, fixed or pattern) that marks a slice; nothing where it is marked in another way."""
    for mark in child.definition.get("slicing", {}).get("discriminator", ()):
        if mark["type"] not in ("value", "pattern"):
            return
        path = [] if mark["path"] == "$this" else mark["path"].split(".")
        yield from marks_at(one, path, path)


def marks_at(
    node: Node, path: list[str], whole: list[str]
) -> Iterator[tuple[list[str], tuple[str, Any]]]:
    if node.wanted:
        yield whole[: len(whole) - len(path)], node.wanted
    elif path and path[0] in node.children:
        yield from marks_at(node.children[path[0]], path[1:], whole)
    elif not path:
        for name, child in node.children.items():
            if child.wanted or child.children:
                yield from marks_at(child, [], [*whole, name])


def marked(value: Any, path: list[str], wanted: tuple[str, Any]) -> bool:
    if not path:
        return same(wanted, value) and value is not None
    parts = listed(value.get(path[0])) if isinstance(value, dict) else []
    return any(marked(part, path[1:], wanted) for part in parts)


def codes_in(value: Any) -> Iterator[tuple[str, str]]:
    """(system, code) of a code, a Coding, a Quantity or a CodeableConcept."""
    if isinstance(value, str):
        yield "", value
    elif isinstance(value, dict):
        for one in value.get("coding", [value]):
            if isinstance(one, dict) and isinstance(one.get("code"), str):
                yield str(one.get("system", "")), one["code"]
