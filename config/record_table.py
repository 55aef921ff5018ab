"""The catalogue of the record as Markdown: printed from its files, never typed.

`python manage.py print_tables` writes the page, tests/rules/test_docs_are_fresh.py compares it.
"""

from pathlib import Path

from config.env import ROOT
from ehr_prehospital.record.catalogue import Element, Group, Level, elements, groups
from ehr_prehospital.record.rulebook import rules

PAGE: Path = ROOT / "docs" / "record_elements.md"

HEAD = """\
# Elements of the record

Printed from `ehr_prehospital/record/elements` by `python manage.py print_tables`; a test fails when
this page is stale. Do not edit it: edit the files.

*Occurs*: once in a record, many (a list), or in a group of entries (one set of vital signs, one
drug). *Level*: how much NEMSIS v3.5.1 asks for it, and in which case of
`ehr_prehospital/record/rules.toml`. *DE*: the Chinese national element as it was seen; `—` is not
verified. *From*: where it comes from when nobody types it.
"""


def page() -> str:
    """The whole page. The same files give the same text."""
    count = f"{len(elements())} elements in {len(groups())} groups; {len(rules())} rules.\n"
    return "\n".join([HEAD, count, *(line for one in groups().values() for line in part(one))])


def part(group: Group) -> list[str]:
    return [
        f"## {group.en} · {group.zh}",
        "",
        "| Element | English | 中文 | Type | Occurs | Level | NEMSIS | FHIR R4 | DE | From |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(row(one) for one in group.elements),
        "",
    ]


def row(one: Element) -> str:
    cells = (
        f"`{one.code}`",
        one.en,
        one.zh,
        kind(one),
        f"{one.occurs}{', list' if one.many and one.occurs == 'group' else ''}",
        level(one),
        one.nemsis or "—",
        one.fhir or "—",
        one.cn if one.cn.startswith("DE") else "—",
        ", ".join(one.filled_from),
    )
    return f"| {' | '.join(cells)} |"


def kind(one: Element) -> str:
    if one.table:
        return f"code `{one.table}`{' or words' if one.open else ''}"
    if one.units:
        return "; ".join(f"{low:g}–{high:g} {unit}" for unit, (low, high) in one.units.items())
    return one.type.value


def level(one: Element) -> str:
    if one.level is Level.OPTIONAL:
        return ""
    return f"{one.level}{f', {one.when}' if one.when else ''}"
