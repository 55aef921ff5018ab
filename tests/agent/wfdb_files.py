"""Small WFDB records, written here: header and signal bytes in each format."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def format_212(samples: Sequence[int]) -> bytes:
    out = bytearray()
    for first, second in zip(samples[::2], [*samples[1::2], 0][: (len(samples) + 1) // 2],
                             strict=True):  # fmt: skip
        a, b = first & 0xFFF, second & 0xFFF
        out += bytes([a & 0xFF, a >> 8 | (b >> 8) << 4, b & 0xFF])
    return bytes(out)


ENCODERS: dict[int, Callable[[Sequence[int]], bytes]] = {
    16: lambda samples: struct.pack(f"<{len(samples)}h", *samples),
    24: lambda samples: b"".join((s & 0xFFFFFF).to_bytes(3, "little") for s in samples),
    32: lambda samples: struct.pack(f"<{len(samples)}i", *samples),
    61: lambda samples: struct.pack(f">{len(samples)}h", *samples),
    80: lambda samples: bytes(s + 128 for s in samples),
    160: lambda samples: struct.pack(f"<{len(samples)}H", *(s + 32768 for s in samples)),
    212: format_212,
}


def write_record(
    folder: Path,
    name: str,
    signals: Mapping[str, Sequence[int]],
    *,
    rate_hz: float = 250,
    form: int = 16,
    gain: str = "200/mV",
    comments: Sequence[str] = (),
) -> Path:
    """One file, its signals interleaved; returns the header's path."""
    length = len(next(iter(signals.values())))
    flat = [signal[place] for place in range(length) for signal in signals.values()]
    (folder / f"{name}.dat").write_bytes(ENCODERS[form](flat))
    lines = [f"{name} {len(signals)} {rate_hz:g} {length}"]
    for lead, samples in signals.items():
        total = (sum(samples) + 32768) % 65536 - 32768
        lines.append(f"{name}.dat {form} {gain} 12 0 {samples[0]} {total} 0 {lead}")
    lines += [f"# {comment}" for comment in comments]
    header = folder / f"{name}.hea"
    header.write_text("\n".join(lines) + "\n")
    return header
