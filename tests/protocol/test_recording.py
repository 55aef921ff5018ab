"""The record on the wire: what is not exactly a piece is refused with a reason."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambulance_agent.protocol.recording import (
    MOST_PIECE_BYTES,
    Beat,
    End,
    EndReason,
    Have,
    Hello,
    MalformedPiece,
    RecordRefusal,
    decode_from_device,
    decode_from_hub,
    decode_piece,
    encode_message,
    encode_piece,
    end_statement,
    first_link,
    next_link,
)

RECORDING = UUID("0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7a")


@given(seq=st.integers(0, 2**31 - 1), payload=st.binary(min_size=1, max_size=2000))
def test_a_piece_comes_back_as_it_went(seq: int, payload: bytes) -> None:
    piece = decode_piece(encode_piece(seq, 1_795_327_200_000.25, payload))

    assert (piece.seq, piece.captured_ms, piece.payload) == (seq, 1_795_327_200_000.25, payload)


@given(at=st.integers(0, 200), bit=st.integers(0, 7))
def test_a_flipped_bit_is_never_taken_for_the_piece(at: int, bit: int) -> None:
    whole = encode_piece(7, 1000.0, b"the picture of a heart" * 8)
    damaged = bytearray(whole)
    damaged[at % len(whole)] ^= 1 << bit

    try:
        piece = decode_piece(bytes(damaged))
    except MalformedPiece:
        return
    # Number, time and flags are covered by the chain, not by the piece's own hash.
    assert piece.payload == b"the picture of a heart" * 8
    assert (piece.seq, piece.captured_ms) != (7, 1000.0) or damaged[13] != 0


@given(raw=st.binary(max_size=200))
def test_noise_is_refused_and_nothing_else_happens(raw: bytes) -> None:
    with pytest.raises(MalformedPiece):
        decode_piece(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (encode_piece(1, 1.0, bytes(MOST_PIECE_BYTES + 1)), RecordRefusal.TOO_LARGE),
        (encode_piece(1, 1.0, b"ab")[:-1] + b"x", RecordRefusal.HASH),
        (encode_piece(1, float("nan"), b"ab"), RecordRefusal.MALFORMED),
        (encode_piece(1, -5.0, b"ab"), RecordRefusal.MALFORMED),
        (encode_piece(2**32 - 1, 1.0, b"ab"), RecordRefusal.MALFORMED),
        (b"\x01" + encode_piece(1, 1.0, b"ab")[1:], RecordRefusal.MALFORMED),
        (encode_piece(1, 1.0, b"a")[:46], RecordRefusal.MALFORMED),
        (b"", RecordRefusal.MALFORMED),
    ],
)
def test_each_wrong_piece_has_its_reason(raw: bytes, reason: RecordRefusal) -> None:
    with pytest.raises(MalformedPiece) as refused:
        decode_piece(raw)

    assert refused.value.reason is reason


def test_words_come_back_as_they_went() -> None:
    hello = Hello(recording=RECORDING, mime="video/mp4", started_ms=1.5, device_ms=2.5, alg="HS256")
    end = End(recording=RECORDING, last=9, chain="ab" * 32, reason=EndReason.FULL, signature="c2ln")
    have = Have(recording=RECORDING, next=4, holes=[(1, 2)], ended=False)

    assert decode_from_device(encode_message(hello)) == hello
    assert decode_from_device(encode_message(end)) == end
    assert decode_from_device('{"t":"ping"}') == Beat()
    assert decode_from_hub(encode_message(have)) == have


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"t":"nothing"}',
        '{"t":"hello"}',
        '{"t":"ping","more":1}',
        '{"t":"last","recording":"x","last":1,"chain":"","reason":"stopped","signature":""}',
        "[" * 5000,
        '{"t":"hello","mime":"' + "x" * 9000 + '"}',
    ],
)
def test_words_of_another_shape_are_refused(text: str) -> None:
    with pytest.raises(MalformedPiece):
        decode_from_device(text)


def test_the_chain_tells_order_number_time_and_recording_apart() -> None:
    digest = bytes(32)
    head = first_link(RECORDING)
    one = next_link(head, seq=0, captured_ms=1.0, sha256=digest)

    others = {
        next_link(head, seq=1, captured_ms=1.0, sha256=digest),
        next_link(head, seq=0, captured_ms=2.0, sha256=digest),
        next_link(head, seq=0, captured_ms=1.0, sha256=b"\1" * 32),
        next_link(one, seq=0, captured_ms=1.0, sha256=digest),
        next_link(first_link(UUID(int=1)), seq=0, captured_ms=1.0, sha256=digest),
    }

    assert len(others | {one}) == 6


def test_the_header_is_the_one_of_the_media_frame() -> None:
    raw = encode_piece(258, 2.0, b"x")

    assert struct.unpack(">BIdB", raw[:14]) == (2, 258, 2.0, 0)
    said = end_statement(recording=RECORDING, last=3, chain=bytes(32), reason=EndReason.STOPPED)
    assert said.split(b"\n") == [
        b"onboard record end 1",
        str(RECORDING).encode(),
        b"3",
        b"00" * 32,
        b"stopped",
    ]


GOLDEN = Path(__file__).with_name("golden") / "recording-v1.json"


def golden() -> dict[str, object]:
    """What a browser must make, too: static/tablet/recording/chain.test.js reads the same file."""
    head = first_link(RECORDING)
    pieces = []
    for seq, payload in enumerate([b"the first", b"\x00\xff" * 40]):
        captured_ms = 1_795_327_200_000.5 + 40 * seq
        digest = hashlib.sha256(payload).digest()
        head = next_link(head, seq=seq, captured_ms=captured_ms, sha256=digest)
        pieces.append(
            {
                "seq": seq,
                "captured_ms": captured_ms,
                "payload": payload.hex(),
                "packed": encode_piece(seq, captured_ms, payload).hex(),
                "head": head.hex(),
            }
        )
    said = end_statement(recording=RECORDING, last=1, chain=head, reason=EndReason.STOPPED)
    return {
        "recording": str(RECORDING),
        "first": first_link(RECORDING).hex(),
        "pieces": pieces,
        "end": {"last": 1, "reason": "stopped", "statement": said.hex()},
    }


def test_pieces_chain_and_end_are_the_bytes_that_both_sides_were_written_for() -> None:
    assert golden() == json.loads(GOLDEN.read_text())
