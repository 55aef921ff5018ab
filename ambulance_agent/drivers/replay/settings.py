"""[drivers.replay]: the case file and when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ambulance_agent.sections import Section


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    case: Path
    starts_at_patient: bool = False  # else at once
    repeat: bool = False

    @classmethod
    def read(cls, section: Section) -> ReplaySettings:
        return cls(
            case=section.path("case", must_exist=True),
            starts_at_patient=section.choice("start", ("at_once", "at_patient"), "at_once")
            == "at_patient",
            repeat=section.flag("repeat", default=False),
        )
