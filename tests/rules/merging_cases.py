"""Random interleavings and what stands of them, for the tablet's twin of the merging rules.

`python -m tests.rules.merging_cases` writes the file again.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from ehr_prehospital.record.catalogue import elements
from ehr_prehospital.record.rules.merging import Entry, merge

FILE = Path(__file__).parent / "cases" / "merging.json"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
# One of each way to occur: once, a list, in a group, a list in a group, and one unknown.
CODES = ("situation.acuity", "arrest.rosc", "arrest_event.kind", "vital.heart_rate", "no.such")
GROUPS = (UUID(int=901), UUID(int=902))


# Any: JSON.
def merging_cases() -> dict[str, Any]:
    random = Random(20)
    cases = [case(f"interleaving {number}", interleaving(random)) for number in range(120)]
    circle = [said(random, 1, replaces={2}), said(random, 2, replaces={1})]
    return {
        "elements": {
            code: {"many": one.many, "occurs": str(one.occurs)}
            for code in CODES
            if (one := elements().get(code))
        },
        "cases": [*cases, case("a circle", circle)],
    }


def interleaving(random: Random) -> list[Entry]:
    rows: list[Entry] = []
    for number in range(1, random.randint(2, 12)):
        code = random.choice(CODES)
        alike = [row.id.int for row in rows if row.element == code]
        seen = random.sample(alike, random.randint(0, min(2, len(alike))))
        rows.append(said(random, number, code=code, replaces={*seen}))
    random.shuffle(rows)
    return rows


def said(
    random: Random, number: int, *, code: str = "situation.acuity", replaces: set[int]
) -> Entry:
    withdrawn = random.random() < 0.1
    at = NOON + timedelta(seconds=random.randint(0, 5))
    known = elements().get(code)
    return Entry(
        id=UUID(int=number),
        element=code,
        value="" if withdrawn else random.choice(("a", "b")),
        not_value="entered_in_error" if withdrawn else "",
        group=random.choice(GROUPS) if known and known.occurs == "group" else None,
        occurred_at=at,
        entered_at=at + timedelta(microseconds=random.randint(0, 3)),
        replaces=frozenset(UUID(int=one) for one in replaces),
    )


def case(name: str, rows: list[Entry]) -> dict[str, Any]:
    merged = merge(rows)
    return {
        "name": name,
        "entries": [
            {
                "id": str(row.id),
                "element": row.element,
                "group": row.group and str(row.group),
                "value": row.value,
                "not_value": row.not_value,
                "occurred_at": row.occurred_at.isoformat(),
                "entered_at": row.entered_at.isoformat(),
                "replaces": sorted(map(str, row.replaces)),
            }
            for row in rows
        ],
        "standing": [
            {
                "element": one.element,
                "group": one.group and str(one.group),
                "heads": [str(head.id) for head in one.heads],
                "conflict": one.conflict,
            }
            for one in merged.standing
        ],
        "replaced": sorted(map(str, merged.replaced)),
    }


def text() -> str:
    return json.dumps(merging_cases(), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
