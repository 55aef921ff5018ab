"""[drivers.ecg12]: the folder into which the monitor or its transfer program writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ambulance_agent.sections import Section


@dataclass(frozen=True, slots=True)
class Ecg12Settings:
    folder: Path

    @classmethod
    def read(cls, section: Section) -> Ecg12Settings:
        return cls(folder=section.path("folder"))
