"""One message of every kind, with every field filled; the golden bytes were made from these.

To add a version: write new samples and `python -m tests.protocol.samples`. Bytes of a
published version are never rewritten: vehicles in the field still send them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

from ambulance_agent.protocol import (
    Ack,
    DeviceState,
    DeviceStateCode,
    Fact,
    FileKind,
    FilePiece,
    Frame,
    FromServer,
    FromVehicle,
    Hello,
    Lead,
    MissionState,
    Order,
    Point,
    Position,
    Quality,
    RefusalCode,
    Refused,
    Report,
    StandDown,
    Status,
    Telemetry,
    VitalCode,
    Wave,
    Welcome,
    encode,
    reading,
)

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 3, 1, 8, 0, 0, 250_000, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))
EPOCH = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
MISSION = UUID("7c9e6679-7425-40de-944b-e07fc1f90ae7")
FACT = UUID("16fd2706-8baf-433b-82eb-8c7fada847da")

TELEMETRY = Telemetry(
    position=Position(
        fix_at=AT, lat=31.2304, lon=121.4737, heading_deg=270.5, speed_mps=13.9,
        accuracy_m=3.2, satellites=11,
    ),
    numerics=[
        reading(VitalCode.HEART_RATE, 104, measured_at=AT, source="monitor"),
        reading(VitalCode.TEMPERATURE, 38.4, measured_at=AT, source="monitor",
                quality=Quality.QUESTIONABLE),
        reading(VitalCode.SPO2, 130, measured_at=AT, source="oximeter"),
    ],
    waves=[
        Wave(lead=Lead.ECG_II, started_at=AT, rate_hz=250, scale_uv=2.5,
             samples=b"\x00\x00\x01\x00\xff\xff\x00\x80"),
    ],
    devices=[DeviceState(device="monitor_ecg", state=DeviceStateCode.LEADS_OFF, since=AT)],
)  # fmt: skip

FROM_VEHICLE: dict[str, FromVehicle] = {
    "hello": Hello(epoch=EPOCH, agent_version="1.0.0", protocol=1, sent_at=AT, next_sequence=42),
    "telemetry": Frame(epoch=EPOCH, sequence=40, made_at=AT, body=TELEMETRY),
    "telemetry_empty": Frame(epoch=EPOCH, sequence=0, made_at=AT, body=Telemetry()),
    "file_piece": Frame(
        epoch=EPOCH, sequence=43, made_at=AT,
        body=Telemetry(
            pieces=[
                FilePiece(
                    file_id=FACT, kind=FileKind.ECG12, name="rest.dcm", found_at=AT,
                    sha256=bytes(range(32)), size=100_000, part=1, parts=4, content=b"DICM",
                )
            ]
        ),
    ),
    "status": Frame(
        epoch=EPOCH, sequence=41, made_at=AT, urgent=True,
        body=Status(
            fact_id=FACT, mission_id=MISSION, fact=Fact.ON_BOARD,
            occurred_at=AT.astimezone(SHANGHAI), reason=None,
        ),
    ),
}  # fmt: skip

FROM_SERVER: dict[str, FromServer] = {
    "welcome": Welcome(server_time=AT, vehicle="A07", acknowledged=39),
    "ack": Ack(epoch=EPOCH, sequences=[40, 41], parked=[7]),
    "order": Order(
        mission_id=MISSION, number="M-2026-000123", state=MissionState.ON_BOARD, priority=1,
        complaint="chest_pain", scene=Point(lat=31.23, lon=121.47, label="滨江路 3 号"),
        destination=Point(lat=31.25, lon=121.46, label="General"),
        route=[(121.47, 31.23), (121.465, 31.24), (121.46, 31.25)], route_s=[0.0, 61.5, 140.0],
    ),
    "stand_down": StandDown(mission_id=MISSION, reason="cancelled"),
    "refused": Refused(code=RefusalCode.BAD_CREDENTIAL, message="unknown credential"),
}  # fmt: skip


# What version 2 says otherwise; every message of version 1 is one of version 2.
SECOND: dict[str, FromVehicle | FromServer] = {
    "hello": Hello(epoch=EPOCH, agent_version="2.0.0", protocol=2, sent_at=AT, next_sequence=42),
    "telemetry_of_a_device_with_a_clock": Frame(
        epoch=EPOCH, sequence=44, made_at=AT,
        body=Telemetry(
            numerics=[
                reading(VitalCode.SPO2, 97, measured_at=AT, source="hl7:bed-3",
                        device_behind_s=3600.5),
            ]
        ),
    ),
    "report": Report(sent_at=AT, waiting=130, waiting_bytes=640_000, thinned=12, dropped=3),
}  # fmt: skip

MESSAGES: dict[int, dict[str, FromVehicle | FromServer]] = {
    1: {**FROM_VEHICLE, **FROM_SERVER},
    2: SECOND,
}


def golden(version: int) -> Path:
    return GOLDEN / f"vehicle-v{version}.json"


def main() -> None:
    """Only the newest: what a published version wrote is history."""
    version = max(MESSAGES)
    found = {name: encode(message).hex() for name, message in MESSAGES[version].items()}
    golden(version).write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
