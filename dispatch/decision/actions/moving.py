"""Propose that a free unit waits elsewhere; a person accepts or refuses it, or it expires."""

from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID, uuid4

import numpy as np
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import control_room
from dispatch.city.queries import current_city
from dispatch.city.roads.router import LonLat
from dispatch.decision.actions.posting import waiting_place
from dispatch.decision.models import MoveUp
from dispatch.decision.plain import plain
from dispatch.decision.queries import policy_in_force
from dispatch.decision.rules.coverage import by_zone
from dispatch.decision.rules.relocation import Move, best_move, by_table, row_of, worth_of
from dispatch.decision.situation import Situation, situation_of
from dispatch.fleet.actions import post_unit
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import Organisation, User

# Why a dispatcher leaves a unit where it is; labelled in dispatch/terms.py.
REFUSALS = ("crew_tired", "traffic", "event_expected", "unit_needed_here", "not_worth_it", "other")


def watch_moves(*, now: datetime) -> int:
    """One look at every centre: what is no longer true expires, what is now best is proposed.

    Returns how many proposals were made.
    """
    centres = Organisation.objects.filter(kind=Organisation.Kind.DISPATCH_CENTRE, active=True)
    return sum(_look(centre, now) is not None for centre in centres)


def _look(centre: Organisation, now: datetime) -> MoveUp | None:
    began = perf_counter()
    standing = MoveUp.objects.filter(centre=centre, ended_at__isnull=True).first()
    if standing is None and policy_in_force().relocation.mode == "off":
        return None
    situation = situation_of(centre, now)
    if standing is not None:
        if situation is not None and _still_true(standing, situation, now):
            return None
        _end(standing, MoveUp.Outcome.EXPIRED, actor=None, now=now)
    move = situation and _wanted(centre, situation, now)
    if not situation or not move:
        return None
    return _propose(centre, situation, move, now=now, began=began)


def _wanted(centre: Organisation, situation: Situation, now: datetime) -> Move | None:
    """What the policy would have moved now, without those who were just refused a move."""
    rule, fleet = situation.policy.relocation, situation.fleet
    left_alone = set(
        MoveUp.objects.filter(
            centre=centre,
            outcome=MoveUp.Outcome.REFUSED,
            ended_at__gt=now - timedelta(seconds=rule.refused_for_s),
        ).values_list("ambulance_id", flat=True)
    )
    for row, unit in enumerate(situation.units):
        fleet.may_move[row] &= unit.unit_id not in left_alone
    if rule.mode == "dmexclp":
        return best_move(situation.demand, situation.points_in_reach, fleet, rule)
    if rule.mode == "table":
        codes = [point.code for point in situation.points]
        known = {code for row in rule.table.values() for code in row} <= set(codes)
        if known:
            return by_table(codes, situation.demand, situation.points_in_reach, fleet, rule)
    return None


def _still_true(proposal: MoveUp, situation: Situation, now: datetime) -> bool:
    """The unit is there and may be moved, and the move is still worth at least half as much."""
    rule, fleet = situation.policy.relocation, situation.fleet
    if (now - proposal.made_at).total_seconds() > rule.expires_s:
        return False
    unit = next(
        (row for row, one in enumerate(situation.units) if one.unit_id == proposal.ambulance_id),
        None,
    )
    codes = [point.code for point in situation.points]
    if unit is None or proposal.point not in codes or not fleet.may_move[unit]:
        return False
    point = codes.index(proposal.point)
    if fleet.at[unit] == point or rule.mode == "off":
        return False
    if rule.mode == "table":
        wanted = rule.table.get(row_of(rule, len(situation.units)), ())
        return wanted.count(proposal.point) > int((fleet.at == point).sum())
    now_worth = worth_of(unit, point, situation.demand, situation.points_in_reach, fleet, rule).gain
    return now_worth > max(
        (proposal.covered_after - proposal.covered_before) / 2, rule.least_gain_homeward
    )


def _propose(
    centre: Organisation, situation: Situation, move: Move, *, now: datetime, began: float
) -> MoveUp | None:
    unit, point, city = situation.units[move.unit], situation.points[move.point], current_city()
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = MoveUp.objects.create(
                    centre=centre,
                    ambulance_id=unit.unit_id,
                    kind=point.kind,
                    point=point.code,
                    point_en=point.name_en,
                    point_zh=point.name_zh,
                    lat=point.place.lat,
                    lon=point.place.lon,
                    made_at=now,
                    took_ms=(perf_counter() - began) * 1000,
                    policy=situation.policy.name,
                    city_version=city.version if city else "",
                    covered_before=move.before,
                    covered_after=move.after,
                    drive_s=move.drive_s,
                    inputs=_inputs(situation),
                )
        except IntegrityError as clash:
            if "one_open_move_up" not in str(clash):
                raise
            return None  # another watcher was quicker
        append(
            kind="move_up.proposed",
            actor=None,
            now=now,
            refs=_refs(made),
            detail={"policy": made.policy, "point": made.point},
        )
    return made


def _inputs(situation: Situation) -> dict[str, object]:
    """All that the rule was given, so that the question can be asked again."""
    rule = situation.policy.relocation
    return {
        "rule": plain(rule),
        "hour": situation.ground.hour,
        "calls": situation.ground.calls,
        "places": [[round(x, 5) for x in place] for place in situation.ground.places],
        "demand": [round(float(share), 7) for share in situation.ground.demand],
        "units": [plain(unit) for unit in situation.units],
        "at": situation.fleet.at.tolist(),
        "may_move": situation.fleet.may_move.tolist(),
        "homeward": situation.fleet.homeward.tolist(),
        "points": [
            [one.code, round(one.place.lon, 5), round(one.place.lat, 5)] for one in situation.points
        ],
        "soon_s": _seconds(situation.soon_s),
        "points_s": _seconds(situation.points_s),
        "drive_s": _seconds(situation.fleet.drive_s),
        "zones_covered": [
            round(float(one), 3) for one in by_zone(situation.soon_s <= rule.target_s, rule.busy)
        ],
    }


def _seconds(table: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[list[int | None]]:
    """Whole seconds; null where there is no way (JSON has no infinity)."""
    return [[round(float(one)) if np.isfinite(one) else None for one in row] for row in table]


# --- the person's answer ------------------------------------------------------------


def accept_move(*, proposal: MoveUp, actor: User, now: datetime, mission_id: UUID) -> Mission:
    """Send the unit there as proposed. Idempotent on the mission's id.

    Raises Refused when the proposal has ended, UnitIsBusy when the unit has gone elsewhere.
    """
    _may(actor, proposal)
    with transaction.atomic():
        earlier = Mission.objects.filter(pk=mission_id).first()
        if earlier:
            return earlier
        locked = _open(proposal)
        mission = post_unit(
            incident_id=uuid4(),
            kind=locked.kind,
            place=waiting_place(locked.point_en, locked.point_zh, LonLat(locked.lon, locked.lat)),
            ambulance=locked.ambulance,
            actor=actor,
            now=now,
            mission_id=mission_id,
        )
        _end(locked, MoveUp.Outcome.ACCEPTED, actor=actor, now=now, mission=mission)
    return mission


def refuse_move(*, proposal: MoveUp, reason: str, actor: User, now: datetime) -> None:
    """Leave the unit where it is, and alone for a while; the reason is kept."""
    _may(actor, proposal)
    if reason not in REFUSALS:
        raise BadInput(_("Say why."), code="no_reason")
    with transaction.atomic():
        _end(_open(proposal), MoveUp.Outcome.REFUSED, actor=actor, now=now, reason=reason)


def _may(actor: User, proposal: MoveUp) -> None:
    if proposal.centre_id != control_room(actor).pk:
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")


def _open(proposal: MoveUp) -> MoveUp:
    locked = (
        MoveUp.objects.select_for_update(of=("self",), no_key=True)
        .select_related("ambulance__station")
        .get(pk=proposal.pk)
    )
    if locked.ended_at:
        raise Refused(_("This proposal no longer stands."), code="proposal_ended")
    return locked


def _end(
    proposal: MoveUp,
    outcome: MoveUp.Outcome,
    *,
    actor: User | None,
    now: datetime,
    reason: str = "",
    mission: Mission | None = None,
) -> None:
    """Once: of two who answer at the same moment, or an expiry between, the first counts."""
    with transaction.atomic():
        ended = MoveUp.objects.filter(pk=proposal.pk, ended_at__isnull=True).update(
            outcome=outcome, ended_at=now, ended_by=actor, reason=reason, mission=mission
        )
        if ended:
            refs = _refs(proposal)
            append(
                kind=f"move_up.{outcome}",
                actor=actor,
                now=now,
                refs={**refs, "mission": mission.pk} if mission else refs,
                detail={"reason": reason} if reason else None,
            )


def _refs(proposal: MoveUp) -> dict[str, UUID]:
    return {
        "move_up": proposal.pk,
        "unit": proposal.ambulance_id,
        "centre": proposal.centre_id,
    }
