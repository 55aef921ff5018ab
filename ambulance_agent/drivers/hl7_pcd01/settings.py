"""[drivers.hl7_pcd01]: where monitors connect, and how they are to be understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ambulance_agent.sections import Section


@dataclass(frozen=True, slots=True)
class PcdSettings:
    host: str = "127.0.0.1"
    port: int = 2575
    # For messages that do not name their own in MSH-18.
    encoding: str = "utf-8"
    silence_s: float = 15.0
    # Codes that a table marks "to be confirmed" count as unknown until this says otherwise.
    unconfirmed: bool = False
    tables: tuple[Path, ...] = ()  # of the operator, after those shipped
    raw: Path = field(default=Path("hl7-not-understood.jsonl"))
    raw_max_bytes: int = 8_000_000

    @classmethod
    def read(cls, section: Section) -> PcdSettings:
        host, port = section.host_port("listen", "127.0.0.1:2575")
        return cls(
            host=host,
            port=port,
            encoding=section.choice("encoding", ("utf-8", "gb18030", "latin-1"), "utf-8"),
            silence_s=section.number("silence_s", 15, low=2, high=600),
            unconfirmed=section.flag("unconfirmed", default=False),
            tables=(section.path("table", must_exist=True),) if section.has("table") else (),
            raw=section.path("not_understood", "hl7-not-understood.jsonl"),
            raw_max_bytes=int(
                section.number("not_understood_max_mb", 8, low=0.1, high=1000) * 1_000_000
            ),
        )
