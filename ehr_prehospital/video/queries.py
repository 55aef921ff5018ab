"""Streams of a mission, and what a page gets of one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ehr_prehospital.video.models import Stream


def streams_of(mission_id: UUID) -> QuerySet[Stream]:
    """Internal to the clinical app: asks nobody. Oldest first."""
    return Stream.objects.filter(mission_id=mission_id).order_by("started_at", "pk")


def stream_with(stream_id: UUID) -> Stream | None:
    return (
        Stream.objects.filter(pk=stream_id).select_related("mission__incident", "vehicle").first()
    )


def shown(stream: Stream) -> dict[str, str | None]:
    return {
        "id": str(stream.pk),
        "mission_id": str(stream.mission_id),
        "role": stream.role,
        "label": stream.label,
        "mode": stream.mode,
        "codec": stream.codec,
        "recording": stream.recording,
        "consent": stream.consent,
        "source": "vehicle" if stream.vehicle_id else "tablet",
        "started_at": stream.started_at.isoformat(timespec="milliseconds"),
        "ended_at": stream.ended_at.isoformat(timespec="milliseconds") if stream.ended_at else None,
    }
