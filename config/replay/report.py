"""The result as JSON and Markdown. No wall time in it: the same run gives the same file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from config.replay.durations import Stated, clock
from config.replay.rules import (
    INTERVALS,
    Line,
    Spread,
    Timeline,
    lines,
    most_waiting,
    utilisation,
)

TITLES: Mapping[str, str] = {
    "call_to_assigned": "call → assigned",
    "assigned_to_on_scene": "assigned → on scene",
    "ring_to_on_scene": "ring → on scene",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What was replayed and how, for the head of the report."""

    log: str
    filtered: str
    window: str
    warm_up_min: float
    city: str
    places: str
    priorities: str
    speed: float
    seed: int
    stations: int
    units: int
    skipped_rows: int


@dataclass(frozen=True, slots=True)
class Report:
    setting: Setting
    assumptions: Sequence[Stated]
    lines: Sequence[Line]
    utilisation: float | None
    most_waiting: int
    interrupted: bool

    @property
    def has_real(self) -> bool:
        return any(one.count for one in self.lines[-1].real.values())


def report_of(
    timelines: Sequence[Timeline],
    *,
    setting: Setting,
    assumptions: Sequence[Stated],
    start_s: float,
    end_s: float,
    interrupted: bool,
) -> Report:
    """`start_s` to `end_s` is the window that counts; calls before it are warm-up."""
    return Report(
        setting=setting,
        assumptions=assumptions,
        lines=lines(timelines),
        utilisation=utilisation(timelines, units=setting.units, start_s=start_s, end_s=end_s),
        most_waiting=most_waiting(timelines, end_s=end_s),
        interrupted=interrupted,
    )


def as_json(report: Report) -> str:
    return json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"


def as_markdown(report: Report) -> str:
    parts = [head(report), *table("Simulated", report.lines, real=False)]
    if report.has_real:
        parts += ["", *table("Real, from the same rows", report.lines, real=True)]
    parts += ["", *stated(report.assumptions)]
    return "\n".join(parts) + "\n"


def head(report: Report) -> str:
    setting = report.setting
    used = "unknown" if report.utilisation is None else f"{report.utilisation:.0%}"
    rows = [
        ("Log", setting.log),
        ("Rows", setting.filtered or "all"),
        ("Window", setting.window),
        ("Warm-up, not counted", f"{setting.warm_up_min:g} min"),
        ("City", setting.city),
        ("Positions", setting.places),
        ("Priorities", setting.priorities),
        ("Seed", str(setting.seed)),
        ("Speed", f"{setting.speed:g} × real time" if setting.speed else "as fast as possible"),
        ("Units", f"{setting.units} at {setting.stations} stations"),
        ("Time of units on missions", used),
        ("Most incidents waiting for a unit at once", str(report.most_waiting)),
        ("Rows that could not be used", str(setting.skipped_rows)),
    ]
    told = "\n".join(f"- {name}: {value}" for name, value in rows)
    return told + ("\n- Interrupted before the end.\n" if report.interrupted else "\n")


def table(title: str, shown: Sequence[Line], *, real: bool) -> list[str]:
    """Median / P90 as minutes:seconds, with how many calls stand behind each."""
    columns = ["priority", "calls", *(TITLES[name] for name in INTERVALS)]
    if not real:
        columns.insert(2, "waited for a unit")
    found = [f"**{title}** (median / P90, number of calls)", "", row(columns)]
    found.append(row(["---"] * len(columns)))
    for line in shown:
        cells = ["all" if line.priority is None else str(line.priority), str(line.calls)]
        if not real:
            cells.append(str(line.waited))
        intervals = line.real if real else line.simulated
        found.append(row([*cells, *(both(intervals[name]) for name in INTERVALS)]))
    return found


def row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def both(spread: Spread) -> str:
    if spread.median_s is None or spread.p90_s is None:
        return "–"
    return f"{clock(spread.median_s)} / {clock(spread.p90_s)} ({spread.count})"


def stated(assumptions: Sequence[Stated]) -> list[str]:
    found = ["**Not in the log, assumed**", "", row(["what", "value", "where from"])]
    found.append(row(["---"] * 3))
    return found + [row([one.meaning, one.value, one.source]) for one in assumptions]


def write(report: Report, path: Path) -> None:
    """Markdown for .md, else JSON; the folder must exist."""
    text = as_markdown(report) if path.suffix == ".md" else as_json(report)
    path.write_text(text, encoding="utf-8")
