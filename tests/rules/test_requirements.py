"""Whatever the code imports is declared: a fresh machine has nothing that nobody asked for."""

import ast
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from config.env import ROOT

OURS = {"ambulance_agent", "config", "dispatch", "ehr_prehospital", "tests"}
# Part of what another package is for, at the version that it chooses.
COMES_WITH = {"asgiref": "django", "autobahn": "daphne", "redis": "channels-redis"}
FOLDERS = {
    "agent": ["ambulance_agent"],
    "server": ["config", "dispatch", "ehr_prehospital"],
    "dev": ["tests"],
}


def declared(name: str) -> set[str]:
    """The packages of a requirements file and of those that it stands on."""
    packages = set[str]()
    for line in (ROOT / "requirements" / f"{name}.in").read_text().splitlines():
        if below := re.fullmatch(r"-r (\w+)\.in", line):
            packages |= declared(below[1])
        elif found := re.match(r"[\w-]+", line):
            packages.add(found[0].lower())
    return packages


@cache
def distributions() -> Mapping[str, list[str]]:
    """Module → packages; every installed one is opened for that."""
    return packages_distributions()


def plain_name(package: str) -> str:
    """As package indexes compare names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()


def imported(folder: str) -> set[str]:
    modules = set[str]()
    for path in (ROOT / folder).rglob("*.py"):
        typing_only = set[ast.AST]()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                typing_only |= {inner for line in node.body for inner in ast.walk(line)}
            elif node in typing_only:
                continue
            elif isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules.add((node.module or "").split(".")[0])
    return modules - OURS - sys.stdlib_module_names


@pytest.mark.parametrize("name", FOLDERS)
def test_every_import_is_declared(name: str) -> None:
    modules = set[str]().union(*(imported(folder) for folder in FOLDERS[name]))
    of_module = distributions()

    undeclared = {
        module
        for module in modules
        if not {COMES_WITH.get(p, p) for p in map(plain_name, of_module[module])} & declared(name)
    }

    assert modules
    assert undeclared == set()
