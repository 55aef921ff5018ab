"""Small pictures of a film, one each few seconds, in one JPEG: what scrubbing shows first."""

import io
import logging
from datetime import datetime

import numpy as np
from django.core.files.base import ContentFile
from numpy.typing import NDArray

from ehr_prehospital.recording.models import Recording
from ehr_prehospital.recording.rules.films import film_from
from ehr_prehospital.recording.rules.movie import Fragment
from ehr_prehospital.recording.store import Film, film_of, storage

log = logging.getLogger(__name__)

WIDTH, HEIGHT = 160, 90
COLUMNS = 20
LEAST_MS = 5_000
MOST_PICTURES = 400
Picture = NDArray[np.uint8]


def make_strip(*, recording: Recording, now: datetime) -> bool:
    """Once for each film. False where there is nothing that can be decoded."""
    film = film_from(recording.fragments) if recording.fragments else None
    if film is None or not film.fragments:
        return False
    every_ms = max(LEAST_MS, -(-film.duration_ms // MOST_PICTURES))
    wanted = _each(film.fragments, every_ms)
    pictures = [_first_picture(film_of(recording), film.init, one) for one in wanted]
    raw = _jpeg(_sheet([one if one is not None else _empty() for one in pictures]))
    name = recording.file.rpartition(".")[0] + ".strip.jpg"
    kept = storage().save(name, ContentFile(raw))
    recording.strip = {
        "file": kept,
        "size": len(raw),
        "every_ms": every_ms,
        "count": len(pictures),
        "columns": COLUMNS,
        "width": WIDTH,
        "height": HEIGHT,
    }
    recording.save(update_fields=["strip"])
    return True


def _each(fragments: tuple[Fragment, ...], every_ms: int) -> list[Fragment]:
    """The fragment in which each step begins."""
    keys = [one for one in fragments if one.key] or list(fragments)
    found: list[Fragment] = []
    place = 0
    last = fragments[-1]
    for at in range(0, last.start_ms + max(1, last.duration_ms), every_ms):
        while place + 1 < len(keys) and keys[place + 1].start_ms <= at:
            place += 1
        found.append(keys[place])
    return found


def _first_picture(film: Film, init: int, one: Fragment) -> Picture | None:
    import av  # noqa: PLC0415  (slow to load, and used by few processes)

    raw = film.read(0, init) + film.read(one.offset, one.bytes)
    try:
        with av.open(io.BytesIO(raw), "r") as source:
            frame = next(source.decode(video=0))
            small = frame.reformat(width=WIDTH, height=HEIGHT, format="rgb24")
            return np.asarray(small.to_ndarray(), np.uint8)
    except (av.FFmpegError, StopIteration, IndexError):
        log.warning("a stretch of a recording cannot be decoded")
        return None


def _empty() -> Picture:
    return np.zeros((HEIGHT, WIDTH, 3), np.uint8)


def _sheet(pictures: list[Picture]) -> Picture:
    rows = -(-len(pictures) // COLUMNS)
    columns = min(COLUMNS, len(pictures))
    sheet = np.zeros((rows * HEIGHT, columns * WIDTH, 3), np.uint8)
    for place, picture in enumerate(pictures):
        top, left = place // COLUMNS * HEIGHT, place % COLUMNS * WIDTH
        sheet[top : top + HEIGHT, left : left + WIDTH] = picture
    return sheet


def _jpeg(sheet: Picture) -> bytes:
    import av  # noqa: PLC0415  (slow to load, and used by few processes)

    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.height, encoder.width = sheet.shape[:2]
    encoder.pix_fmt = "yuvj420p"
    encoder.options = {"qscale": "5"}
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(sheet), "rgb24")
    packets = [*encoder.encode(frame.reformat(format="yuvj420p")), *encoder.encode()]
    return b"".join(bytes(packet) for packet in packets)
