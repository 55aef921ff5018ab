"""The documents say what the code says: tables, names, links, settings, dependencies."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from config import env, exchange_table, record_table, source_table, tables

ROOT = env.ROOT
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")],
    key=lambda page: page.relative_to(ROOT).as_posix(),
)
# `dispatch/calls/actions.py` → `answer_call`, `attach_call`
STEP = re.compile(r"`([\w/.-]+\.(?:py|js))`\s+→\s+((?:`\w+`(?:,\s+)?)+)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A file or folder of ours, named by its path.
OURS = re.compile(
    r"`((?:ambulance_agent|config|dispatch|docs|ehr_prehospital|requirements|static|templates|tests)"
    r"/[\w/.-]+)`"
)
# Made by the set-up or by a first run.
MADE = ("static/vendor",)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def steps() -> Iterator[tuple[str, str, str]]:
    for page in PAGES:
        for path, names in STEP.findall(page.read_text(encoding="utf-8")):
            for name in re.findall(r"\w+", names):
                yield name_of(page), path, name


def anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("printed", [tables, record_table, source_table, exchange_table])
def test_the_printed_tables_are_those_of_the_rules(printed: ModuleType) -> None:
    assert printed.PAGE.read_text(encoding="utf-8") == printed.page(), (
        "run: python manage.py print_tables"
    )


@pytest.mark.parametrize(("page", "path", "name"), sorted(set(steps())))
def test_every_step_of_a_walk_is_in_the_code(page: str, path: str, name: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")

    kind = r"(?:export\s+)?(?:async\s+)?(?:def|class|function|const)\s+"
    defined = rf"^\s*{kind}{name}\b|^{name}\s*="
    assert re.search(defined, text, re.MULTILINE), f"{page}: {path} has no {name}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_and_link_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    named = [path.rstrip("/") for path in OURS.findall(text)]
    assert [
        path for path in named if not path.startswith(MADE) and not (ROOT / path).exists()
    ] == []
    for target in LINK.findall(text):
        path, _, anchor = target.partition("#")
        if "://" in target or path.endswith(".png"):
            continue
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name_of(page)} links to {target}"
        assert not anchor or anchor in anchors(there), f"{name_of(page)} links to {target}"


def test_every_setting_is_explained_to_the_operator() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", text, re.MULTILINE))

    assert explained == {*env._NAMES, "DATABASE_URL", "CHANNEL_URL"}


def test_every_dependency_has_its_reason_and_licence() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    wanted = set(json.loads((ROOT / "package.json").read_text())["dependencies"])
    for file in (ROOT / "requirements").glob("*.in"):
        wanted |= set(re.findall(r"^([a-z][\w-]*)", file.read_text(), re.MULTILINE))

    rows = re.findall(r"^\| ([^|]+) \| [^|]{8,} \| [^|]+ \|$", text, re.MULTILINE)
    named = {name.split(" ")[0] for row in rows for name in row.split(", ")}
    assert wanted - named == set()


# Everything of static but vendor, which is not ours.
SCRIPTS = (
    "static/consult",
    "static/dispatcher",
    "static/emergency_department",
    "static/shared",
    "static/tablet",
)


def test_every_word_of_the_glossary_is_in_the_code() -> None:
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    code = {
        word
        for folder in ("ambulance_agent", "config", "dispatch", "ehr_prehospital", *SCRIPTS)
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".toml", ".js"}
        for word in (file.name, *re.findall(r"\w+", file.read_text(encoding="utf-8")))
    }
    rows = re.findall(r"^\|[^|]+\|[^|]+\|([^|]+)\|", text, re.MULTILINE)
    words = {word for row in rows for word in re.findall(r"`([^`]+)`", row)}

    last = {
        word if word.endswith((".py", ".toml", ".js")) else word.split(".")[-1] for word in words
    }
    assert last - code == set()
