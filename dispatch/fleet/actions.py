"""Assign a unit, record what happened on its mission, believe or doubt its position."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from dispatch.bulk import columns, copy, run
from dispatch.calls.actions import Place, control_room, open_posting
from dispatch.calls.models import Incident
from dispatch.fleet.followers import tell
from dispatch.fleet.models import Ambulance, Fix, Mission, MissionFact
from dispatch.fleet.rules import (
    COUNTED,
    FACTS,
    JUMP_M_PER_S,
    UNDO_WITHIN,
    WAY,
    Said,
    Seen,
    Standing,
    State,
    allowed,
    fault,
    judge,
    standing,
)
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import Organisation, User, next_number


class UnitIsBusy(Refused):
    """The unit already has an open mission; the database is the referee."""

    code = "unit_has_open_mission"


class IllegalTransition(Refused):
    """A command that the transition table does not have from this state."""

    code = "illegal_transition"


def refs_of(mission: Mission) -> dict[str, UUID]:
    """Every subject whose row on a board changes with this mission."""
    refs = {
        "mission": mission.pk,
        "incident": mission.incident_id,
        "unit": mission.ambulance_id,
    }
    if mission.destination_id:
        refs["hospital"] = mission.destination_id
    return refs


def assign(
    *,
    incident: Incident,
    ambulance: Ambulance,
    actor: User | None,
    now: datetime,
    mission_id: UUID,
) -> Mission:
    """Command a unit to an incident. Idempotent on the mission's id.

    Raises UnitIsBusy when the unit has an open mission, Refused when the incident
    is closed. `actor` is None only for the simulation.
    """
    with transaction.atomic():
        earlier = Mission.objects.filter(pk=mission_id).first()
        if earlier:
            return earlier
        current = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
        if current.closed_at:
            raise Refused(_("This incident is closed."), code="incident_closed")
        try:
            with transaction.atomic():
                mission = Mission.objects.create(
                    id=mission_id,
                    number=next_number(ambulance.call_sign, localdate(now)),
                    incident=incident,
                    ambulance=ambulance,
                    state=State.ASSIGNED,
                    assigned_at=now,
                    destination_id=current.destination_id,
                )
        except IntegrityError as clash:
            if "one_open_mission_per_ambulance" not in str(clash):
                raise
            raise UnitIsBusy(
                _("%(unit)s already has an open mission.") % {"unit": ambulance.call_sign}
            ) from clash
        append(kind="mission.assigned", actor=actor, now=now, refs=refs_of(mission))
    return mission


def post_unit(
    *,
    incident_id: UUID,
    kind: str,
    place: Place,
    ambulance: Ambulance,
    actor: User,
    now: datetime,
    mission_id: UUID,
    reasons: Sequence[str] = (),
) -> Mission:
    """Send a free unit to wait at a place: a posting and its mission. Idempotent on both ids.

    Raises UnitIsBusy when the unit serves an emergency; a posting that it has ends.
    """
    centre = control_room(actor)
    if ambulance.station.parent_id != centre.pk:
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")
    with transaction.atomic():
        earlier = Mission.objects.filter(pk=mission_id).first()
        if earlier:
            return earlier
        standing_post = Mission.objects.filter(
            ambulance=ambulance, open=True, incident__kind__in=Incident.POSTINGS
        )
        for post in standing_post.select_related("incident"):
            command(
                mission=post,
                to=State.DIVERTED,
                reason="moved_on",
                actor=actor,
                now=now,
                fact_id=uuid4(),
            )
        incident = open_posting(
            incident_id=incident_id,
            kind=kind,
            place=place,
            reasons=reasons,
            centre=centre,
            now=now,
        )
        return assign(
            incident=incident, ambulance=ambulance, actor=actor, now=now, mission_id=mission_id
        )


def record_fact(
    *,
    mission: Mission,
    fact: str,
    occurred_at: datetime,
    actor: User | None,
    source: str,
    now: datetime,
    fact_id: UUID,
    reason: str = "",
) -> MissionFact:
    """Store what happened, then judge it. Never refused; idempotent on `fact_id`.

    A fact that contradicts what is known is flagged and does not count (see
    Contradiction). Raises BadInput only for a word that is no fact at all.
    """
    if fact not in FACTS:
        raise BadInput(_("“%(fact)s” is not a fact of a mission.") % {"fact": fact})
    with transaction.atomic():
        locked = Mission.objects.select_for_update(no_key=True).get(pk=mission.pk)
        earlier = MissionFact.objects.filter(pk=fact_id).first()
        if earlier:
            return earlier
        said = Said(State(fact), occurred_at)
        doubt = judge(said, known=known_standing(locked), now=now, posting=locked.incident.posting)
        row = MissionFact.objects.create(
            id=fact_id,
            mission=locked,
            fact=fact,
            occurred_at=occurred_at,
            recorded_at=now,
            actor=actor,
            source=source,
            reason=reason[:60],
            contradiction=doubt,
        )
        restate(locked)
        if doubt in COUNTED:
            tell(locked, row, now)
        append(
            kind=f"mission.{fact}" if doubt in COUNTED else "mission.contradiction",
            actor=actor,
            now=now,
            occurred_at=occurred_at,
            refs=refs_of(locked),
            detail={"source": source, "fact": fact, "contradiction": doubt},
        )
    mission.refresh_from_db()
    return row


def known_standing(mission: Mission) -> Standing:
    counted = mission.facts.filter(undone_at__isnull=True, contradiction__in=sorted(COUNTED))
    return standing(
        assigned_at=mission.assigned_at,
        facts=[Said(State(row.fact), row.occurred_at) for row in counted],
    )


def restate(mission: Mission) -> None:
    """Write what the facts now amount to into the mission's row."""
    now_stands = known_standing(mission)
    mission.state = now_stands.state
    mission.open = now_stands.open
    mission.ended_at = now_stands.ended_at
    for state in WAY:
        setattr(mission, f"{state}_at", now_stands.times.get(state))
    if not mission.open:
        last = mission.facts.filter(fact=mission.state, undone_at__isnull=True).first()
        mission.end_reason = last.reason if last else ""
        mission.eta_s = mission.eta_computed_at = None
    else:
        mission.end_reason = ""
    mission.save()
    if mission.incident.posting:
        # Nothing is left of a posting when its unit goes; an end that is undone opens it again.
        Incident.objects.filter(pk=mission.incident_id).update(closed_at=mission.ended_at)


def undo_fact(*, fact: MissionFact, actor: User | None, now: datetime) -> None:
    """Take back a slip of the finger. Later than ten seconds it needs a correction."""
    with transaction.atomic():
        mission = Mission.objects.select_for_update(no_key=True).get(pk=fact.mission_id)
        undone = MissionFact.objects.filter(
            pk=fact.pk, undone_at__isnull=True, recorded_at__gte=now - UNDO_WITHIN
        ).update(undone_at=now)
        if not undone:
            raise Refused(_("Too late to undo; write a correction."), code="too_late_to_undo")
        later = mission.facts.filter(undone_at__isnull=True, recorded_at__gt=fact.recorded_at)
        if fact.fact == State.ON_BOARD or later.exists():
            # On board opened the handover and issued a number that others now use.
            raise Refused(_("This step has consequences; it cannot be undone."), code="has_effects")
        try:
            with transaction.atomic():
                restate(mission)
        except IntegrityError as clash:
            raise UnitIsBusy(_("The unit already has its next mission.")) from clash
        fact.refresh_from_db()
        tell(mission, fact, now)
        append(
            kind="mission.fact_undone",
            actor=actor,
            now=now,
            refs=refs_of(mission),
            detail={"fact": fact.fact},
        )


def command(
    *, mission: Mission, to: State, reason: str, actor: User, now: datetime, fact_id: UUID
) -> Mission:
    """Cancel a mission, or divert its unit away from it. The table may refuse."""
    control_room(actor)
    if not reason.strip():
        raise BadInput(_("Say why."), code="no_reason")
    with transaction.atomic():
        locked = Mission.objects.select_for_update(no_key=True).get(pk=mission.pk)
        if not allowed(State(locked.state), to):
            raise IllegalTransition(
                _("Not possible any more: the mission is at “%(state)s”.") % {"state": locked.state}
            )
        record_fact(
            mission=locked,
            fact=to,
            occurred_at=now,
            actor=actor,
            source=MissionFact.Source.DISPATCHER,
            now=now,
            fact_id=fact_id,
            reason=reason,
        )
    mission.refresh_from_db()
    return mission


def fix_destination(*, mission: Mission, hospital: Organisation) -> None:
    """Set where the patient goes; the caller's journal entry tells of it."""
    mission.destination = hospital
    mission.save(update_fields=["destination"])


def close_incident(*, incident: Incident, actor: User, now: datetime) -> None:
    """Close an incident once no mission serves it any more."""
    control_room(actor)
    with transaction.atomic():
        locked = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
        if locked.missions.filter(open=True).exists():
            raise Refused(_("A unit is still on this incident."), code="mission_open")
        if locked.closed_at is None:
            locked.closed_at = now
            locked.save(update_fields=["closed_at"])
            locked.calls.filter(closed_at__isnull=True).update(closed_at=now)
            append(kind="incident.closed", actor=actor, now=now, refs={"incident": locked.pk})


# --- positions ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VehicleFix:
    """A position as a vehicle says it; degrees WGS-84, metres, metres per second."""

    ambulance_id: UUID
    lat: float
    lon: float
    fix_at: datetime
    heading_deg: float | None = None
    speed_mps: float | None = None
    accuracy_m: float | None = None


TRACK_COLUMNS = {
    "ambulance_id": "uuid",
    "lat": "float8",
    "lon": "float8",
    "heading_deg": "float8",
    "speed_mps": "float8",
    "accuracy_m": "float8",
    "fix_at": "timestamptz",
    "recorded_at": "timestamptz",
    "doubt": "text",
}


def take_fixes(
    *, fixes: Iterable[VehicleFix], now: datetime, jump_m_per_s: float = JUMP_M_PER_S
) -> list[Fix]:
    """Keep every position in its vehicle's track; return those to draw now.

    Each is judged against the last believed one. Not journaled: telemetry is high-rate, and a
    position is no event.
    """
    ordered = sorted(fixes, key=lambda fix: fix.fix_at)
    if not ordered:
        return []
    with transaction.atomic(savepoint=False):
        known = {
            row[0]: Seen(*row[1:])
            for row in run(
                "SELECT ambulance_id, lat, lon, fix_at FROM dispatch_fix"
                " WHERE ambulance_id = ANY(%s)",
                [list({fix.ambulance_id for fix in ordered})],
            )
        }
        believed: dict[UUID, tuple[object, ...]] = {}
        track: list[tuple[object, ...]] = []
        for fix in ordered:
            seen = Seen(fix.lat, fix.lon, fix.fix_at)
            doubt = fault(
                seen, last=known.get(fix.ambulance_id), now=now, jump_m_per_s=jump_m_per_s
            )
            row = (fix.ambulance_id, fix.lat, fix.lon, fix.heading_deg, fix.speed_mps,
                   fix.accuracy_m, fix.fix_at, now)  # fmt: skip
            track.append((*row, doubt.value if doubt else ""))
            if not doubt:
                known[fix.ambulance_id] = seen
                believed[fix.ambulance_id] = row
        copy("dispatch_track", TRACK_COLUMNS, track)
        _keep_fixes(believed)
    return [Fix(**dict(zip(TRACK_COLUMNS, row, strict=False))) for row in believed.values()]


def _keep_fixes(believed: Mapping[UUID, tuple[object, ...]]) -> None:
    rows = [believed[key] for key in sorted(believed)]  # one order: no deadlock
    if rows:
        run(
            "INSERT INTO dispatch_fix (ambulance_id, lat, lon, heading_deg, speed_mps, accuracy_m,"
            " fix_at, recorded_at) SELECT * FROM unnest(%s::uuid[], %s::float8[], %s::float8[],"
            " %s::float8[], %s::float8[], %s::float8[], %s::timestamptz[], %s::timestamptz[])"
            " ON CONFLICT (ambulance_id) DO UPDATE SET lat = excluded.lat, lon = excluded.lon,"
            " heading_deg = excluded.heading_deg, speed_mps = excluded.speed_mps,"
            " accuracy_m = excluded.accuracy_m, fix_at = excluded.fix_at,"
            " recorded_at = excluded.recorded_at",
            columns(rows),
        )


# --- the fleet itself -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """A station and how many ambulances stand there."""

    station: Organisation
    ambulances: int


# Of every four ambulances one is intensive care and two are advanced: a common mix.
CAPABILITY_MIX = (
    Ambulance.Capability.ALS,
    Ambulance.Capability.BLS,
    Ambulance.Capability.ALS,
    Ambulance.Capability.MICU,
)


def install_ambulances(*, posts: Iterable[Post]) -> list[Ambulance]:
    """Give each station its ambulances; call signs are numbered through the city.

    Vehicles that the city no longer has go out of service; they are never deleted,
    their missions are history.
    """
    ambulances: list[Ambulance] = []
    for post in posts:
        for _number in range(post.ambulances):
            index = len(ambulances)
            ambulance, _created = Ambulance.objects.update_or_create(
                call_sign=f"A{index + 1:02d}",
                defaults={
                    "plate": f"120-{index + 1:03d}",
                    "station": post.station,
                    "capability": CAPABILITY_MIX[index % len(CAPABILITY_MIX)],
                    "in_service": True,
                },
            )
            ambulances.append(ambulance)
    Ambulance.objects.exclude(pk__in=[one.pk for one in ambulances]).update(in_service=False)
    return ambulances


def issue_token(ambulance: Ambulance) -> str:
    """A new secret for the vehicle; the server keeps only its hash, the old one is void."""
    token = secrets.token_urlsafe(32)
    ambulance.token_hash = hashlib.sha256(token.encode()).digest()
    ambulance.save(update_fields=["token_hash"])
    return token
