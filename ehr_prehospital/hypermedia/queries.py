"""What the player asks for: recordings with their index, numbers, waves; all by our clock.

A device's clock is taken as it was when the device first spoke: what it tells is moved by that.
"""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import connection

from dispatch.fleet.models import Mission
from ehr_prehospital.hypermedia.timeline import Moment
from ehr_prehospital.recording.models import Recording
from ehr_prehospital.recording.queries import began_at, missing_of, recordings_of
from ehr_prehospital.recording.rules.films import index_of
from ehr_prehospital.recording.store import film_of, growing_file
from ehr_prehospital.video.words import ROLES
from ehr_prehospital.vitals.models import Wave
from ehr_prehospital.vitals.queries import thinned

# As JSON has it.
Item = dict[str, object]

NUMBERS_EVERY_S = 2
MOST_NUMBERS = 2000  # of a code: a longer mission gives fewer an hour
MOST_WAVES = timedelta(minutes=2)
# A clock that is off by less is as good as ours.
AGREES_MS = 1000


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def span_of(mission: Mission, recordings: list[Item], now: datetime) -> tuple[int, int]:
    """What the time line shows, in milliseconds: all that is known of the mission."""
    films = [one for one in recordings if one["duration_ms"]]
    begins = [ms(mission.assigned_at), *(_int(one, "began_ms") for one in films)]
    ends = [_int(one, "began_ms") + _int(one, "duration_ms") for one in films]
    return min(begins), max([ms(mission.ended_at or now), *ends])


def _int(item: Item, name: str) -> int:
    found = item[name]
    return found if isinstance(found, int) else 0


def moment_item(moment: Moment) -> Item:
    return {
        "id": moment.id,
        "lane": moment.lane.value,
        "kind": moment.kind,
        "at_ms": ms(moment.at),
        "until_ms": ms(moment.until) if moment.until else None,
        "recorded_ms": ms(moment.recorded_at) if moment.recorded_at else None,
        "title": moment.title,
        "detail": moment.detail,
        "by": moment.by,
        "link": moment.link,
        "media": moment.media,
        "media_type": moment.media_type,
        "stream": moment.stream,
        "urgent": moment.urgent,
        "more": moment.more,
    }


def recording_items(mission: Mission) -> list[Item]:
    """Every recording that can be shown, with where its stretches stand."""
    return [recording_item(row) for row in recordings_of(mission.pk)]


def recording_item(row: Recording) -> Item:
    fragments = _fragments(row)
    at, lengths = _numbers(fragments, "at"), _numbers(fragments, "ms")
    duration = max((begin + long for begin, long in zip(at, lengths, strict=True)), default=0)
    stream = row.stream
    return {
        "id": str(row.pk),
        "stream": str(stream.pk),
        "camera": stream.role,
        "name": stream.label or str(ROLES.get(stream.role, stream.role)),
        "state": row.state,
        "end_reason": row.end_reason,
        "mime": row.mime,
        "began_ms": ms(began_at(row)),
        "clock_offset_ms": row.clock_offset_ms,
        "duration_ms": duration,
        "init": fragments.get("init", 0),
        "at": at,
        "ms": lengths,
        "from": _numbers(fragments, "from"),
        "bytes": _numbers(fragments, "bytes"),
        "missing": missing_of(row) if row.state == "receiving" and row.last is not None else [],
        "strip": {key: value for key, value in row.strip.items() if key != "file"},
    }


def _numbers(fragments: Mapping[str, object], name: str) -> list[int]:
    found = fragments.get(name, [])
    return found if isinstance(found, list) else []


def _fragments(row: Recording) -> Mapping[str, object]:
    if row.state != Recording.State.RECEIVING:
        return row.fragments if row.state != Recording.State.DROPPED else {}
    if not growing_file(row.pk).exists():
        return {}
    return _growing(row.pk, film_of(row).size, row.mime)


@lru_cache(maxsize=64)
def _growing(recording_id: UUID, size: int, mime: str) -> Mapping[str, object]:
    """Of one that still arrives: read again whenever more of it has come."""
    film = film_of(Recording.objects.get(pk=recording_id))
    return index_of(mime, film.read, min(size, film.size)).as_columns()


def monitor_offset_ms(mission: Mission) -> int:
    """How far the vehicle's clock was ahead of ours on this mission; 0 where it agreed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY clock_offset_ms)"
            " FROM ehr_prehospital_reading WHERE mission_id = %s",
            [mission.pk],
        )
        row = cursor.fetchone()
    offset = int(row[0]) if row and row[0] is not None else 0
    return offset if abs(offset) >= AGREES_MS else 0


def number_items(mission: Mission, offset_ms: int, now: datetime) -> dict[str, Item]:
    """Code → its times and values, for the curves and for what the monitor shows at a moment."""
    long_s = ((mission.ended_at or now) - mission.assigned_at).total_seconds()
    every_s = max(NUMBERS_EVERY_S, round(long_s / MOST_NUMBERS))
    found: dict[str, Item] = {}
    times: dict[str, list[int]] = {}
    values: dict[str, list[float]] = {}
    for one in thinned(mission_id=mission.pk, since=None, until=None, every_s=every_s):
        if one.quality == "invalid":
            continue
        if one.code not in found:
            times[one.code], values[one.code] = [], []
            found[one.code] = {
                "unit": one.unit,
                "at": times[one.code],
                "value": values[one.code],
            }
        times[one.code].append(ms(one.measured_at) - offset_ms)
        values[one.code].append(one.value)
    return found


def wave_items(mission: Mission, *, since: datetime, until: datetime, offset_ms: int) -> list[Item]:
    """The waves of a stretch, oldest first; at most so much of them at once."""
    by_vehicle = timedelta(milliseconds=offset_ms)
    until = min(until, since + MOST_WAVES)
    rows = Wave.objects.filter(
        mission=mission,
        started_at__gte=since + by_vehicle - timedelta(seconds=2),
        started_at__lt=until + by_vehicle,
    )
    return [
        {
            "lead": row.lead,
            "at_ms": ms(row.started_at) - offset_ms,
            "rate_hz": row.rate_hz,
            "scale_uv": row.scale_uv,
            "samples": base64.b64encode(bytes(row.samples)).decode(),
        }
        for row in rows.order_by("started_at")
    ]
