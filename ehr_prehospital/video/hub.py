"""The media hub of one process: for each stream its camera, its viewers, and what a newcomer gets.

Fan-out is a loop over the viewers of a stream: no queue, no channel layer, no database, no copy.
A frame is passed on as it came. Whoever reads slowly loses pictures of their own, up to the next
key frame; nothing is kept for them. Knows no socket and no person: both come as functions and ids.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from ambulance_agent.protocol.media import (
    SILENT_S,
    About,
    Ack,
    Flag,
    GiveKey,
    Kind,
    Level,
    MediaFrame,
    Person,
    Pong,
    ToViewer,
    Wanted,
    Watching,
    unpack,
    words,
)
from ehr_prehospital.video.credit import Credit, Picture
from ehr_prehospital.video.latest import Latest

log = logging.getLogger(__name__)

GONE_S = 15.0  # a camera so long silent has lost its socket, whatever TCP says
KEY_EVERY_S = 1.0  # viewers may ask a camera for a key frame so often
CLOCK_STEP_MS = 30.0  # a smaller change of a camera's clock is not told

SendBytes = Callable[[bytes], Awaitable[None]]
SendText = Callable[[str], Awaitable[None]]


@dataclass(slots=True, eq=False)
class Camera:
    """The socket that sends a stream now."""

    say: SendText
    hang_up: Callable[[], Awaitable[None]]
    heard_at: float
    wanted: Wanted | None = None


@dataclass(slots=True, eq=False)
class Viewer:
    """One watching socket."""

    person: Person
    send: SendBytes
    say: SendText
    hang_up: Callable[[], Awaitable[None]]
    heard_at: float
    credit: Credit = field(default_factory=Credit)


class LiveStream:
    """One camera's live pictures while anybody sends or watches them."""

    def __init__(self, about: About, now: Callable[[], float]) -> None:
        self.about = about
        self.newest: int | None = None
        self.camera: Camera | None = None
        self.latest = Latest()
        self.viewers: dict[Viewer, None] = {}
        self._now = now
        self._key_asked_at = float("-inf")

    # --- the camera ---------------------------------------------------------------

    async def opened(self, camera: Camera, about: About) -> None:
        """A camera's socket, the newest one: a link that was cut may still look open."""
        replaced, self.camera = self.camera, camera
        if replaced:
            await replaced.hang_up()
        self.latest.begin_anew()
        await self.tell(live=True, ended=False, **_stated(about))
        await self._say_wanted()
        await camera.say(words(Watching(people=self.people())))

    async def lost(self, camera: Camera) -> None:
        if self.camera is camera:
            self.camera = None
            await self.tell(live=False)

    async def take(self, camera: Camera, raw: bytes) -> None:
        """Pass one frame on. Raises MalformedMedia."""
        frame = unpack(raw)
        now = camera.heard_at = self._now()
        if not self.about.live and self.camera is camera:
            await self.tell(live=True)
        if self.latest.takes(frame) and not frame.flags & Flag.BACKLOG:
            self.latest.keep(frame, raw)
            for viewer in [*self.viewers]:
                if viewer.credit.admits(frame, now=now, has_low=self.latest.has_low):
                    await viewer.send(raw)
        if not frame.more and frame.kind is not Kind.INIT:
            await self._acknowledge(camera, frame)

    async def heard(self, camera: Camera, pong: Pong, offset_ms: float | None) -> None:
        camera.heard_at = self._now()
        await camera.say(words(pong))
        known = self.about.offset_ms
        news = offset_ms is not None and (known is None or abs(offset_ms - known) >= CLOCK_STEP_MS)
        if news or not self.about.live:
            await self.tell(live=True, **({"offset_ms": offset_ms} if news else {}))

    async def step(self, level: Level) -> None:
        await self.tell(step=level.step, reason=level.reason)

    # --- who watches --------------------------------------------------------------

    async def joined(self, viewer: Viewer, now_ms: float) -> None:
        self.viewers[viewer] = None
        await viewer.say(words(_changed(self.about, now_ms=now_ms)))
        await self._send_opening(viewer)
        await self._say_watching()
        await self._say_wanted()

    async def left(self, viewer: Viewer) -> None:
        if self.viewers.pop(viewer, viewer) is None:
            await self._say_watching()
            await self._say_wanted()

    async def want(self, viewer: Viewer, picture: Picture) -> None:
        if viewer.credit.wants is not picture:
            viewer.credit.want(picture)
            await self._send_opening(viewer)
            await self._say_wanted()

    async def got(self, viewer: Viewer, seq: int) -> None:
        if viewer.credit.got(seq, now=self._now()):
            await self.give_key()

    async def give_key(self) -> None:
        now = self._now()
        if self.camera and now - self._key_asked_at >= KEY_EVERY_S:
            self._key_asked_at = now
            await self.camera.say(words(GiveKey()))

    def people(self) -> list[Person]:
        return [*{viewer.person.id: viewer.person for viewer in self.viewers}.values()]

    # --- both ---------------------------------------------------------------------

    # Any field of About.
    async def tell(self, **changes: object) -> None:
        about = _changed(self.about, **changes)
        if about == self.about:
            return
        self.about = about
        await self.say_all(about)

    async def say_all(self, message: ToViewer) -> None:
        text = words(message)
        for viewer in [*self.viewers]:
            await viewer.say(text)

    async def look_after(self) -> None:
        """Called four times a second: who has fallen silent?"""
        now = self._now()
        camera = self.camera
        if camera and now - camera.heard_at > SILENT_S and self.about.live:
            await self.tell(live=False)
        if camera and now - camera.heard_at > GONE_S:
            await camera.hang_up()
        for viewer in [*self.viewers]:
            if now - viewer.heard_at > GONE_S:
                await viewer.hang_up()

    async def _acknowledge(self, camera: Camera, frame: MediaFrame) -> None:
        """Once for each picture, the small one of the same moment included."""
        if self.newest is None or frame.seq > self.newest:
            self.newest = frame.seq
            await camera.say(words(Ack(seq=frame.seq)))

    async def _send_opening(self, viewer: Viewer) -> None:
        opening = self.latest.opening(viewer.credit.wants)
        for raw in opening:
            viewer.credit.admits(unpack(raw), now=self._now(), has_low=self.latest.has_low)
            await viewer.send(raw)
        if not opening and viewer.credit.wants is not Picture.NONE:
            await self.give_key()

    async def _say_wanted(self) -> None:
        if self.camera is None:
            return
        wishes = {viewer.credit.wants for viewer in self.viewers}
        wanted = Wanted(full=Picture.FULL in wishes, low=Picture.LOW in wishes)
        if wanted != self.camera.wanted:
            self.camera.wanted = wanted
            await self.camera.say(words(wanted))

    async def _say_watching(self) -> None:
        watching = Watching(people=self.people())
        if self.camera:
            await self.camera.say(words(watching))
        await self.say_all(watching)


class Hub:
    """All streams of this process."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._streams: dict[UUID, LiveStream] = {}
        # (person, stream) → when their look was logged: a new socket each minute is one look
        self.looks: dict[tuple[UUID, UUID], float] = {}

    def stream(self, about: About) -> LiveStream:
        """The one of this id; made by whoever comes first, camera or viewer."""
        return self._streams.setdefault(about.id, LiveStream(about, self._now))

    def release(self, stream: LiveStream) -> None:
        """Forget a stream that nobody sends or watches."""
        if stream.camera is None and not stream.viewers:
            self._streams.pop(stream.about.id, None)

    def get(self, stream_id: UUID) -> LiveStream | None:
        return self._streams.get(stream_id)

    def __len__(self) -> int:
        return len(self._streams)

    async def look_after_all(self) -> None:
        for stream in [*self._streams.values()]:
            try:
                await stream.look_after()
            except OSError:
                log.exception("a socket of stream %s", stream.about.id)


def _stated(about: About) -> dict[str, object]:
    """What a camera says of itself when it begins; the rest is the hub's to know."""
    names = ("role", "label", "mode", "codec", "recording", "consent")
    return {name: getattr(about, name) for name in names}


def _changed(about: About, **changes: object) -> About:
    values = {name: getattr(about, name) for name in _names(about)}
    return About(**(values | changes))


def _names(about: About) -> Iterable[str]:
    return about.__struct_fields__
