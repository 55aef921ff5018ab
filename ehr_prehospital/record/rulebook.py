"""The completeness rules as rules.toml and the catalogue give them: data, read once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from ehr_prehospital.record.catalogue import Element, Level, elements

RULES_FILE = Path(__file__).with_name("rules.toml")
OFFICIAL = "nemSch_"
SCHEMATRON = "NEMSIS v3.5.1 Schematron"
DICTIONARY = "NEMSIS v3.5.1 data dictionary"
OURS = "Onboard"
NAMED = re.compile(r"\{([a-z_]+\.[a-z0-9_]+)\}")


class Must(StrEnum):
    """What a rule asks of its element; rules.toml says each in a sentence."""

    RECORDED = "recorded"
    EMPTY = "empty"
    ONE_OF = "one_of"
    ALONE = "alone"
    NOT_BOTH = "not_both"
    NOT_BEFORE = "not_before"
    NOT_FUTURE = "not_future"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something about one element; exactly one of the three is said."""

    element: str
    among: tuple[str, ...] = ()
    not_among: tuple[str, ...] = ()
    recorded: bool = False


# Alternatives, each of conditions that all hold.
Case = tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """`official`: its English text is that of the standard, word for word but for names."""

    id: str
    source: str
    official: bool
    level: Level
    element: str
    must: Must
    when: str
    en: str
    zh: str
    values: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    other: str = ""


@cache
def cases(path: Path = RULES_FILE) -> Mapping[str, Case]:
    found = content(path)["case"]
    return {
        name: tuple(tuple(condition(row) for row in every) for every in case["any"])
        for name, case in found.items()
    }


@cache
def rules(path: Path = RULES_FILE) -> tuple[Rule, ...]:
    """Those of the file, then one for each element that the catalogue asks for."""
    written = [rule(row) for row in content(path)["rule"]]
    spoken_for = {one.element for one in written if one.must is Must.RECORDED}
    asked = [
        usage(one)
        for one in elements().values()
        if one.when and one.level is not Level.OPTIONAL and one.code not in spoken_for
    ]
    return (*written, *asked)


def usage(one: Element) -> Rule:
    """The level that the catalogue names, as a rule."""
    of_nemsis = bool(one.nemsis)
    return Rule(
        id=f"usage:{one.nemsis or one.code}",
        source=DICTIONARY if of_nemsis else OURS,
        official=False,
        level=one.level,
        element=one.code,
        must=Must.RECORDED,
        when=one.when,
        en=f"{{{one.code}}}: {LEVELS[one.level][0]}.",
        zh=f"{{{one.code}}}：{LEVELS[one.level][1]}。",
    )


LEVELS = {
    Level.MANDATORY: ("mandatory", "必填"),
    Level.REQUIRED: ("required", "应填"),
    Level.RECOMMENDED: ("recommended", "宜填"),
    Level.OPTIONAL: ("optional", "选填"),
}


# Any: TOML; the classes check the shape by their names.
@cache
def content(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def condition(row: Mapping[str, Any]) -> Condition:
    return Condition(
        element=row["element"],
        among=tuple(row.get("in", ())),
        not_among=tuple(row.get("not_in", ())),
        recorded=row.get("recorded", False),
    )


def rule(row: Mapping[str, Any]) -> Rule:
    official = row["id"].startswith(OFFICIAL)
    return Rule(
        id=row["id"],
        source=SCHEMATRON if official else OURS,
        official=official,
        level=elements()[row["element"]].level,
        element=row["element"],
        must=Must(row["must"]),
        when=row["when"],
        en=row["en"],
        zh=row["zh"],
        values=tuple(row.get("values", ())),
        against=tuple(row.get("against", ())),
        other=row.get("other", ""),
    )


def texts(one: Rule) -> tuple[str, str]:
    """English and Chinese, with the elements by name and NEMSIS number."""
    return (
        NAMED.sub(lambda found: name_of(found[1])[0], one.en),
        NAMED.sub(lambda found: name_of(found[1])[1], one.zh),
    )


def name_of(code: str) -> tuple[str, str]:
    known = elements()[code]
    number = f" ({known.nemsis})" if known.nemsis else ""
    return known.en + number, known.zh + number
