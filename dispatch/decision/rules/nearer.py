"""A unit drives, and another has become free that would be there clearly earlier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.decision.rules.policy import Policy, level_of
from dispatch.decision.rules.units import (
    Candidate,
    Case,
    RankedUnit,
    rank_units,
    response_s,
    wanted_levels,
)


@dataclass(frozen=True, slots=True)
class Swap:
    """`instead` would be at the scene `gain_s` before the unit that is on its way there."""

    instead: RankedUnit
    gain_s: float


def nearer_unit(
    units: Sequence[Candidate],
    *,
    coming: UUID,
    case: Case,
    policy: Policy,
    now: datetime,
    proposed: bool = False,
) -> Swap | None:
    """The unit that should take over from the one that is coming, if any should.

    Road times are those of now; `case` counts the coming unit as not sent. A unit whose
    own way is not known is left alone, and so is one whose place only a lower crew could take.
    What is `proposed` already stands until half of the gain is lost, so that it does not flicker.
    """
    own = next((unit for unit in units if unit.unit_id == coming), None)
    left_s = response_s(own, policy) if own else None
    rule = policy.rerouting
    if own is None or left_s is None or case.priority > rule.swap_up_to_priority:
        return None
    others = [unit for unit in units if unit.unit_id != coming]
    needed = min(own.level, max(map(level_of, wanted_levels(case, policy))))
    enough = {unit.unit_id for unit in others if unit.level >= needed}
    picked = rank_units(others, case=case, policy=policy, now=now).picked
    best = next((unit for unit in picked if unit.unit_id in enough), None)
    gain_s = left_s - best.response_s if best else 0.0
    least_s = rule.swap_gain_s / 2 if proposed else rule.swap_gain_s
    return Swap(best, gain_s) if best and gain_s >= least_s else None
