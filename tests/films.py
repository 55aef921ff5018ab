"""Films whose pictures carry their number, and the recordings that a device makes of them.

A picture's number stands in its left half as sixteen bright or dark bars: it survives any encoder.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import av
import numpy as np
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from numpy.typing import NDArray

from ambulance_agent.protocol.recording import (
    PIECE_BYTES,
    End,
    EndReason,
    Hello,
    Piece,
    end_statement,
    first_link,
    next_link,
)

BARS = 16
Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 160, 96


def picture(number: int, width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """Black or white bars over the whole picture, the highest bit first."""
    bits = [(number >> (BARS - 1 - place)) & 1 for place in range(BARS)]
    row = np.repeat(np.array([30 + 200 * bit for bit in bits], np.uint8), width // BARS)
    return np.stack([np.broadcast_to(row, (height, len(row)))] * 3, axis=-1)


def number_of(shown: Picture) -> int:
    """The number of a decoded picture (rows, columns, 3)."""
    bar = shown.shape[1] // BARS
    middle = shown[shown.shape[0] // 2, bar // 2 :: bar, 0][:BARS]
    return int("".join("1" if value > 128 else "0" for value in middle), 2)


def film(
    numbers: Iterable[int], *, fps: int = 25, keys_every: int = 25, container: str = "mp4"
) -> bytes:
    """A fragmented MP4 as a browser's recorder writes it: a fragment for each key frame."""
    out = io.BytesIO()
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with av.open(out, "w", format=container, options=options if container == "mp4" else {}) as file:
        codec = "libx264" if container == "mp4" else "libvpx"
        stream = file.add_stream(codec, rate=fps)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = (
            {"preset": "ultrafast", "tune": "zerolatency", "x264-params": f"keyint={keys_every}"
             f":min-keyint={keys_every}:scenecut=0"}
            if container == "mp4"
            else {"deadline": "realtime", "g": str(keys_every), "cpu-used": "8"}
        )  # fmt: skip
        for place, number in enumerate(numbers):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture(number)), "rgb24")
            frame.pts = place
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return out.getvalue()


def numbers_in(raw: bytes) -> list[int]:
    """The numbers of all pictures, as they come out of a decoder."""
    with av.open(io.BytesIO(raw), "r") as file:
        return [
            number_of(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            for frame in file.decode(video=0)
        ]


@dataclass
class Device:
    """A device that recorded `raw`: its key, its pieces, its signed end."""

    raw: bytes
    recording: UUID = field(default_factory=uuid4)
    started_ms: float = 1_763_791_200_000.0
    ahead_ms: float = 0.0
    mime: str = "video/mp4;codecs=avc1.42E01E,opus"
    piece_bytes: int = PIECE_BYTES
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def public_key(self) -> str:
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(spki).decode()

    def hello(self) -> Hello:
        return Hello(
            recording=self.recording,
            mime=self.mime,
            started_ms=self.started_ms + self.ahead_ms,
            device_ms=self.started_ms + self.ahead_ms,
            alg="ES256",
            key=self.public_key,
        )

    def pieces(self) -> list[Piece]:
        parts = [
            self.raw[at : at + self.piece_bytes] for at in range(0, len(self.raw), self.piece_bytes)
        ]
        return [
            Piece(seq, self.started_ms + seq, hashlib.sha256(part).digest(), part)
            for seq, part in enumerate(parts)
        ]

    def end(self, *, last: int | None = None, reason: EndReason = EndReason.STOPPED) -> End:
        pieces = self.pieces()
        last = len(pieces) - 1 if last is None else last
        chain = first_link(self.recording)
        for piece in pieces[: last + 1]:
            chain = next_link(
                chain, seq=piece.seq, captured_ms=piece.captured_ms, sha256=piece.sha256
            )
        statement = end_statement(recording=self.recording, last=last, chain=chain, reason=reason)
        r, s = utils.decode_dss_signature(self.key.sign(statement, ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return End(
            recording=self.recording,
            last=last,
            chain=chain.hex(),
            reason=reason,
            signature=base64.b64encode(signature).decode(),
        )
