"""The alarm file, read and checked: ours, or the one that the centre names."""

import tomllib
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ehr_prehospital.vitals.alarms.rules.settings import (
    LONGEST_REARM_S,
    Artefact,
    Group,
    Limit,
    Priority,
    Settings,
    Signal,
    Trend,
)
from ehr_prehospital.vitals.scores.tables import months

FILE = Path(__file__).with_name("limits.toml")


class BadAlarmFile(ValueError):
    """An alarm file that must not be used; says why."""


@cache
def alarm_settings(path: Path = FILE) -> Settings:
    with path.open("rb") as file:
        return settings_of(tomllib.load(file))


# Any: a TOML table before it is checked.
def settings_of(row: Mapping[str, Any]) -> Settings:
    try:
        found = _settings(row)
    except (KeyError, TypeError) as wrong:
        raise BadAlarmFile(f"the alarm file lacks or misspells {wrong}") from wrong
    check(found)
    return found


def _settings(row: Mapping[str, Any]) -> Settings:
    everybody = {code: _limit(pair) for code, pair in row["all"].items()}
    scale_2 = everybody.pop("spo2_scale_2")
    escalation = row["escalation"]
    return Settings(
        version=row["version"],
        delay_s=row["delay_s"],
        artefact=Artefact(**row["artefact"]),
        signal=Signal(**row["signal"]),
        asystole_s=row["rhythm"]["asystole_s"],
        pulse_agrees_within=row["rhythm"]["pulse_agrees_within"],
        tube_etco2_below=row["tube"]["etco2_below"],
        tube_for_s=row["tube"]["for_s"],
        escalate_after_s={priority: escalation[priority.value] for priority in Priority},
        rearm_s=escalation["rearm_s"],
        trend=Trend(**row["trend"]),
        groups=tuple(_group(name, one, everybody) for name, one in row["group"].items()),
        spo2_scale_2=scale_2,
    )


def _group(name: str, row: Mapping[str, Any], everybody: Mapping[str, Limit]) -> Group:
    low, high = months(row["age"])
    own = {code: _limit(pair) for code, pair in row["limits"].items()}
    extreme = {code: _limit(pair) for code, pair in row["extreme"].items()}
    return Group(name, low, high, {**everybody, **own}, extreme)


def _limit(pair: list[Any]) -> Limit:
    low, high = (None if end is False else float(end) for end in pair)
    return Limit(low, high)


def check(found: Settings) -> None:
    """Every age has exactly one group; extremes lie outside the limits; nothing sleeps too long."""
    if not 0 < found.rearm_s <= LONGEST_REARM_S:
        raise BadAlarmFile(f"an acknowledged alarm must sound again within {LONGEST_REARM_S} s")
    edges = sorted(found.groups, key=lambda group: group.from_months)
    if edges[0].from_months != 0 or edges[-1].to_months is not None:
        raise BadAlarmFile("the age groups must reach from birth to any age")
    for younger, older in pairwise(edges):
        if younger.to_months != older.from_months:
            raise BadAlarmFile(f"gap or overlap between {younger.id} and {older.id}")
    for group in found.groups:
        for code, limit in group.limits.items():
            _check_limit(f"{group.id}.{code}", limit, group.extreme.get(code))


def _check_limit(name: str, limit: Limit, extreme: Limit | None) -> None:
    if limit.low is not None and limit.high is not None and limit.low >= limit.high:
        raise BadAlarmFile(f"{name}: low is not below high")
    if extreme is None:
        return
    if extreme.low is not None and (limit.low is None or extreme.low > limit.low):
        raise BadAlarmFile(f"{name}: the extreme lies inside the limits")
    if extreme.high is not None and (limit.high is None or extreme.high < limit.high):
        raise BadAlarmFile(f"{name}: the extreme lies inside the limits")
