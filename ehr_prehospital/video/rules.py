"""Who may watch which camera, what may be recorded, which hub process serves an incident."""

from __future__ import annotations

from uuid import UUID

from ambulance_agent.protocol.media import CameraRole, Consent, Recording
from ehr_prehospital.access.rules import Level

# A control room sees what a window into the vehicle would show; what a doctor reads off a
# screen or a face-to-face talk is for those who may see the record.
NEEDED: dict[CameraRole, Level] = {
    CameraRole.CABIN: Level.OPERATIONAL,
    CameraRole.ROAD: Level.OPERATIONAL,
    CameraRole.BODY: Level.OPERATIONAL,
    CameraRole.ULTRASOUND: Level.CLINICAL,
    CameraRole.CONSULT: Level.CLINICAL,
}


def may_watch(*, role: CameraRole, level: Level) -> bool:
    return level.covers(NEEDED[role])


def allowed_recording(*, recording: Recording, consent: Consent) -> Recording:
    """Somebody who refused is not recorded, whatever was asked for."""
    return Recording.OFF if consent is Consent.REFUSED else recording


def shard_of(incident_id: UUID, processes: int) -> int:
    """The hub process of an incident, from 0: all its cameras and viewers meet in one."""
    return int.from_bytes(incident_id.bytes[-8:]) % processes
