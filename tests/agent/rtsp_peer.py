"""A body-worn recorder for tests, as a process of its own: H.264 over RTSP (RFC 2326), by TCP.

python -m tests.agent.rtsp_peer CUT_AFTER: prints its port, then for each connection plays pictures
that carry their numbers, which go on from one connection to the next. The first connection is cut
off after so many pictures, as by a recorder that was switched off and on. Asks for a name and a
password, as recorders do (RFC 2617, basic).
"""

from __future__ import annotations

import base64
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

import av
import numpy as np

from tests.fake_camera import draw

FPS, WIDTH, HEIGHT = 25, 320, 240
TICKS = 90_000  # of RTP's clock for video
MOST = 1200  # bytes of a packet
NAME_AND_PASSWORD = "crew:north"


def main() -> None:
    cut_after = int(sys.argv[1])
    with socket.create_server(("127.0.0.1", 0)) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        first = 0
        while True:
            line, _peer = server.accept()
            with line, suppress(OSError):
                first = serve(line, first, cut_after if first == 0 else None)
                line.shutdown(socket.SHUT_WR)  # what was sent arrives
                while line.recv(4096):
                    pass


def serve(line: socket.socket, first: int, most: int | None) -> int:
    """Until PLAY, then pictures; returns the number of the next one."""
    encoder = Encoder()
    opening = encoder.encode(first)
    while True:
        request = read_request(line)
        method, sequence = request[0].split()[0], header(request, "cseq")
        known = base64.b64encode(NAME_AND_PASSWORD.encode()).decode()
        if method != "OPTIONS" and header(request, "authorization") != f"Basic {known}":
            answer(line, sequence, 'WWW-Authenticate: Basic realm="recorder"', status="401 No")
        elif method == "OPTIONS":
            answer(line, sequence, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
        elif method == "DESCRIBE":
            answer(line, sequence, "Content-Type: application/sdp", body=description(opening))
        elif method == "SETUP":
            answer(line, sequence, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 1")
        elif method == "PLAY":
            answer(line, sequence, "Session: 1", "Range: npt=now-")
            return play(line, encoder, opening, first, most)
        else:
            raise OSError(method)


def play(
    line: socket.socket, encoder: Encoder, opening: list[bytes], first: int, most: int | None
) -> int:
    number, sequence, units = first, 0, opening
    begin = time.monotonic()
    while most is None or number - first < most:
        stamp = (number - first) * TICKS // FPS
        for packet, last in packets(units):
            head = struct.pack(">BBHII", 0x80, 96 | last << 7, sequence & 0xFFFF, stamp, 7)
            line.sendall(struct.pack(">BBH", 0x24, 0, len(head) + len(packet)) + head + packet)
            sequence += 1
        number += 1
        units = encoder.encode(number)
        time.sleep(max(0.0, begin + (number - first) / FPS - time.monotonic()))
    return number


def packets(units: list[bytes]) -> Iterator[tuple[bytes, bool]]:
    """RFC 6184: a unit by itself where it fits, else in fragments; True for a picture's last."""
    for place, unit in enumerate(units):
        last = place == len(units) - 1
        if len(unit) <= MOST:
            yield unit, last
            continue
        parts = [unit[at : at + MOST] for at in range(1, len(unit), MOST)]
        for at, part in enumerate(parts):
            begins, ends = at == 0, at == len(parts) - 1
            yield (
                bytes([unit[0] & 0xE0 | 28, begins << 7 | ends << 6 | unit[0] & 0x1F]) + part,
                last and ends,
            )


class Encoder:
    def __init__(self) -> None:
        self._codec = av.CodecContext.create("libx264", "w")
        self._codec.width, self._codec.height, self._codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._codec.framerate, self._codec.gop_size = Fraction(FPS), FPS
        self._codec.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"}

    def encode(self, number: int) -> list[bytes]:
        """The units of one picture, without start codes."""
        grey = np.full((HEIGHT, WIDTH), 100, np.uint8)
        draw(grey, number)
        frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
        raw = b"".join(bytes(packet) for packet in self._codec.encode(frame))
        return [unit for unit in raw.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]


def description(opening: list[bytes]) -> str:
    sets = ",".join(base64.b64encode(unit).decode() for unit in opening if unit[0] & 0x1F in {7, 8})
    return "\r\n".join(
        (
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=recorder", "t=0 0", "m=video 0 RTP/AVP 96",
            "a=rtpmap:96 H264/90000",
            f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}", "a=control:0", "",
        )
    )  # fmt: skip


def read_request(line: socket.socket) -> list[str]:
    raw = b""
    while b"\r\n\r\n" not in raw:
        more = line.recv(4096)
        if not more:
            raise OSError("gone")
        raw += more
    return raw.decode().split("\r\n")


def header(request: list[str], name: str) -> str:
    found = (one.partition(":")[2].strip() for one in request if one.lower().startswith(f"{name}:"))
    return next(found, "")


def answer(
    line: socket.socket, sequence: str, *headers: str, body: str = "", status: str = "200 OK"
) -> None:
    lines = [f"RTSP/1.0 {status}", f"CSeq: {sequence}", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    line.sendall("\r\n".join((*lines, "", body)).encode())


if __name__ == "__main__":
    main()
