"""Where the clusters of a WebM file stand (RFC 8794, RFC 9559), by its elements alone.

For browsers that record no MP4. Sizes may be unknown, as recorders write them: an element of
unknown size ends where one of its own level begins.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ehr_prehospital.recording.rules.movie import Fragment, Unreadable

Read = Callable[[int, int], bytes]

SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
TIMESTAMP, SIMPLE_BLOCK = 0xE7, 0xA3
# Beside a cluster, in a segment: where one of these begins, a cluster has ended.
_TOP = frozenset({CLUSTER, 0x1549A966, 0x1654AE6B, 0x1C53BB6B, 0x114D9B74, 0x1254C367})
FIRST_TRACK = 0x81
_KEY = 0x80


@dataclass
class _Cluster:
    """`reach` is how many milliseconds after `time` its last picture comes."""

    begin: int
    time: int = 0
    key: bool | None = None
    reach: int = 0

    def take(self, name: int, content: bytes) -> None:
        if name == TIMESTAMP:
            self.time = int.from_bytes(content, "big")
        elif name == SIMPLE_BLOCK and len(content) >= 4:
            self.reach = max(self.reach, int.from_bytes(content[1:3], "big", signed=True))
            if self.key is None and content[0] == FIRST_TRACK:
                self.key = bool(content[3] & _KEY)


def clusters_of(read: Read, size: int) -> tuple[int, tuple[Fragment, ...]]:
    """How long the head is, and each cluster; the last one ends where the file does."""
    found = list(_clusters(read, size))
    if not found:
        return 0, ()
    ends = [one.begin for one in found[1:]] + [size]
    times = [one.time for one in found[1:]] + [found[-1].time + found[-1].reach]
    return found[0].begin, tuple(
        Fragment(one.begin, end - one.begin, one.time, max(0, until - one.time), bool(one.key))
        for one, end, until in zip(found, ends, times, strict=True)
    )


def _clusters(read: Read, size: int) -> Iterator[_Cluster]:
    at = 0
    now: _Cluster | None = None
    while at < size and (found := _element(read, at, size)):
        name, head, length = found
        if name in _TOP and now:
            yield now
            now = None
        if name == CLUSTER:
            now = _Cluster(at)
        if name in {SEGMENT, CLUSTER}:
            at += head
            continue
        if length is None:
            raise Unreadable("an element of unknown size")
        if now:
            now.take(name, read(at + head, min(length, 8)))
        at += head + length
    if now:
        yield now


def _element(read: Read, at: int, size: int) -> tuple[int, int, int | None] | None:
    """Name, length of the head, length of the content (None: unknown); None when it is cut off."""
    head = read(at, min(12, size - at))
    if not head or not head[0]:
        return None
    name_bytes = 9 - head[0].bit_length()
    if name_bytes > 4 or len(head) <= name_bytes or not head[name_bytes]:
        return None
    first = head[name_bytes]
    size_bytes = 9 - first.bit_length()
    if len(head) < name_bytes + size_bytes:
        return None
    value = int.from_bytes(head[name_bytes : name_bytes + size_bytes], "big")
    value &= (1 << (7 * size_bytes)) - 1
    unknown = value == (1 << (7 * size_bytes)) - 1
    name = int.from_bytes(head[:name_bytes], "big")
    return name, name_bytes + size_bytes, None if unknown else value
