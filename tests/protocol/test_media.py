"""The frame of pictures: the same bytes as in the browser, and nothing hostile gets through."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambulance_agent.protocol.media import (
    HEADER_BYTES,
    MAX_MEDIA_BYTES,
    MAX_PAYLOAD_BYTES,
    MAX_WORDS_BYTES,
    Begin,
    CameraRole,
    Flag,
    Kind,
    MalformedMedia,
    Ping,
    camera_words,
    hub_words,
    pack,
    pieces,
    unpack,
    viewer_words,
    words,
)

CASES = json.loads((Path(__file__).parent / "golden" / "media-v1.json").read_text())


@pytest.mark.parametrize("case", CASES["frames"], ids=lambda case: case["name"])
def test_a_frame_has_the_golden_bytes(case: dict[str, str | int | float]) -> None:
    packed = pack(
        Kind(int(case["kind"])),
        int(case["seq"]),
        float(case["capture_ms"]),
        Flag(int(case["flags"])),
        bytes.fromhex(str(case["payload"])),
    )

    read = unpack(packed)

    assert packed.hex() == case["hex"]
    assert (read.kind, read.seq, read.capture_ms, read.flags) == (
        case["kind"], case["seq"], case["capture_ms"], case["flags"],
    )  # fmt: skip
    assert bytes(read.payload).hex() == case["payload"]


@pytest.mark.parametrize("case", CASES["damaged"], ids=lambda case: case["name"])
def test_a_damaged_frame_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(MalformedMedia):
        unpack(bytes.fromhex(case["hex"]))


def test_a_message_that_is_too_large_is_refused() -> None:
    with pytest.raises(MalformedMedia):
        unpack(bytes(MAX_MEDIA_BYTES + 1))
    with pytest.raises(MalformedMedia):
        camera_words(" " * (MAX_WORDS_BYTES + 1))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_malformed(raw: bytes) -> None:
    try:
        frame = unpack(raw)
    except MalformedMedia:
        return
    assert pack(frame.kind, frame.seq, frame.capture_ms, frame.flags, frame.payload) == raw


@given(st.one_of(st.text(max_size=100), st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["t", "seq", "at", "picture", "v"]), inner, max_size=4),
    max_leaves=8,
).map(json.dumps)))  # fmt: skip
def test_any_words_are_understood_passed_over_or_malformed(text: str) -> None:
    for read in (camera_words, viewer_words, hub_words):
        try:
            read(text)
        except MalformedMedia:
            continue


@given(st.integers(0, 3 * MAX_PAYLOAD_BYTES + 1))
def test_a_picture_of_any_size_travels_in_pieces_of_a_bounded_size(size: int) -> None:
    picture = bytes(index % 251 for index in range(256)) * (size // 256 + 1)
    picture = picture[:size]

    sent = [unpack(piece) for piece in pieces(Kind.CHUNK, 3, 5.0, Flag.KEY, picture)]

    assert b"".join(frame.payload for frame in sent) == picture
    assert [frame.more for frame in sent] == [True] * (len(sent) - 1) + [False]
    assert {frame.seq for frame in sent} == {3}
    assert all(len(frame.payload) + HEADER_BYTES <= MAX_MEDIA_BYTES for frame in sent)


def test_words_keep_their_meaning_and_unknown_ones_are_passed_over() -> None:
    begin = Begin(
        mission=UUID(int=7),
        role=CameraRole.ROAD,
        codec="avc1.42001f",
        started_at=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
    )

    assert camera_words(words(begin)) == begin
    assert camera_words('{"t":"ping","at":5,"of_a_newer_version":1}') == Ping(at=5)
    assert camera_words('{"t":"of_a_newer_version"}') is None
    with pytest.raises(MalformedMedia):
        camera_words('{"t":"begin"}')
