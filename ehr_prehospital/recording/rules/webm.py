"""Where the clusters of a WebM file stand (RFC 8794 EBML, RFC 9559 Matroska), by its elements alone.

For browsers that record no MP4. Sizes may be unknown, as recorders write them: an element of
unknown size ends where one of its own level begins.
"""

from collections.abc import Callable, Iterator

from ehr_prehospital.recording.rules.movie import Fragment, Unreadable

Read = Callable[[int, int], bytes]

SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
TIMESTAMP, SIMPLE_BLOCK = 0xE7, 0xA3
# Beside a cluster, in a segment: where one of these begins, a cluster has ended.
_TOP = frozenset({CLUSTER, 0x1549A966, 0x1654AE6B, 0x1C53BB6B, 0x114D9B74, 0x1254C367})
_KEY = 0x80


def clusters_of(read: Read, size: int) -> tuple[int, tuple[Fragment, ...]]:
    """How long the head is, and each cluster; the last one only when another follows or it is whole."""
    starts = list(_starts(read, size))
    if not starts:
        return 0, ()
    ends = [begin for begin, *_ in starts[1:]] + [size]
    times = [time for _, time, *_ in starts[1:]] + [starts[-1][1] + starts[-1][3]]
    return starts[0][0], tuple(
        Fragment(begin, end - begin, time, max(0, next_time - time), key)
        for (begin, time, key, _), end, next_time in zip(starts, ends, times, strict=True)
    )


def _starts(read: Read, size: int) -> Iterator[tuple[int, int, bool, int]]:
    """Offset, milliseconds, whether its first picture is a key frame, and how far its blocks reach."""
    at = 0
    begin: int | None = None
    time = reach = 0
    key: bool | None = None
    while at < size:
        found = _element(read, at, size)
        if found is None:
            break
        name, head, length = found
        if name in _TOP and begin is not None:
            yield begin, time, bool(key), reach
            begin = None
        if name == CLUSTER:
            begin, key, reach = at, None, 0
        inside = name in {SEGMENT, CLUSTER}
        if begin is not None and name == TIMESTAMP and length:
            time = int.from_bytes(read(at + head, length), "big")
        elif begin is not None and name == SIMPLE_BLOCK and length:
            block = read(at + head, 4)
            if len(block) == 4:
                reach = max(reach, int.from_bytes(block[1:3], "big", signed=True))
                if key is None and block[0] == 0x81:
                    key = bool(block[3] & _KEY)
        if not inside and length is None:
            raise Unreadable("an element of unknown size")
        at += head if inside else head + (length or 0)
    if begin is not None:
        yield begin, time, bool(key), reach


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
