"""Where the pictures of a fragmented MP4 stand: one entry for each fragment, by its boxes alone.

ISO/IEC 14496-12 names the boxes: `moov` (the tracks and their clocks), then for each fragment a
`moof` (`traf` → `tfhd`, `tfdt`, `trun`) and its `mdat`. Nothing is decoded. A file that is still
growing is read as far as its last whole fragment.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Read = Callable[[int, int], bytes]

MOST_BOX_BYTES = 4 * 1024 * 1024  # of a `moov` or `moof`, which are read whole
_NOT_SYNC = 0x0001_0000


class Unreadable(ValueError):
    """Not a fragmented MP4, or one whose boxes contradict each other."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A moof and its mdat: a stretch of the film that begins at `start_ms`."""

    offset: int
    bytes: int
    start_ms: int
    duration_ms: int
    key: bool


@dataclass(frozen=True, slots=True)
class Movie:
    """`init_bytes` is how long ftyp and moov are; a player needs them before any fragment."""

    init_bytes: int
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class _Track:
    scale: int
    video: bool
    default_duration: int
    default_flags: int


def movie_of(read: Read, size: int) -> Movie:
    """Read the boxes; `read(offset, size)` gives bytes."""
    at = 0
    tracks: dict[int, _Track] = {}
    while at + 8 <= size:
        name, box = _box(read, at, size)
        if name == b"moov":
            if box > size - at:
                break
            tracks = _tracks(_whole(read, at, box))
            at += box
            break
        if name == b"moof":
            raise Unreadable("a fragment before the tracks")
        at += box
    if not tracks:
        return Movie(0, ())
    return Movie(at, tuple(_fragments(read, at, size, tracks)))


def _fragments(read: Read, at: int, size: int, tracks: dict[int, _Track]) -> Iterator[Fragment]:
    moof: tuple[int, bytes] | None = None
    while at + 8 <= size:
        name, box = _box(read, at, size)
        if box > size - at:
            return  # still growing
        if name == b"moof":
            moof = at, _whole(read, at, box)
        elif name == b"mdat" and moof:
            start, body = moof
            moof = None
            timed = _timing(body, tracks)
            if timed:
                yield Fragment(start, at + box - start, *timed)
        at += box


def _box(read: Read, at: int, size: int) -> tuple[bytes, int]:
    head = read(at, min(16, size - at))
    box, name, least = int.from_bytes(head[:4], "big"), head[4:8], 8
    if box == 1 and len(head) == 16:
        box, least = int.from_bytes(head[8:16], "big"), 16
    if box < least or not name.isascii():
        raise Unreadable(f"no box at {at}")
    return name, box


def _whole(read: Read, at: int, box: int) -> bytes:
    if box > MOST_BOX_BYTES:
        raise Unreadable(f"a table of {box} bytes")
    return read(at, box)


def _children(body: bytes, at: int = 8) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each box inside, after the outer one's own header."""
    while at + 8 <= len(body):
        box = int.from_bytes(body[at : at + 4], "big")
        if box < 8 or at + box > len(body):
            raise Unreadable("a box longer than the one around it")
        yield body[at + 4 : at + 8], body[at : at + box]
        at += box


def _number(body: bytes, at: int, width: int = 4) -> int:
    if at + width > len(body):
        raise Unreadable("a box that is too short")
    return int.from_bytes(body[at : at + width], "big")


def _tracks(moov: bytes) -> dict[int, _Track]:
    scales: dict[int, tuple[int, bool]] = {}
    defaults: dict[int, tuple[int, int]] = {}
    for name, box in _children(moov):
        if name == b"trak":
            track, scale, video = _track(box)
            scales[track] = scale, video
        elif name == b"mvex":
            for inner, trex in _children(box):
                if inner == b"trex":
                    defaults[_number(trex, 12)] = _number(trex, 20), _number(trex, 28)
    return {
        track: _Track(scale, video, *defaults.get(track, (0, 0)))
        for track, (scale, video) in scales.items()
    }


def _track(trak: bytes) -> tuple[int, int, bool]:
    track = scale = 0
    video = False
    for name, box in _children(trak):
        if name == b"tkhd":
            track = _number(box, 28 if box[8] else 20)
        elif name == b"mdia":
            for inner, part in _children(box):
                if inner == b"mdhd":
                    scale = _number(part, 28 if part[8] else 20)
                elif inner == b"hdlr":
                    video = part[16:20] == b"vide"
    if not scale:
        raise Unreadable("a track without a clock")
    return track, scale, video


def _timing(moof: bytes, tracks: dict[int, _Track]) -> tuple[int, int, bool] | None:
    """Start, length and whether it begins with a key frame; of the pictures, else the sound."""
    timed: dict[bool, tuple[int, int, bool]] = {}
    for name, traf in _children(moof):
        if name == b"traf" and (found := _traf(traf, tracks)):
            video, timing = found
            timed.setdefault(video, timing)
    return timed.get(True) or timed.get(False)


def _traf(traf: bytes, tracks: dict[int, _Track]) -> tuple[bool, tuple[int, int, bool]] | None:
    track: _Track | None = None
    start = duration = 0
    first_flags: int | None = None
    default_duration = default_flags = 0
    for name, box in _children(traf):
        if name == b"tfhd":
            track = tracks.get(_number(box, 12))
            if track is None:
                return None
            default_duration, default_flags = _defaults(box, track)
        elif name == b"tfdt":
            start = _number(box, 12, 8 if box[8] else 4)
        elif name == b"trun":
            length, flags = _run(box, default_duration, default_flags)
            duration += length
            first_flags = flags if first_flags is None else first_flags
    if track is None:
        return None
    key = not ((first_flags or 0) & _NOT_SYNC)
    # Both ends are rounded, so that the end of one fragment is the start of the next.
    start_ms = round(start * 1000 / track.scale)
    end_ms = round((start + duration) * 1000 / track.scale)
    return track.video, (start_ms, end_ms - start_ms, key)


def _defaults(tfhd: bytes, track: _Track) -> tuple[int, int]:
    flags, at = _number(tfhd, 8) & 0xFFFFFF, 16
    at += 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
    duration, sample_flags = track.default_duration, track.default_flags
    if flags & 0x8:
        duration = _number(tfhd, at)
        at += 4
    at += 4 * bool(flags & 0x10)
    if flags & 0x20:
        sample_flags = _number(tfhd, at)
    return duration, sample_flags


def _run(trun: bytes, default_duration: int, default_flags: int) -> tuple[int, int]:
    """The summed length of the samples, and the flags of the first."""
    flags, count, at = _number(trun, 8) & 0xFFFFFF, _number(trun, 12), 16
    at += 4 * bool(flags & 0x1)
    first = default_flags
    if flags & 0x4:
        first = _number(trun, at)
        at += 4
    width = 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
    if count * width > len(trun) - at:
        raise Unreadable("a run longer than its box")
    if flags & 0x400 and not flags & 0x4 and count:
        first = _number(trun, at + 4 * bool(flags & 0x100) + 4 * bool(flags & 0x200))
    if not flags & 0x100:
        return default_duration * count, first
    return sum(_number(trun, at + width * one) for one in range(count)), first
