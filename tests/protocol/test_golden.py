"""Bytes that vehicles in the field send stay readable, and the published schema is the code's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ambulance_agent.protocol import decode_from_server, decode_from_vehicle, encode
from ambulance_agent.protocol.__main__ import TARGET
from ambulance_agent.protocol.codes import (
    NEMSIS,
    PROTOCOL_VERSION,
    VITALS,
    Fact,
    MissionState,
    VitalCode,
)
from ambulance_agent.protocol.schema import published_schema
from tests.protocol.samples import FROM_SERVER, MESSAGES, golden

BYTES = {
    (version, name): bytes.fromhex(text)
    for version in MESSAGES
    for name, text in json.loads(golden(version).read_text()).items()
}
SAID = {(version, name): said for version in MESSAGES for name, said in MESSAGES[version].items()}


def test_every_message_has_golden_bytes() -> None:
    assert BYTES.keys() == SAID.keys()
    assert max(MESSAGES) == PROTOCOL_VERSION


@pytest.mark.parametrize("which", sorted(SAID))
def test_golden_bytes_of_every_version_are_understood_and_still_written(
    which: tuple[int, str],
) -> None:
    decode = decode_from_server if which[1] in FROM_SERVER else decode_from_vehicle

    assert decode(BYTES[which]) == SAID[which]
    assert encode(SAID[which]) == BYTES[which]


def test_the_published_schema_is_not_stale() -> None:
    assert Path(TARGET).read_bytes() == published_schema(), (
        "run: python -m ambulance_agent.protocol"
    )


def test_every_code_is_specified() -> None:
    assert set(VITALS) == set(VitalCode)
    assert set(NEMSIS) == set(Fact) - {Fact.ON_BOARD}
    assert {fact.value for fact in Fact} < {state.value for state in MissionState}
    assert all(spec.low < spec.high for spec in VITALS.values())
    assert len({spec.mdc for spec in VITALS.values()}) == len(VITALS)
