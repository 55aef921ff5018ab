"""Whatever a vehicle may say arrives as it was said."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from ambulance_agent.protocol import (
    DeviceState,
    DeviceStateCode,
    Fact,
    Frame,
    Lead,
    MalformedFrame,
    Numeric,
    Position,
    Quality,
    Status,
    Telemetry,
    VitalCode,
    Wave,
    decode_from_server,
    decode_from_vehicle,
    encode,
    reading,
)

times = st.datetimes(
    datetime(1980, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip
names = st.text(min_size=1, max_size=64)


def maybe(low: float, high: float, *, below: bool = False) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high, exclude_max=below)


positions = st.builds(
    Position,
    fix_at=times,
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    heading_deg=maybe(0, 360, below=True),
    speed_mps=maybe(0, 150),
    accuracy_m=maybe(0, 100_000),
    satellites=st.none() | st.integers(0, 200),
)


@st.composite
def numerics(draw: st.DrawFn) -> Numeric:
    code = draw(st.sampled_from(VitalCode))
    return reading(
        code,
        draw(st.floats(code.spec.low, code.spec.high) | st.floats(-1e6, 1e6)),
        measured_at=draw(times),
        source=draw(names),
        quality=draw(st.sampled_from(Quality)),
    )


waves = st.builds(
    Wave,
    lead=st.sampled_from(Lead),
    started_at=times,
    rate_hz=st.integers(1, 4000),
    scale_uv=st.floats(0.001, 1000),
    samples=st.binary(min_size=1, max_size=300).map(lambda half: half + half),
)
devices = st.builds(DeviceState, device=names, state=st.sampled_from(DeviceStateCode), since=times)
bodies = st.builds(
    Telemetry,
    position=st.none() | positions,
    numerics=st.lists(numerics(), max_size=4),
    waves=st.lists(waves, max_size=2),
    devices=st.lists(devices, max_size=3),
) | st.builds(
    Status,
    fact_id=st.uuids(version=4),
    mission_id=st.uuids(version=4),
    fact=st.sampled_from(Fact),
    occurred_at=times,
    reason=st.none() | st.text(max_size=200),
)
frames = st.builds(
    Frame,
    epoch=st.uuids(version=4),
    sequence=st.integers(0, 2**62),
    made_at=times,
    urgent=st.booleans(),
    body=bodies,
)


@settings(deadline=None, max_examples=60)
@given(frames)
def test_a_frame_arrives_as_it_was_sent(frame: Frame) -> None:
    assert decode_from_vehicle(encode(frame)) == frame


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_message_or_malformed(raw: bytes) -> None:
    for decode in (decode_from_vehicle, decode_from_server):
        with suppress(MalformedFrame):
            decode(raw)
