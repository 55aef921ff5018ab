"""Cameras and viewers of tests: real sockets to a real hub, pictures of any bytes."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import msgspec
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from ambulance_agent.protocol.media import (
    Begin,
    CameraRole,
    Flag,
    FromCamera,
    FromViewer,
    Got,
    Kind,
    MediaFrame,
    pieces,
    unpack,
    words,
)
from tests.signed_in import signed_in

if TYPE_CHECKING:
    from dispatch.fleet.models import Mission
    from dispatch.people.models import User

CODEC = "avc1.42001f"


def cookie(user: User) -> dict[str, str]:
    return {"Cookie": f"sessionid={signed_in(user)['session'].session_key}"}


class Side:
    """One end of a media socket."""

    def __init__(self, line: ClientConnection) -> None:
        self.socket = line
        self.frames: list[MediaFrame] = []

    def say(self, message: FromCamera | FromViewer) -> None:
        self.socket.send(words(message))

    # Any: JSON of the hub.
    def hear(self, name: str, *, timeout_s: float = 10) -> dict[str, Any]:
        """The next words of this name; frames on the way are kept."""
        end = time.monotonic() + timeout_s
        while True:
            raw = self.socket.recv(timeout=max(0.01, end - time.monotonic()))
            if isinstance(raw, bytes):
                self.frames.append(unpack(raw))
            elif (message := json.loads(raw))["t"] == name:
                return dict(message)

    def frame(self, *, timeout_s: float = 10) -> MediaFrame:
        """The next frame; words on the way are passed over."""
        end = time.monotonic() + timeout_s
        while not self.frames:
            raw = self.socket.recv(timeout=max(0.01, end - time.monotonic()))
            if isinstance(raw, bytes):
                self.frames.append(unpack(raw))
        return self.frames.pop(0)

    def got(self, seq: int) -> None:
        self.say(Got(seq=seq))

    def picture(
        self, seq: int, payload: bytes = b"picture", *, flags: Flag = Flag.NONE,
        kind: Kind = Kind.CHUNK,
    ) -> None:  # fmt: skip
        for piece in pieces(kind, seq, time.time() * 1000, flags, payload):
            self.socket.send(piece)


def begin(mission: Mission, role: CameraRole = CameraRole.CABIN, **more: Any) -> Begin:
    known = Begin(mission=mission.pk, role=role, codec=CODEC, started_at=datetime.now(UTC))
    return msgspec.structs.replace(known, **more)


@contextmanager
def media_socket(
    port: int, path: str, headers: dict[str, str], *, origin: bool = True, reads: bool = True
) -> Iterator[Side]:
    """One that does not read has a small window, which is soon full."""
    plain = socket.socket()
    if not reads:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.connect(("127.0.0.1", port))
    with (
        closing(plain),
        connect(
            f"ws://127.0.0.1:{port}/media/{path}",
            sock=plain,
            origin=Origin(f"http://127.0.0.1:{port}") if origin else None,
            additional_headers=headers,
            close_timeout=0.2,
            max_queue=None if reads else 1,
            compression=None,
        ) as line,
    ):
        yield Side(line)


@contextmanager
def camera_of(
    port: int, mission: Mission, user: User, stream_id: UUID | None = None, **more: Any
) -> Iterator[tuple[UUID, Side]]:
    """A camera that has begun and was welcomed."""
    stream_id = stream_id or uuid4()
    path = f"{mission.incident_id}/publish/{stream_id}/"
    with media_socket(port, path, cookie(user)) as side:
        side.say(begin(mission, **more))
        side.hear("welcome")
        yield stream_id, side


@contextmanager
def viewer_of(
    port: int, mission: Mission, user: User, stream_id: UUID, *, reads: bool = True
) -> Iterator[Side]:
    path = f"{mission.incident_id}/watch/{stream_id}/"
    with media_socket(port, path, cookie(user), reads=reads) as side:
        yield side
