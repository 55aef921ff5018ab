"""What the clinical files say, from where, and whether that was compared: printed, never typed.

`python manage.py print_tables` writes the page, tests/rules/test_docs_are_fresh.py compares it.
"""

from collections.abc import Iterator
from pathlib import Path

from config.env import ROOT
from config.tables import table
from dispatch import sources

PAGE: Path = ROOT / "docs" / "clinical_sources.md"
# Every file with a number that a patient is treated, scored or sent by.
PATTERNS = (
    "ehr_prehospital/record/formulary.toml",
    "ehr_prehospital/record/arrest.toml",
    "ehr_prehospital/record/burns.toml",
    "ehr_prehospital/record/forms/*.toml",
    "ehr_prehospital/record/statements.toml",
    "ehr_prehospital/vitals/scores/*.toml",
    "ehr_prehospital/pathways/checklists/*.toml",
    "ehr_prehospital/handover/allocation.toml",
    "dispatch/calls/protocol.toml",
    "dispatch/decision/run_cards.toml",
    "dispatch/decision/policies/standard.toml",
)
# A longer row is read in its file.
LONGEST = 24
WORDS = frozenset({"en", "zh", "advice_en", "advice_zh", "source", "version", "id", "place"})

HEAD = """\
# Sources of the clinical files

Printed from the files by `python manage.py print_tables`; a test fails when this page is stale.
Do not edit it: edit the files. What the columns mean, and how a row is checked:
`dispatch/sources.py`.

*Checked* is the day on which somebody compared the row with what stands under *compared with*;
“**not checked**” is a row that nobody could compare, or that changed since. A check is no approval:
a medical director has to approve every row before it is used on patients.
"""


def page() -> str:
    """The whole page. The same files give the same text."""
    found = [(file, sources.rows(sources.read(file))) for file in files()]
    every = [row for _, part in found for row in part]
    checked = sum(bool(row.checked) for row in every)
    count = f"{len(every)} rows, {checked} checked, {len(every) - checked} not.\n"
    return "\n".join([HEAD, count, *(line for file, part in found for line in lines(file, part))])


def files() -> Iterator[Path]:
    for pattern in PATTERNS:
        yield from sorted(ROOT.glob(pattern))


def lines(file: Path, part: list[sources.Row]) -> list[str]:
    head = ("Row", "Says", "Source", "Checked", "Compared with")
    return [f"## {file.relative_to(ROOT).as_posix()}", "", *table(head, map(cells, part)), ""]


def cells(row: sources.Row) -> tuple[str, ...]:
    said = list(leaves(row.values))
    says = f"{len(said)} values: see the file" if len(said) > LONGEST else "; ".join(said)
    return (
        f"`{row.name}`" if row.name else "all of it",
        says,
        row.source,
        row.checked or "**not checked**",
        row.checked_against,
    )


def leaves(value: object, name: str = "") -> Iterator[str]:
    """The values of a row without its words: `child.per_kg 0.01`."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key not in WORDS:
                yield from leaves(below, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for place, one in enumerate(value, start=1):
            yield from leaves(one, f"{name}.{place}")
    elif isinstance(value, list):
        yield f"{name} {', '.join(map(str, value))}"
    else:
        yield f"{name} {value}"
