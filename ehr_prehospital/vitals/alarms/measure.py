"""How often the detectors say fibrillation, window by window, against the experts' annotations."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ehr_prehospital.vitals.alarms.annotated import Recording, read
from ehr_prehospital.vitals.alarms.rules.rhythm import (
    ASYSTOLE_S,
    LEAKAGE_LESS_THAN,
    POSITIVE_WINDOWS,
    STEP_S,
    WINDOW_S,
    Window,
    persistent,
    silent_for_s,
    window,
)

GROUPS = {
    "VF": "VF/VFL", "VFIB": "VF/VFL", "VFL": "VF/VFL",
    "VT": "VT",
    "N": "normal", "NSR": "normal",
    "ASYS": "asystole",
    "NOISE": "noise",
}  # fmt: skip
OTHER = "other"
RULES = ("tcsc", "leakage", "both", "vf", "alarm", "rhythm check", "no QRS", "noisy")


@dataclass(slots=True)
class Table:
    """Group of rhythms → windows, and those of them that a rule flagged."""

    windows: Counter[str] = field(default_factory=Counter)
    flagged: dict[str, Counter[str]] = field(
        default_factory=lambda: {rule: Counter() for rule in RULES}
    )

    def share(self, rule: str, group: str) -> float:
        return self.flagged[rule][group] / self.windows[group] if self.windows[group] else 0.0

    def add(self, group: str, **hits: bool) -> None:
        self.windows[group] += 1
        for rule, hit in hits.items():
            self.flagged[rule.replace("_", " ")][group] += hit


def recordings(folder: Path) -> Iterable[Recording]:
    for header in sorted(folder.glob("*.hea")):
        yield read(header.with_suffix(""))


def measure(folder: Path, *, step_s: float = STEP_S) -> Table:
    """Every window of the first lead whose rhythm does not change inside."""
    table = Table()
    for recording in recordings(folder):
        _measure(recording, table, step_s)
    return table


def _measure(recording: Recording, table: Table, step_s: float) -> None:
    lead = recording.millivolts
    length, step = int(WINDOW_S * recording.rate_hz), int(step_s * recording.rate_hz)
    seen: list[Window] = []
    for first in range(0, len(lead) - length, step):
        stretch = lead[first : first + length]
        found = window(stretch, recording.rate_hz)
        seen = [*seen[-POSITIVE_WINDOWS:], found]
        rhythm = recording.rhythm_between(first, first + length)
        if rhythm is None:
            continue
        silent = silent_for_s(stretch, recording.rate_hz)
        alarm = persistent([one.fibrillates for one in seen])
        table.add(
            GROUPS.get(rhythm, OTHER),
            tcsc=found.crosses,
            leakage=found.leakage < LEAKAGE_LESS_THAN,
            both=found.crosses and found.leakage < LEAKAGE_LESS_THAN,
            vf=found.fibrillates,
            alarm=alarm,
            rhythm_check=not alarm and persistent([one.crosses for one in seen]),
            no_QRS=silent >= ASYSTOLE_S,
            noisy=found.noisy,
        )
