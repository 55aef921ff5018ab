"""Where an ambulance was: its stored track with the statuses at their times, for the replay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import control_room
from dispatch.fleet.models import Ambulance, Mission, MissionFact
from dispatch.fleet.queries import units_of
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import User

LONGEST = timedelta(hours=24)
# So many positions a browser draws without a stutter; longer ranges keep every n-th.
MOST_POINTS = 20_000
# True positions; any other doubt means that the receiver erred.
TRUE = ("", "older", "late")
MOST_MISSIONS = 20
_TRUE_ONES = """
FROM dispatch_track
WHERE ambulance_id = %s AND fix_at >= %s AND fix_at < %s AND doubt = ANY(%s)
"""
_COUNT = f"SELECT count(*) {_TRUE_ONES}"
_THINNED = f"""
SELECT fix_at, lat, lon, heading_deg, speed_mps
FROM (SELECT *, row_number() OVER (ORDER BY fix_at, id) AS place {_TRUE_ONES}) numbered
WHERE (place - 1) %% %s = 0 ORDER BY fix_at
"""  # noqa: S608 - constants of this module only


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees in WGS-84, degrees from north, metres a second."""

    at: datetime
    lat: float
    lon: float
    heading_deg: float | None
    speed_mps: float | None


@dataclass(frozen=True, slots=True)
class Said:
    """A status of a mission as its facts tell it."""

    at: datetime
    fact: str
    mission: str
    incident_id: UUID


@dataclass(frozen=True, slots=True)
class Replay:
    """`every`: of so many stored positions one is given."""

    points: Sequence[Position]
    every: int
    statuses: Sequence[Said]


def replay_track(
    *, ambulance: Ambulance, begins: datetime, ends: datetime, actor: User, now: datetime
) -> Replay:
    """The track of [begins, ends) for a person of the unit's own control room.

    Where a crew was is its business too: each look is a row of the journal. Raises BadInput
    for a range that is empty or longer than a day, NotAllowed for anybody else.
    """
    may_replay(actor, ambulance)
    if ends <= begins:
        raise BadInput(_("The end must lie after the beginning."), code="ends_before_begin")
    if ends - begins > LONGEST:
        raise BadInput(_("At most 24 hours can be replayed at once."), code="too_long")
    with transaction.atomic():
        append(
            kind="track.viewed",
            actor=actor,
            now=now,
            refs={"unit": ambulance.pk},
            detail={"begins": begins.isoformat(), "ends": ends.isoformat()},
        )
    every, points = _positions(ambulance, begins, ends)
    return Replay(points, every, _statuses(ambulance, begins, ends))


def last_missions(*, ambulance: Ambulance, actor: User) -> list[Mission]:
    """The newest missions of a unit, for choosing what to replay."""
    may_replay(actor, ambulance)
    rows = Mission.objects.filter(ambulance=ambulance).select_related("incident")
    return list(rows.order_by("-assigned_at")[:MOST_MISSIONS])


def may_replay(actor: User, ambulance: Ambulance) -> None:
    """Only the control room of the unit's own centre."""
    centre = control_room(actor)
    if ambulance.pk not in {unit.pk for unit in units_of(centre)}:
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")


def _positions(
    ambulance: Ambulance, begins: datetime, ends: datetime
) -> tuple[int, list[Position]]:
    """One read: numbered by time, of which every n-th is kept."""
    within = (ambulance.pk, begins, ends, list(TRUE))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, within)
        every = max(1, -(-cursor.fetchone()[0] // MOST_POINTS))
        cursor.execute(_THINNED, [*within, every])
        return every, [Position(*row) for row in cursor.fetchall()]


def _statuses(ambulance: Ambulance, begins: datetime, ends: datetime) -> list[Said]:
    """Statuses in the range, and the newest one before it: what held when the range began."""
    facts = (
        MissionFact.objects.filter(mission__ambulance=ambulance, undone_at__isnull=True)
        .select_related("mission")
        .order_by("occurred_at", "recorded_at")
    )
    before = facts.filter(occurred_at__lt=begins).last()
    during = facts.filter(occurred_at__gte=begins, occurred_at__lt=ends)
    return [
        Said(one.occurred_at, one.fact, one.mission.number, one.mission.incident_id)
        for one in ([before] if before else []) + list(during)
    ]
