"""Reads of numbers and waves: what is shown now, and what the record prints."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from dispatch.bulk import run
from dispatch.fleet.models import Mission
from ehr_prehospital.vitals.models import Wave

NUMBERS_FOR = timedelta(minutes=10)
NUMBERS_EVERY_S = 5
WAVES_FOR = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Number:
    """A value from the body, with everything that makes it one."""

    code: str
    value: float
    unit: str
    measured_at: datetime
    quality: str
    source: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A stretch of a wave; `samples` are int16 little-endian steps of `scale_uv` µV."""

    lead: str
    started_at: datetime
    rate_hz: float
    scale_uv: float
    samples: bytes


class Missions:
    """Which mission an ambulance was on at a moment."""

    def __init__(self, rows: Iterable[tuple[UUID, UUID, datetime, datetime | None]]) -> None:
        self._of: dict[UUID, list[tuple[UUID, datetime, datetime | None]]] = {}
        for ambulance_id, mission_id, began, ended in rows:
            self._of.setdefault(ambulance_id, []).append((mission_id, began, ended))

    def at(self, ambulance_id: UUID, moment: datetime) -> UUID | None:
        """The newest mission that had begun and had not ended."""
        for mission_id, began, ended in self._of.get(ambulance_id, ()):
            if began <= moment and (ended is None or moment < ended):
                return mission_id
        return None


def missions_of(*, ambulance_ids: Collection[UUID], since: datetime) -> Missions:
    """The missions of these ambulances that were not over at `since`, newest first."""
    return Missions(
        run(
            "SELECT ambulance_id, id, assigned_at, ended_at FROM dispatch_mission"
            " WHERE ambulance_id = ANY(%s) AND (open OR ended_at > %s)"
            " ORDER BY assigned_at DESC",
            [list(ambulance_ids), since],
        )
    )


def recent_numbers(*, mission_id: UUID, now: datetime) -> list[Number]:
    """The last ten minutes, one value of each code every few seconds, oldest first."""
    return thinned(
        mission_id=mission_id, since=now - NUMBERS_FOR, until=None, every_s=NUMBERS_EVERY_S
    )


TREND_POINTS = 180
TREND_LEAST_S = 10


def trend_numbers(*, mission_id: UUID, now: datetime) -> list[Number]:
    """The whole mission, a value of each code in each of some 180 stretches, oldest first."""
    began = Mission.objects.filter(pk=mission_id).values_list("assigned_at", flat=True).first()
    if began is None:
        return []
    every_s = max(TREND_LEAST_S, int((now - began).total_seconds() / TREND_POINTS))
    return thinned(mission_id=mission_id, since=None, until=None, every_s=every_s)


def thinned(
    *, mission_id: UUID, since: datetime | None, until: datetime | None, every_s: int
) -> list[Number]:
    """The last value of each code in each stretch of `every_s` seconds, oldest first.

    A good value is preferred to a doubtful one of the same stretch.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, value, unit, measured_at, quality, source FROM ("
            " SELECT DISTINCT ON (code, floor(extract(epoch FROM measured_at) / %(every_s)s))"
            "  code, value, unit, measured_at, quality, source"
            "  FROM ehr_prehospital_reading"
            "  WHERE mission_id = %(mission_id)s"
            "   AND measured_at > coalesce(%(since)s::timestamptz, '-infinity')"
            "   AND measured_at <= coalesce(%(until)s::timestamptz, 'infinity')"
            "  ORDER BY code, floor(extract(epoch FROM measured_at) / %(every_s)s),"
            "   quality = 'good' DESC, measured_at DESC"
            ") AS thinned ORDER BY measured_at, code",
            {"mission_id": mission_id, "since": since, "until": until, "every_s": every_s},
        )
        return [Number(*row) for row in cursor.fetchall()]


def recent_waves(*, mission_id: UUID, now: datetime) -> list[Strip]:
    """The last ten seconds of every lead, oldest first."""
    rows = Wave.objects.filter(mission_id=mission_id, started_at__gt=now - WAVES_FOR)
    return [
        Strip(row.lead, row.started_at, row.rate_hz, row.scale_uv, bytes(row.samples))
        for row in rows.order_by("started_at")
    ]
