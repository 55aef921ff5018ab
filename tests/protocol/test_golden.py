"""Bytes that vehicles in the field send stay readable, and the published schema is the code's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ambulance_agent.protocol import decode_from_server, decode_from_vehicle, encode
from ambulance_agent.protocol.__main__ import TARGET
from ambulance_agent.protocol.codes import NEMSIS, VITALS, Fact, MissionState, VitalCode
from ambulance_agent.protocol.schema import published_schema
from tests.protocol.samples import FROM_SERVER, FROM_VEHICLE, GOLDEN

BYTES = {name: bytes.fromhex(text) for name, text in json.loads(GOLDEN.read_text()).items()}


def test_every_message_has_golden_bytes() -> None:
    assert BYTES.keys() == FROM_VEHICLE.keys() | FROM_SERVER.keys()


@pytest.mark.parametrize("name", sorted(FROM_VEHICLE))
def test_golden_bytes_of_a_vehicle_are_understood_and_still_written(name: str) -> None:
    assert decode_from_vehicle(BYTES[name]) == FROM_VEHICLE[name]
    assert encode(FROM_VEHICLE[name]) == BYTES[name]


@pytest.mark.parametrize("name", sorted(FROM_SERVER))
def test_golden_bytes_of_the_centre_are_understood_and_still_written(name: str) -> None:
    assert decode_from_server(BYTES[name]) == FROM_SERVER[name]
    assert encode(FROM_SERVER[name]) == BYTES[name]


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
