"""A row of the log, ready to happen: when it rings, where it is, how long everything takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.replay.csv_file import BadRow, BadTable
from config.replay.durations import Assumptions, Course, course, stream
from config.replay.places import Finder, Scene
from config.replay.rules import Timeline
from config.replay.table import Log, Row, Window


@dataclass(frozen=True, slots=True)
class Case:
    row: Row
    scene: Scene
    course: Course
    timeline: Timeline

    @property
    def rings_s(self) -> float:
        return self.timeline.rang_s


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that will happen, and the window that counts, in simulated seconds."""

    cases: Sequence[Case]
    start_s: float
    end_s: float
    skipped: int


def prepare(
    log: Log, window: Window, *, finder: Finder, assumed: Assumptions, seed: int, skip_bad: bool
) -> Prepared:
    """Draw everything that is drawn. Nothing is written yet; BadTable names a bad line."""
    zero = log.begins - window.warm_up
    cases, skipped = [], log.skipped
    for row in log.rows:
        try:
            scene = finder.scene(row, stream(seed, row.line, "place"))
        except BadRow as bad:
            if not skip_bad:
                raise BadTable(str(bad)) from bad
            skipped += 1
            continue
        timeline = Timeline(
            priority=row.priority,
            rang_s=(row.at - zero).total_seconds(),
            counted=row.at >= log.begins,
            real_assigned_s=row.real_assigned_s,
            real_on_scene_s=row.real_on_scene_s,
        )
        cases.append(Case(row, scene, course(assumed, seed=seed, line=row.line), timeline))
    if not cases:
        raise BadTable("No row is left to replay.")
    start_s = window.warm_up.total_seconds()
    return Prepared(cases, start_s, (log.ends - zero).total_seconds(), skipped)
