"""[drivers.wfdb_replay]: which record, which lead is which, and when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ambulance_agent.protocol import Lead
from ambulance_agent.sections import Section

MOST_LEADS = 4


@dataclass(frozen=True, slots=True)
class WfdbSettings:
    waves: Path | None = None  # the .hea of a record
    numbers: Path | None = None  # another .hea, or a table "Time,Parameter,Value"
    # One for each ECG signal of the record in order, None to leave it out; empty: by their names.
    leads: tuple[Lead | None, ...] = ()
    starts_at_patient: bool = False
    repeat: bool = False
    from_s: float = 0.0
    # Of the numbers alone: two days of charted values may pass in an hour, a heart beat not.
    numbers_speed: float = 1.0

    @classmethod
    def read(cls, section: Section) -> WfdbSettings:
        waves = section.path("waves", must_exist=True) if section.has("waves") else None
        numbers = section.path("numbers", must_exist=True) if section.has("numbers") else None
        if waves is None and numbers is None:
            section.mistake("waves", "or numbers must name a file")
        return cls(
            waves=waves,
            numbers=numbers,
            leads=_leads(section) if section.has("leads") else (),
            starts_at_patient=section.choice("start", ("at_once", "at_patient"), "at_once")
            == "at_patient",
            repeat=section.flag("repeat", default=False),
            from_s=section.number("from_s", 0, low=0, high=1e7),
            numbers_speed=section.number("numbers_speed", 1, low=1, high=3600),
        )


def _leads(section: Section) -> tuple[Lead | None, ...]:
    names = [name.strip() for name in section.text("leads").split(",")]
    wrong = [name for name in names if name != "-" and name not in set(Lead)]
    if wrong or len([name for name in names if name != "-"]) > MOST_LEADS:
        section.mistake("leads", f"must be at most {MOST_LEADS} of {', '.join(Lead)}, or -")
        return ()
    return tuple(None if name == "-" else Lead(name) for name in names)
