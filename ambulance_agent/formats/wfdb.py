"""WFDB records (PhysioNet): header and signal files → samples with their gain and baseline.

After "WFDB Applications Guide", header(5) and signal(5). Pure Python: a vehicle carries
no numerical library, and the published reader brings pandas and a plotting library along.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import add

MISSING = -(2**31)  # a sample that was not recorded, whatever the file's own sign for it
DEFAULT_GAIN = 200.0
MOST_SIGNALS = 64
MOST_SAMPLES = 60_000_000
MOST_SEGMENTS = 10_000

Opened = Callable[[str], bytes]


class DamagedRecord(ValueError):
    """The files are not a WFDB record, or not whole; says what was wrong, never a value."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One line of a header. A physical value is (sample - baseline) / gain, in `unit`."""

    file: str
    format: int
    per_frame: int
    skew: int
    offset: int
    gain: float
    baseline: int
    unit: str
    name: str
    checksum: int | None
    calibrated: bool


@dataclass(frozen=True, slots=True)
class Header:
    name: str
    rate_hz: float
    frames: int  # 0: as long as the file
    signals: tuple[Signal, ...]
    segments: tuple[tuple[str, int], ...]
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """One signal as it was recorded; `samples` holds MISSING where there is none."""

    name: str
    unit: str
    gain: float
    baseline: int
    rate_hz: float
    samples: array[int]
    whole: bool  # the header's check sum holds, or says nothing
    calibrated: bool


@dataclass(frozen=True, slots=True)
class Record:
    name: str
    channels: tuple[Channel, ...]
    comments: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return max((len(c.samples) / c.rate_hz for c in self.channels), default=0.0)


def read_record(name: str, opened: Opened, *, depth: int = 0) -> Record:
    """`opened` gives the bytes of a file beside the header. Raises DamagedRecord."""
    header = read_header(_text(opened, f"{plain(name)}.hea"))
    if header.segments:
        if depth:
            raise DamagedRecord("a segment that has segments")
        return _joined(header, opened)
    channels = _channels(header, opened)
    return Record(header.name, tuple(channels), header.comments)


def plain(name: str) -> str:
    """A file beside the header and nowhere else."""
    if not re.fullmatch(r"[\w][\w.+-]*", name):
        raise DamagedRecord("a file name that is not a plain one")
    return name


def read_header(text: str) -> Header:
    lines = [line.strip() for line in text.splitlines()]
    comments = tuple(line[1:].strip() for line in lines if line.startswith("#"))
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        raise DamagedRecord("an empty header")
    try:
        name, count, rate_hz, frames, segments = _record_line(lines[0])
        rows = lines[1 : 1 + (segments or count)]
        if len(rows) != (segments or count):
            raise DamagedRecord("fewer lines than the header announces")
        if segments:
            parts = tuple((row.split()[0], int(row.split()[1])) for row in rows)
            return Header(name, rate_hz, frames, (), parts, comments)
        return Header(name, rate_hz, frames, tuple(map(_signal, rows)), (), comments)
    except (ValueError, IndexError) as error:
        if isinstance(error, DamagedRecord):
            raise
        raise DamagedRecord("a header line that cannot be read") from error


def _record_line(line: str) -> tuple[str, int, float, int, int]:
    parts = line.split()
    name, _, segments = parts[0].partition("/")
    count = int(parts[1])
    # frequency/counter(base): only the frequency is ours
    rate_hz = float(re.split(r"[/(]", parts[2])[0]) if len(parts) > 2 else 250.0
    frames = int(parts[3]) if len(parts) > 3 else 0
    several = int(segments) if segments else 0
    fits = 0 < count <= MOST_SIGNALS and 0 < rate_hz <= 100_000 and several <= MOST_SEGMENTS
    if not fits or not 0 <= frames * count <= MOST_SAMPLES:
        raise DamagedRecord("a header out of bounds")
    return name, count, rate_hz, frames, several


_FORMAT = re.compile(r"(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?")
_GAIN = re.compile(r"([-+.\deE]+)(?:\((-?\d+)\))?(?:/(\S+))?")


def _signal(line: str) -> Signal:
    parts = line.split(maxsplit=8)
    form = _FORMAT.fullmatch(parts[1])
    if form is None or int(form[2] or 1) not in range(1, 1000):
        raise DamagedRecord("a signal line that cannot be read")
    said = _GAIN.fullmatch(parts[2]) if len(parts) > 2 else None
    gain = float(said[1]) if said else 0.0
    zero = int(parts[4]) if len(parts) > 4 else 0
    return Signal(
        file=parts[0],
        format=int(form[1]),
        per_frame=int(form[2] or 1),
        skew=int(form[3] or 0),
        offset=int(form[4] or 0),
        gain=gain or DEFAULT_GAIN,
        baseline=int(said[2]) if said and said[2] else zero,
        unit=(said[3] if said and said[3] else "mV"),
        name=parts[8].strip() if len(parts) > 8 else "",
        checksum=int(parts[6]) if len(parts) > 6 else None,
        calibrated=bool(gain),
    )


def _channels(header: Header, opened: Opened) -> list[Channel]:
    channels: list[Channel] = []
    for file in dict.fromkeys(signal.file for signal in header.signals):
        group = [signal for signal in header.signals if signal.file == file]
        if len({(signal.format, signal.offset) for signal in group}) != 1:
            raise DamagedRecord("two formats in one file")
        decode = DECODERS.get(group[0].format)
        if decode is None:
            raise DamagedRecord(f"signal format {group[0].format} is not read here")
        flat = decode(opened(plain(file))[group[0].offset :])
        if len(flat) > MOST_SAMPLES:
            raise DamagedRecord("a signal file out of bounds")
        channels += _deinterleaved(header, group, flat)
    order = {id(signal): place for place, signal in enumerate(header.signals)}
    by_file = [signal for file in dict.fromkeys(s.file for s in header.signals)
               for signal in header.signals if signal.file == file]  # fmt: skip
    placed = sorted(zip(by_file, channels, strict=True), key=lambda pair: order[id(pair[0])])
    return [channel for _, channel in placed]


def _deinterleaved(header: Header, group: Sequence[Signal], flat: array[int]) -> list[Channel]:
    width = sum(signal.per_frame for signal in group)
    frames = len(flat) // width
    if header.frames:
        if frames < header.frames:
            raise DamagedRecord("a signal file that is shorter than its header says")
        frames = header.frames
    starts = [0, *accumulate(signal.per_frame for signal in group)]
    return [
        _channel(header, signal, _column(flat, start, width, signal.per_frame, frames))
        for signal, start in zip(group, starts, strict=False)
    ]


def _column(flat: array[int], start: int, width: int, per_frame: int, frames: int) -> array[int]:
    if per_frame == 1:
        return flat[start : frames * width : width]
    column = array("i", bytes(4 * frames * per_frame))
    for step in range(per_frame):
        column[step::per_frame] = flat[start + step : frames * width : width]
    return column


def _channel(header: Header, signal: Signal, samples: array[int]) -> Channel:
    total = sum(samples) & 0xFFFF
    whole = signal.checksum is None or total == signal.checksum & 0xFFFF
    absent = ABSENT.get(signal.format)
    if signal.skew:
        late = signal.skew * signal.per_frame
        samples = samples[late:] + array("i", [MISSING]) * min(late, len(samples))
    if absent is not None and absent in samples:
        samples = array("i", (MISSING if sample == absent else sample for sample in samples))
    return Channel(
        name=signal.name,
        unit=signal.unit,
        gain=signal.gain,
        baseline=signal.baseline,
        rate_hz=header.rate_hz * signal.per_frame,
        samples=samples,
        whole=whole,
        calibrated=signal.calibrated,
    )


def _joined(header: Header, opened: Opened) -> Record:
    """The segments one after the other; what a segment lacks is missing, not zero."""
    parts = [
        (None if name == "~" else read_record(name, opened, depth=1), frames)
        for name, frames in header.segments
    ]
    known: dict[tuple[str, int], Channel] = {}
    for record, _ in parts:
        for key, channel in _keyed(record.channels if record else ()):
            known.setdefault(key, channel)
    joined = {key: array("i") for key in known}
    for record, frames in parts:
        if not frames:
            continue  # the layout segment of a record of varying signals
        here = dict(_keyed(record.channels if record else ()))
        for key, like in known.items():
            count = round(frames * like.rate_hz / header.rate_hz)
            found = here.get(key)
            samples = _like(found, like)[:count] if found else array("i")
            joined[key] += samples + array("i", [MISSING]) * (count - len(samples))
    channels = tuple(replace(like, samples=joined[key]) for key, like in known.items())
    return Record(header.name, channels, header.comments)


def _keyed(channels: Iterable[Channel]) -> list[tuple[tuple[str, int], Channel]]:
    """By name, the second of a name apart from the first."""
    seen: dict[str, int] = {}
    keyed = []
    for channel in channels:
        seen[channel.name] = seen.get(channel.name, -1) + 1
        keyed.append(((channel.name, seen[channel.name]), channel))
    return keyed


def _like(found: Channel, like: Channel) -> array[int]:
    """In the steps of the first segment, should a later one have been recorded in others."""
    if (found.gain, found.baseline) == (like.gain, like.baseline):
        return found.samples
    return array(
        "i",
        (
            MISSING
            if sample == MISSING
            else round((sample - found.baseline) / found.gain * like.gain) + like.baseline
            for sample in found.samples
        ),
    )


def _text(opened: Opened, name: str) -> str:
    return opened(name).decode("utf-8", errors="replace")


# --- signal formats -----------------------------------------------------------


def _of(code: str, data: bytes, *, big: bool = False) -> array[int]:
    size = array(code).itemsize
    samples: array[int] = array(code, data[: len(data) // size * size])
    if big != (sys.byteorder == "big"):
        samples.byteswap()
    return array("i", samples)


def _format_80(data: bytes) -> array[int]:
    return array("i", (byte - 128 for byte in data))


def _format_160(data: bytes) -> array[int]:
    return array("i", (sample - 32768 for sample in _of("H", data)))


def _format_24(data: bytes) -> array[int]:
    low, middle, high = data[0::3], data[1::3], data[2::3]
    return array(
        "i",
        (
            (a | b << 8 | c << 16) - (1 << 24 if c & 0x80 else 0)
            for a, b, c in zip(low, middle, high, strict=False)
        ),
    )


# What the middle byte of three adds to the first sample and to the second, their signs included.
_TO_FIRST = [((b & 0x0F) << 8) - (4096 if b & 0x08 else 0) for b in range(256)]
_TO_SECOND = [((b & 0xF0) << 4) - (4096 if b & 0x80 else 0) for b in range(256)]


def _format_212(data: bytes) -> array[int]:
    """Two samples of twelve bits in three bytes; a last odd one in two."""
    usable = len(data) // 3
    samples = array("i", bytes(8 * usable))
    ends = usable * 3
    middle = data[1:ends:3]
    samples[0::2] = array("i", map(add, data[0:ends:3], map(_TO_FIRST.__getitem__, middle)))
    samples[1::2] = array("i", map(add, data[2:ends:3], map(_TO_SECOND.__getitem__, middle)))
    if len(data) - ends == 2:
        first, second = data[ends:]
        samples.append(first + _TO_FIRST[second])
    return samples


DECODERS: dict[int, Callable[[bytes], array[int]]] = {
    16: lambda data: _of("h", data),
    24: _format_24,
    32: lambda data: _of("i", data),
    61: lambda data: _of("h", data, big=True),
    80: _format_80,
    160: _format_160,
    212: _format_212,
}
# The value by which each format says that nothing was recorded.
ABSENT = {
    16: -32768, 24: -(2**23), 32: -(2**31), 61: -32768, 80: -128, 160: -32768, 212: -2048,
}  # fmt: skip
