"""Policy files, read and checked: ours by name, or the one that the centre wrote."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from dispatch.decision.rules.policy import (
    LEVELS,
    Bypass,
    Escalation,
    Gates,
    HospitalPolicy,
    Policy,
    Relocation,
    Rerouting,
    Response,
    RunCard,
    RunCards,
    Text,
    WaitingPoint,
)
from dispatch.sources import plain

FOLDER = Path(__file__).with_name("policies")
# Any: a TOML table before it is checked.
Table = Mapping[str, Any]


class BadPolicy(ValueError):
    """A policy that must not be used; says where and why."""


def policy_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def policy_named(name: str) -> Policy:
    """One of ours by name, or the file at this path."""
    ours = FOLDER / f"{name}.toml"
    path = ours if ours.exists() else Path(name)
    if not path.is_file():
        raise BadPolicy(f"There is no policy “{name}”. Known: {', '.join(policy_names())}.")
    return read_policy(path)


@cache
def read_policy(path: Path) -> Policy:
    try:
        table = _whole(path)
        return _policy(table, path.parent)
    except KeyError as missing:
        raise BadPolicy(f"{path}: {missing} is missing.") from missing
    except (TypeError, ValueError, tomllib.TOMLDecodeError) as wrong:
        raise BadPolicy(f"{path}: {wrong}") from wrong


def _whole(path: Path) -> Table:
    """The file, laid over the one it is based on."""
    with path.open("rb") as file:
        table = tomllib.load(file)
    base = table.pop("based_on", None)
    if base is None:
        return table
    below = dict(_whole(FOLDER / f"{base}.toml"))
    if "run_cards" not in table:
        below["run_cards"] = str((FOLDER / below["run_cards"]).resolve())
    return _laid_over(below, table)


def _laid_over(below: Table, above: Table) -> Table:
    unknown = above.keys() - below.keys()
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return {
        key: _laid_over(value, above[key])
        if isinstance(value, dict) and key in above and key not in _LISTS
        else above.get(key, value)
        for key, value in below.items()
    }


# Tables whose keys are codes: given anew, they replace the old ones.
_LISTS = frozenset({"bed_of", "overdue_s", "unacknowledged_s", "target_s", "table"})


def _policy(table: Table, folder: Path) -> Policy:
    hospitals, escalation = table["hospitals"], table["escalation"]
    return Policy(
        id=table["id"],
        version=table["version"],
        source=table["source"],
        text=Text(**table["text"]),
        run_cards=read_run_cards(folder / table["run_cards"]),
        gates=Gates(**{**table["gates"], "equipment": frozenset(table["gates"]["equipment"])}),
        response=Response(
            **{**table["response"], "target_s": _by_priority(table["response"]["target_s"])}
        ),
        rerouting=Rerouting(**table["rerouting"]),
        hospitals=HospitalPolicy(
            **{
                **hospitals,
                "bypass": {row["need"]: Bypass(**plain(row)) for row in hospitals["bypass"]},
            }
        ),
        escalation=Escalation(
            **{**escalation, "unacknowledged_s": _by_priority(escalation["unacknowledged_s"])}
        ),
        relocation=_relocation(table["relocation"]),
    )


MODES = ("off", "dmexclp", "table")


def _relocation(row: Table) -> Relocation:
    points = tuple(
        WaitingPoint(one["code"], Text(one["en"], one["zh"]), one["lon"], one["lat"])
        for one in row["points"]
    )
    found = Relocation(
        **{
            **row,
            "graded": tuple((float(part), float(weight)) for part, weight in row["graded"]),
            "points": points,
            "table": {int(free): tuple(codes) for free, codes in row["table"].items()},
        }
    )
    if found.mode not in MODES:
        raise ValueError(f"relocation.mode is one of {', '.join(MODES)}")
    if not 0 <= found.busy < 1:
        raise ValueError("relocation.busy lies between 0 and 1")
    if not found.graded or any(part <= 0 or weight <= 0 for part, weight in found.graded):
        raise ValueError("relocation.graded names parts of the target with weights above 0")
    if found.mode == "table" and not found.table:
        raise ValueError("relocation.table is empty")
    for free, codes in found.table.items():
        if not 0 < len(codes) <= free:
            raise ValueError(f"relocation.table: {free} free units fill 1 to {free} points")
    if len({point.code for point in points}) < len(points):
        raise ValueError("relocation.points: a code stands twice")
    return found


def _by_priority(row: Table) -> dict[int, float]:
    found = {int(priority): float(seconds) for priority, seconds in row.items()}
    if set(found) != {1, 2, 3, 4, 5}:
        raise ValueError("a time for each priority from 1 to 5 is wanted")
    return found


@cache
def read_run_cards(path: Path) -> RunCards:
    with path.open("rb") as file:
        table = tomllib.load(file)
    cards = tuple(_card(row) for row in table["cards"])
    if not cards or cards[-1].complaints or cards[-1].priorities:
        raise ValueError(f"{path.name}: the last card must fit everything")
    return RunCards(table["id"], table["version"], table["source"], cards)


def _card(row: Table) -> RunCard:
    unknown = row.keys() - {"complaints", "priorities", "levels", "equipment"}
    if unknown:
        raise ValueError(f"a run card knows no {', '.join(sorted(unknown))}")
    levels = tuple(row["levels"])
    if not levels or not set(levels) <= set(LEVELS):
        raise ValueError(f"a run card's levels are of {', '.join(LEVELS)}")
    return RunCard(
        complaints=frozenset(row.get("complaints", ())),
        priorities=frozenset(row.get("priorities", ())),
        levels=levels,
        equipment=frozenset(row.get("equipment", ())),
    )
