"""A camera begins, changes what may be recorded, ends; and who may do so, who may watch.

The first four are called at every new socket of a camera: each step taken twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ambulance_agent.protocol.media import Begin, CameraRole, Consent, Recording
from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess, Purpose, admit, look, refuse
from ehr_prehospital.access.queries import may_see
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.video.models import Stream
from ehr_prehospital.video.queries import stream_with, streams_of
from ehr_prehospital.video.rules import NEEDED, allowed_recording, may_watch

Source = User | Ambulance


def begin_stream(*, stream_id: UUID, begin: Begin, source: Source, now: datetime) -> Stream:
    """The stream of this id, made now if nobody has: by the mission's crew or its vehicle.

    A recorder may bring a stream that was begun long ago, out of reach. Raises NoAccess, BadInput.
    """
    mission = _mission_of(begin.mission, source, now)
    with transaction.atomic():
        Stream.objects.bulk_create(
            [
                Stream(
                    id=stream_id,
                    mission=mission,
                    role=begin.role,
                    label=begin.label,
                    device_id=begin.device,
                    user=source if isinstance(source, User) else None,
                    vehicle=source if isinstance(source, Ambulance) else None,
                    mode=begin.mode,
                    codec=begin.codec,
                    recording=allowed_recording(recording=begin.recording, consent=begin.consent),
                    consent=begin.consent,
                    started_at=min(begin.started_at, now),
                    recorded_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        stream = Stream.objects.select_for_update(no_key=True).get(pk=stream_id)
        if stream.mission_id != mission.pk or _source_of(stream) != source.pk:
            raise BadInput(_("This identifier is already used."), code="id_in_use")
        if stream.recorded_at == now:
            _tell("video.began", stream, source, now, occurred_at=stream.started_at)
    stream.mission = mission
    return stream


def set_policy(
    *, stream: Stream, recording: Recording, consent: Consent, source: Source, now: datetime
) -> Stream:
    """What the person in the picture said, and what is recorded from now on."""
    recording = allowed_recording(recording=recording, consent=consent)
    with transaction.atomic():
        kept = Stream.objects.select_for_update(no_key=True).get(pk=stream.pk)
        if (kept.recording, kept.consent) != (recording, consent):
            kept.recording, kept.consent = recording, consent
            kept.save(update_fields=["recording", "consent"])
            _tell("video.policy_changed", kept, source, now)
    return kept


def end_stream(*, stream: Stream, at: datetime, source: Source, now: datetime) -> Stream:
    """The camera was switched off. The first word of it counts."""
    with transaction.atomic():
        kept = Stream.objects.select_for_update(no_key=True).get(pk=stream.pk)
        if kept.ended_at is None:
            kept.ended_at = max(kept.started_at, min(at, now))
            kept.save(update_fields=["ended_at"])
            _tell("video.ended", kept, source, now, occurred_at=kept.ended_at)
    return kept


def begin_watching(*, user: User, stream_id: UUID, now: datetime) -> Stream:
    """Let a person look at a camera, and log the look. Raises NoAccess, logged as well."""
    stream = stream_with(stream_id)
    if stream is None:
        refuse(
            user=user,
            mission=None,
            patient_id=None,
            purpose=Purpose.VIDEO,
            reason="unknown_stream",
            now=now,
        )
        raise NoAccess
    needed = NEEDED[CameraRole(stream.role)]
    look(user=user, mission=stream.mission, needed=needed, purpose=Purpose.VIDEO, now=now)
    return stream


def visible_streams(*, user: User, mission: Mission, now: datetime) -> list[Stream]:
    """The mission's cameras that this person may watch. The list is a look, logged like one.

    Raises NoAccess.
    """
    judged = look(
        user=user, mission=mission, needed=Level.OPERATIONAL, purpose=Purpose.VIDEO, now=now
    )
    return [
        stream
        for stream in streams_of(mission.pk)
        if may_watch(role=CameraRole(stream.role), level=judged.level)
    ]


def still_watching(*, user: User, stream: Stream, now: datetime) -> bool:
    judged = may_see(user=user, mission=stream.mission, now=now)
    return may_watch(role=CameraRole(stream.role), level=judged.level)


def _mission_of(mission_id: UUID, source: Source, now: datetime) -> Mission:
    mission = Mission.objects.filter(pk=mission_id).select_related("incident").first()
    if isinstance(source, Ambulance):
        if mission is None or mission.ambulance_id != source.pk:
            raise NoAccess
        return mission
    if mission is None:
        refuse(
            user=source,
            mission=None,
            patient_id=None,
            purpose=Purpose.VIDEO,
            reason="unknown_mission",
            now=now,
        )
        raise NoAccess
    admit(
        user=source,
        mission=mission,
        needed=Level.CLINICAL,
        only=Relation.CREW,
        purpose=Purpose.VIDEO,
        now=now,
    )
    return mission


def _source_of(stream: Stream) -> UUID | None:
    return stream.user_id or stream.vehicle_id


def _tell(
    kind: str, stream: Stream, source: Source, now: datetime, *, occurred_at: datetime | None = None
) -> None:
    detail: Mapping[str, str] = {
        "camera": stream.role,
        "recording": stream.recording,
        "consent": stream.consent,
    }
    append(
        kind=kind,
        actor=source if isinstance(source, User) else None,
        now=now,
        occurred_at=occurred_at,
        refs={**refs_of(stream.mission), "stream": stream.pk},
        detail=detail,
    )
