"""One camera's own thread: open the source, take its pictures, encode them small and whole.

PyAV blocks, so nothing of it happens in the agent's loop. The thread asks its `Wishes` what is
wanted now and gives away what it has encoded; it knows no socket.
"""

from __future__ import annotations

import contextlib
import io
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import Protocol

import av
from av.video.frame import PictureType, VideoFrame

from ambulance_agent.drivers.camera.parse import Source, drawn_picture
from ambulance_agent.drivers.camera.settings import Camera
from ambulance_agent.protocol.media import Flag, Kind, Step

log = logging.getLogger(__name__)

LOW_WIDTH, LOW_KBPS, LOW_EVERY = 320, 120, 2
KEY_EVERY_S = STILL_EVERY_S = 2.0
STILL_WIDTH = 640
RETRY_FIRST_S, RETRY_LAST_S = 0.5, 10.0
RECORD_KBPS, RECORD_KEY_EVERY_S = 1500, 1
_MICRO = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Coded:
    kind: Kind
    seq: int
    capture_ms: float
    flags: Flag
    payload: bytes


@dataclass(slots=True)
class Wishes:
    """Written by the socket's side, read by the thread; each field by itself is enough."""

    full: bool = False
    low: bool = True
    kbps: float = 900.0
    step: Step = Step.HD
    stopped: bool = False
    key: threading.Event = field(default_factory=threading.Event)


class Keeper(Protocol):
    """Keeps a recording: bytes as they come, and its end."""

    def write(self, content: bytes, capture_ms: float) -> None: ...

    def close(self) -> None: ...


class Encoder:
    """x264 without delay. Begins anew when the size changes, and takes new bits on the way."""

    def __init__(self, width: int, height: int, kbps: float, fps: int) -> None:
        self.size, self._kbps = (width, height), kbps
        self._codec = av.CodecContext.create("libx264", "w")
        self._codec.width, self._codec.height = width, height
        self._codec.pix_fmt = "yuv420p"
        self._codec.time_base = _MICRO
        self._codec.framerate = Fraction(fps, 1)
        self._codec.bit_rate = round(kbps * 1000)
        self._codec.gop_size = 10_000  # we say when
        self._codec.options = {
            "preset": "veryfast", "tune": "zerolatency", "profile": "baseline",
            "forced-idr": "1", "maxrate": str(round(kbps * 1000)),
            "bufsize": str(round(kbps * 500)), "x264-params": "sliced-threads=0:threads=1",
        }  # fmt: skip
        self._key_at = float("-inf")

    def set_kbps(self, kbps: float) -> bool:
        """False where it must be made anew."""
        return abs(kbps / self._kbps - 1) < 0.1

    def need_key(self) -> None:
        self._key_at = float("-inf")

    def encode(self, picture: VideoFrame, now: float) -> Iterator[tuple[bool, bytes]]:
        """Whether it is a key picture, and its bytes."""
        small = picture.reformat(*self.size, format="yuv420p")
        small.pts, small.time_base = round(now * 1_000_000), _MICRO
        small.pict_type = PictureType.NONE
        if now - self._key_at >= KEY_EVERY_S:
            self._key_at = now
            small.pict_type = PictureType.I
        for packet in self._codec.encode(small):
            yield bool(packet.is_keyframe), bytes(packet)


class Recorder:
    """The same pictures in a constant quality, as a fragmented MP4, to whoever keeps it."""

    def __init__(
        self, width: int, height: int, fps: int, write: Callable[[bytes, float], None]
    ) -> None:
        self._write, self._file = write, io.BytesIO()
        flags = "frag_keyframe+empty_moov+default_base_moof"
        self._out = av.open(_Pipe(self._file), "w", format="mp4", options={"movflags": flags})
        self._stream = self._out.add_stream("libx264", rate=fps)
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = _MICRO
        self._stream.codec_context.bit_rate = RECORD_KBPS * 1000
        self._stream.codec_context.gop_size = fps * RECORD_KEY_EVERY_S
        self._stream.codec_context.options = {"preset": "veryfast", "tune": "zerolatency"}
        self._began: float | None = None

    def add(self, picture: VideoFrame, now: float, capture_ms: float) -> None:
        self._began = now if self._began is None else self._began
        whole = picture.reformat(self._stream.width, self._stream.height, format="yuv420p")
        whole.pts, whole.time_base = round((now - self._began) * 1_000_000), _MICRO
        whole.pict_type = PictureType.NONE
        self._out.mux(self._stream.encode(whole))
        self._pass_on(capture_ms)

    def close(self, capture_ms: float) -> None:
        self._out.mux(self._stream.encode(None))
        self._out.close()
        self._pass_on(capture_ms)

    def _pass_on(self, capture_ms: float) -> None:
        content = self._file.getvalue()
        if content:
            self._file.seek(0)
            self._file.truncate()
            self._write(content, capture_ms)


class _Pipe:
    """A file that only grows: the muxer must not go back."""

    def __init__(self, file: io.BytesIO) -> None:
        self._file = file

    def write(self, content: bytes) -> int:
        return self._file.write(content)


class Capture(threading.Thread):
    """Until `stop`. `give` and the keeper are called from this thread."""

    def __init__(
        self,
        camera: Camera,
        wishes: Wishes,
        give: Callable[[Coded], None],
        keeper: Keeper | None,
    ) -> None:
        super().__init__(name=f"camera-{camera.name}", daemon=True)
        self._camera, self._wishes, self._give, self._keeper = camera, wishes, give, keeper
        self._seq = 0
        self._over = threading.Event()
        self._full: Encoder | None = None
        self._low: Encoder | None = None
        self._recorder: Recorder | None = None
        self._still_at = float("-inf")
        self.sees = False

    def stop(self) -> None:
        self._over.set()

    def run(self) -> None:
        wait_s = RETRY_FIRST_S
        try:
            while not self._over.is_set():
                try:
                    for picture in self._pictures():
                        self.sees, wait_s = True, RETRY_FIRST_S
                        self._take(picture)
                        if self._over.is_set():
                            return
                except (av.FFmpegError, OSError) as error:
                    # Not its words: they may hold an address with a password.
                    log.warning("camera %s: %s", self._camera.name, type(error).__name__)
                self.sees = False
                self._over.wait(wait_s)
                wait_s = min(wait_s * 2, RETRY_LAST_S)
        finally:
            if self._recorder:
                self._recorder.close(time.time() * 1000)
            if self._keeper:
                self._keeper.close()

    def _pictures(self) -> Iterator[VideoFrame]:
        source = self._camera.source
        if source.kind == "test":
            yield from self._drawn()
            return
        opening = source.opening(width=self._camera.width, fps=self._camera.fps)
        with av.open(**opening) as container:
            yield from self._paced(source, container)

    def _drawn(self) -> Iterator[VideoFrame]:
        width, number, due = self._camera.width, 0, time.monotonic()
        tone = 20 * (len(self._camera.name) % 3)
        while True:
            moment = datetime.now(UTC)
            grey = drawn_picture(number, moment, width=width, height=width * 3 // 4, tone=tone)
            yield VideoFrame.from_ndarray(grey, format="gray")
            number += 1
            due = max(due + 1 / self._camera.fps, time.monotonic() - 1)
            self._over.wait(max(0.0, due - time.monotonic()))

    def _paced(
        self, source: Source, container: av.container.InputContainer
    ) -> Iterator[VideoFrame]:
        """A camera gives its own pace; a film is played in its own, once."""
        begin: float | None = None
        for picture in container.decode(video=0):
            if not source.is_live and picture.time is not None:
                begin = time.monotonic() - picture.time if begin is None else begin
                self._over.wait(max(0.0, begin + picture.time - time.monotonic()))
            yield picture

    def _take(self, picture: VideoFrame) -> None:
        now, capture_ms = time.monotonic(), time.time() * 1000
        self._seq += 1
        wishes = self._wishes
        if wishes.key.is_set():
            wishes.key.clear()
            for encoder in (self._full, self._low):
                if encoder:
                    encoder.need_key()
        width = min(self._camera.width, picture.width) // 2 * 2
        height = width * picture.height // picture.width // 2 * 2
        if self._keeper:
            self._record(picture, width, height, now, capture_ms)
        if wishes.step is Step.STILL and now - self._still_at >= STILL_EVERY_S:
            self._still_at = now
            self._give(Coded(Kind.STILL, self._seq, capture_ms, Flag.KEY, jpeg(picture)))
        if wishes.stopped or wishes.step in {Step.STILL, Step.VOICE}:
            return
        if wishes.full:
            part = 2 if wishes.step is Step.SD else 1
            size = (width // part // 2 * 2, height // part // 2 * 2)
            self._full = self._fit(self._full, size, wishes.kbps)
            self._send(self._full, picture, now, capture_ms, Flag.NONE)
        if (wishes.low or not wishes.full) and self._seq % LOW_EVERY == 0:
            low = (LOW_WIDTH, LOW_WIDTH * height // width // 2 * 2)
            self._low = self._fit(self._low, low, LOW_KBPS)
            self._send(self._low, picture, now, capture_ms, Flag.LOW)

    def _fit(self, encoder: Encoder | None, size: tuple[int, int], kbps: float) -> Encoder:
        if encoder and encoder.size == size and encoder.set_kbps(kbps):
            return encoder
        return Encoder(*size, kbps, self._camera.fps)

    def _send(
        self, encoder: Encoder, picture: VideoFrame, now: float, capture_ms: float, flags: Flag
    ) -> None:
        for key, payload in encoder.encode(picture, now):
            of = flags | Flag.KEY if key else flags
            self._give(Coded(Kind.CHUNK, self._seq, capture_ms, of, payload))

    def _record(
        self, picture: VideoFrame, width: int, height: int, now: float, capture_ms: float
    ) -> None:
        if self._recorder is None and self._keeper:
            self._recorder = Recorder(width, height, self._camera.fps, self._keeper.write)
        if self._recorder:
            self._recorder.add(picture, now, capture_ms)


def jpeg(picture: VideoFrame) -> bytes:
    width = min(STILL_WIDTH, picture.width) // 2 * 2
    height = width * picture.height // picture.width // 2 * 2
    codec = av.CodecContext.create("mjpeg", "w")
    codec.width, codec.height, codec.pix_fmt, codec.time_base = width, height, "yuvj420p", _MICRO
    still = picture.reformat(width, height, format="yuvj420p")
    still.pts, still.time_base, still.pict_type = 0, _MICRO, PictureType.NONE
    with contextlib.suppress(EOFError):
        return b"".join(bytes(packet) for packet in [*codec.encode(still), *codec.encode(None)])
    return b""
