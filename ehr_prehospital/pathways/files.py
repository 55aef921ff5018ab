"""The checklists as their files give them, and as the JSON that the three screens read."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from dispatch import sources
from ehr_prehospital.pathways.rules import (
    MISSION_MOMENTS,
    OWN_MOMENTS,
    RECORD_TIMES,
    Checklist,
    Clock,
    Item,
    Side,
    Suspect,
)

FOLDER = Path(__file__).with_name("checklists")
# As they are shown, and as an allocation code chooses among several: the most urgent first.
ORDER = (
    "arrest",
    "stemi",
    "stroke",
    "trauma",
    "burns",
    "sepsis",
    "poisoning",
    "obstetric",
    "newborn",
    "paediatric",
)


@cache
def checklists(folder: Path = FOLDER) -> Mapping[str, Checklist]:
    """Kind → checklist; a file that names a moment that nobody knows raises here."""
    found = {file.stem: checklist_in(file) for file in folder.glob("*.toml")}
    return {kind: found[kind] for kind in sorted(found, key=_place)}


def _place(kind: str) -> tuple[int, str]:
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), kind)


def checklist_in(file: Path) -> Checklist:
    row = sources.read(file)
    found = Checklist(
        kind=file.stem,
        version=row["version"],
        source=row["source"],
        checked=row["checked"],
        en=row["en"],
        zh=row["zh"],
        team=row["team"],
        direct=tuple(row["direct"]),
        items=tuple(
            Item(code, **{**one, "side": Side(one["side"])}) for code, one in row["item"].items()
        ),
        clocks=tuple(Clock(code, **one) for code, one in row.get("clock", {}).items()),
        suspects=tuple(suspect(one) for one in row.get("suspect", [])),
        moments={
            name: tuple((element, value) for element, value in pairs)
            for name, pairs in row.get("moment", {}).items()
        },
    )
    known = {
        *MISSION_MOMENTS, *RECORD_TIMES, *OWN_MOMENTS, *found.moments, *found.item_codes,
    }  # fmt: skip
    named = {name for one in found.clocks for name in (one.starts, one.ends)}
    named |= {one.filled_by for one in found.items if one.filled_by}
    if lost := named - known:
        raise ValueError(f"{file.name}: no moment {', '.join(sorted(lost))}")
    return found


# Any: a row of TOML, whose shape the class checks by its names.
def suspect(row: Mapping[str, Any]) -> Suspect:
    said = dict(row)
    if "at_least" in said:
        said["at_least"] = Decimal(said["at_least"])
    return Suspect(**{**said, "values": tuple(said.get("values", ()))})


@cache
def checklists_bytes() -> bytes:
    """What a screen needs to show them: words, sides and clocks; reasons by their words."""
    shown = {
        kind: {
            "version": one.version,
            "source": one.source,
            "checked": one.checked,
            "en": one.en,
            "zh": one.zh,
            "team": one.team,
            "direct": one.direct,
            "items": [
                {
                    "code": item.code,
                    "side": item.side,
                    "en": item.en,
                    "zh": item.zh,
                    "operational": item.operational,
                }
                for item in one.items
            ],
            "clocks": {
                clock.code: {
                    "en": clock.en,
                    "zh": clock.zh,
                    "target_s": clock.target_s,
                    "source": clock.source,
                    "checked": clock.checked,
                }
                for clock in one.clocks
            },
            "reasons": {reason.reason: {"en": reason.en, "zh": reason.zh}
                        for reason in one.suspects},
        }
        for kind, one in checklists().items()
    }  # fmt: skip
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


@cache
def checklists_etag() -> str:
    return f'"{hashlib.sha256(checklists_bytes()).hexdigest()[:32]}"'
