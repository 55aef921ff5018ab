"""Who may watch which camera, and what may be recorded."""

from __future__ import annotations

from collections import Counter
from uuid import UUID, uuid5

import pytest

from ambulance_agent.protocol.media import CameraRole, Consent, Mode, Recording, Step
from ehr_prehospital.access.rules import Level
from ehr_prehospital.video import words
from ehr_prehospital.video.rules import NEEDED, allowed_recording, may_watch, shard_of


@pytest.mark.parametrize("role", CameraRole)
def test_every_camera_is_closed_to_who_sees_nothing_and_open_to_who_sees_the_record(
    role: CameraRole,
) -> None:
    assert not may_watch(role=role, level=Level.NONE)
    assert may_watch(role=role, level=Level.CLINICAL)


def test_a_control_room_sees_the_vehicle_but_no_examination() -> None:
    seen = {role for role in CameraRole if may_watch(role=role, level=Level.OPERATIONAL)}

    assert seen == {CameraRole.CABIN, CameraRole.ROAD, CameraRole.BODY}
    assert NEEDED.keys() == set(CameraRole)


def test_somebody_who_refused_is_not_recorded() -> None:
    for asked in Recording:
        assert allowed_recording(recording=asked, consent=Consent.REFUSED) is Recording.OFF
        assert allowed_recording(recording=asked, consent=Consent.EMERGENCY) is asked


def test_incidents_are_spread_over_the_hubs_and_each_stays_with_one() -> None:
    incidents = [uuid5(UUID(int=0), str(number)) for number in range(3000)]

    found = Counter(shard_of(incident, 3) for incident in incidents)

    assert found.keys() == {0, 1, 2}
    assert min(found.values()) > 900
    assert shard_of(incidents[0], 1) == 0


def test_every_code_of_a_stream_has_a_word() -> None:
    assert words.ROLES.keys() == set(CameraRole)
    assert words.MODES.keys() == set(Mode)
    assert words.RECORDINGS.keys() == set(Recording)
    assert words.CONSENTS.keys() == set(Consent)
    assert words.STEPS.keys() == set(Step)
