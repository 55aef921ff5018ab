"""structure.txt: every section, group and element of the data set, in the order of a document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("structure.txt")
REPORT = "PatientCareReport"
# They repeat in a document, but there is one of each around a record.
AROUND = ("Header", REPORT)


@dataclass(frozen=True, slots=True)
class Node:
    """A section, a group or an element, with what stands in it.

    `scope` is the innermost group around it that repeats, itself included; "" where it can
    only stand once in a report. `nv`: it may have a reason instead of a value.
    """

    name: str
    least: int
    repeats: bool
    scope: str
    nv: bool
    longest: int | None
    digits: int
    attributes: tuple[str, ...]
    inner: tuple["Node", ...]

    @property
    def is_element(self) -> bool:
        return not self.inner

    def walk(self) -> Iterator["Node"]:
        yield self
        for node in self.inner:
            yield from node.walk()


@cache
def report() -> Node:
    """The report of one patient: what a record becomes."""
    return next(node for node in data_set().walk() if node.name == REPORT)


@cache
def nodes() -> Mapping[str, Node]:
    """Name → node, of everything in a report."""
    return {node.name: node for node in report().walk()}


@cache
def outer() -> Mapping[str, str]:
    """Group that repeats → the group that repeats around it, "" where there is none."""
    return {inner.name: node.scope for node in report().walk() for inner in node.inner}


@cache
def data_set() -> Node:
    rows = [
        line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    return tree(rows, 0, "")[0]


def tree(rows: list[str], start: int, scope: str) -> tuple[Node, int]:
    """The node of a line with everything below it, and the line behind."""
    row = rows[start]
    depth = level(row)
    node = node_in(row, scope)
    inner = []
    at = start + 1
    while at < len(rows) and level(rows[at]) > depth:
        child, at = tree(rows, at, node.scope)
        inner.append(child)
    # An element that repeats is a list, not a scope: the scope is the group around it.
    return replace(node, inner=tuple(inner), scope=node.scope if inner else scope), at


def level(row: str) -> int:
    return len(row) - len(row.lstrip())


def node_in(row: str, scope: str) -> Node:
    name, occurs, *words = row.split()
    least, _dots, most = occurs.partition("..")
    limits = dict(word.split("=") for word in words if "=" in word)
    repeats = most == "n"
    return Node(
        name=name,
        least=int(least),
        repeats=repeats,
        scope=name if repeats and name not in AROUND else scope,
        nv=bool({"nv", "nv5"} & set(words)),
        longest=int(limits["longest"]) if "longest" in limits else None,
        digits=int(limits.get("digits", 0)),
        attributes=tuple(word[1:] for word in words if word.startswith("@")),
        inner=(),
    )
