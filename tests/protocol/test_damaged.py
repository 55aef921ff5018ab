"""What is not this protocol is refused with a reason, and without a value of the body."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
import pytest

from ambulance_agent.protocol import (
    MAX_FRAME_BYTES,
    Frame,
    MalformedFrame,
    MalformedReason,
    Quality,
    VitalCode,
    decode_from_server,
    decode_from_vehicle,
    encode,
    reading,
)
from tests.protocol.samples import AT, EPOCH, FROM_SERVER, FROM_VEHICLE, TELEMETRY

# The wire is untyped here on purpose: these are messages that no type allows.
Plain = dict[str, Any]


def plain(name: str = "telemetry") -> Plain:
    decoded: Plain = msgspec.msgpack.decode(encode(FROM_VEHICLE[name]))
    return decoded


def refused(message: Plain | bytes) -> MalformedFrame:
    raw = message if isinstance(message, bytes) else msgspec.msgpack.encode(message)
    with pytest.raises(MalformedFrame) as caught:
        decode_from_vehicle(raw)
    return caught.value


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("colour", "yellow", MalformedReason.UNKNOWN_FIELD),
        ("body.colour", "yellow", MalformedReason.UNKNOWN_FIELD),
        ("body.position.altitude", 4.0, MalformedReason.UNKNOWN_FIELD),
        ("body.numerics.0.colour", "yellow", MalformedReason.UNKNOWN_FIELD),
        ("t", "letter", MalformedReason.UNKNOWN_TYPE),
        ("body.t", "letter", MalformedReason.UNKNOWN_TYPE),
        ("body.numerics.0.code", "heartrate", MalformedReason.UNKNOWN_CODE),
        ("body.numerics.0.quality", "superb", MalformedReason.UNKNOWN_CODE),
        ("body.waves.0.lead", "ecg_iv", MalformedReason.UNKNOWN_CODE),
        ("body.devices.0.state", "asleep", MalformedReason.UNKNOWN_CODE),
        ("made_at", datetime(2026, 3, 1), MalformedReason.NAIVE_TIME),  # noqa: DTZ001
        ("made_at", "2026-03-01T08:00:00", MalformedReason.NAIVE_TIME),
        ("body.numerics.0.measured_at", "2026-03-01T08:00:00", MalformedReason.NAIVE_TIME),
        ("made_at", 12, MalformedReason.INVALID_VALUE),
        ("body.position.lat", 90.1, MalformedReason.INVALID_VALUE),
        ("body.position.lat", float("nan"), MalformedReason.INVALID_VALUE),
        ("body.position.lon", -180.1, MalformedReason.INVALID_VALUE),
        ("body.position.heading_deg", 360.0, MalformedReason.INVALID_VALUE),
        ("body.position.speed_mps", float("inf"), MalformedReason.INVALID_VALUE),
        ("body.numerics.0.value", 351.0, MalformedReason.INVALID_VALUE),
        ("body.numerics.0.value", float("nan"), MalformedReason.INVALID_VALUE),
        ("body.numerics.0.value", "104", MalformedReason.INVALID_VALUE),
        ("body.numerics.0.unit", "%", MalformedReason.INVALID_VALUE),
        ("body.numerics.0.unit", "bpm", MalformedReason.UNKNOWN_CODE),
        ("body.numerics.0.source", "", MalformedReason.INVALID_VALUE),
        ("body.waves.0.samples", b"\x00\x00\x00", MalformedReason.INVALID_VALUE),
        ("body.waves.0.samples", b"", MalformedReason.INVALID_VALUE),
        ("body.waves.0.rate_hz", 0, MalformedReason.INVALID_VALUE),
        ("body.waves.0.scale_uv", 0.0, MalformedReason.INVALID_VALUE),
        ("urgent", "yes", MalformedReason.INVALID_VALUE),
    ],
)
def test_a_frame_with_one_wrong_field_is_parked_with_its_number(
    path: str, value: object, reason: MalformedReason
) -> None:
    message = plain()
    *folders, last = path.split(".")
    place: Any = message
    for folder in folders:
        place = place[int(folder)] if folder.isdigit() else place[folder]
    place[last] = value

    error = refused(message)

    assert error.reason is reason
    assert (error.epoch, error.sequence) == (EPOCH, 40)


@pytest.mark.parametrize("name", ["epoch", "sequence", "made_at", "body"])
def test_a_missing_field_is_named(name: str) -> None:
    message = plain()
    del message[name]

    error = refused(message)

    assert error.reason is MalformedReason.MISSING_FIELD
    assert name in error.detail


@pytest.mark.parametrize(
    ("name", "value"), [("epoch", "not-a-uuid"), ("sequence", -1), ("sequence", 2**63)]
)
def test_a_frame_without_a_readable_number_cannot_be_parked_by_number(
    name: str, value: object
) -> None:
    error = refused(plain() | {name: value})

    assert (error.epoch, error.sequence) == (None, None)


def test_the_first_frame_of_an_epoch_is_parked_with_its_number() -> None:
    error = refused(plain("telemetry_empty") | {"colour": "yellow"})

    assert (error.epoch, error.sequence) == (EPOCH, 0)


@pytest.mark.parametrize("version", [3, 99])
def test_another_version_is_said_to_be_another_version(version: int) -> None:
    assert refused(plain("hello") | {"protocol": version}).reason is MalformedReason.WRONG_VERSION
    newer = plain("hello") | {"protocol": version, "compression": "zstd"}
    assert refused(newer).reason is MalformedReason.WRONG_VERSION


def test_reasons_carry_no_value_of_the_body() -> None:
    message = plain()
    message["body"]["numerics"][0]["code"] = "Li Wei, 54"
    message["body"]["numerics"][0]["value"] = 777.5

    text = str(refused(message))

    assert "Li Wei" not in text
    assert "777" not in text


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xc1", b"\x00", b"not messagepack", b"\x91" * 5000, b"\x81\xa1t" * 5000, b"{}"],
)
def test_garbage_is_refused(raw: bytes) -> None:
    assert refused(raw).sequence is None


def test_a_frame_cut_at_any_byte_is_refused() -> None:
    raw = encode(FROM_VEHICLE["telemetry"])
    for length in range(len(raw)):
        assert refused(raw[:length]).reason is MalformedReason.NOT_MESSAGEPACK
    assert refused(raw + b"\x00").reason is MalformedReason.NOT_MESSAGEPACK


def test_one_flipped_byte_is_refused_or_another_message_but_never_a_crash() -> None:
    raw = encode(FROM_VEHICLE["telemetry"])
    for index in range(len(raw)):
        for mask in (0x01, 0x80, 0xFF):
            damaged = bytearray(raw)
            damaged[index] ^= mask
            with suppress(MalformedFrame):
                decode_from_vehicle(bytes(damaged))


def test_a_frame_that_is_too_large_is_refused_on_both_sides() -> None:
    assert refused(b"\x00" * (MAX_FRAME_BYTES + 1)).reason is MalformedReason.TOO_LARGE
    waves = [msgspec.structs.replace(TELEMETRY.waves[0], samples=bytes(40_000))] * 8
    huge = msgspec.structs.replace(TELEMETRY, waves=waves)
    with pytest.raises(ValueError, match="at most"):
        encode(Frame(epoch=EPOCH, sequence=1, made_at=AT, body=huge))


def test_an_order_whose_route_and_times_differ_is_refused() -> None:
    message = msgspec.msgpack.decode(encode(FROM_SERVER["order"]))
    for change in ({"route_s": [0.0]}, {"route_s": [0.0, 9.0, 8.0]}, {"priority": 6}):
        with pytest.raises(MalformedFrame) as caught:
            decode_from_server(msgspec.msgpack.encode(message | change))
        assert caught.value.reason is MalformedReason.INVALID_VALUE


def test_a_vehicle_does_not_take_a_vehicles_words_for_the_centres() -> None:
    with pytest.raises(MalformedFrame):
        decode_from_server(encode(FROM_VEHICLE["hello"]))
    with pytest.raises(MalformedFrame):
        decode_from_vehicle(encode(FROM_SERVER["welcome"]))


def test_a_value_that_no_body_has_is_kept_but_marked() -> None:
    numeric = reading(VitalCode.SPO2, 130, measured_at=AT, source="oximeter")

    assert numeric.quality is Quality.INVALID
