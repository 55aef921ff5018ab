"""Another unit for a mission that has one: proposed, taken, refused, withdrawn."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import control_room
from dispatch.calls.models import Incident
from dispatch.city.queries import router
from dispatch.city.roads.router import LonLat
from dispatch.decision.actions.units import choose_unit, recommend_units, with_road_times
from dispatch.decision.candidates import unit_candidates
from dispatch.decision.models import Recommendation
from dispatch.decision.queries import case_of, policy_in_force, proposed_instead
from dispatch.decision.rules.nearer import Swap, nearer_unit
from dispatch.decision.rules.units import Candidate
from dispatch.fleet.actions import command, refs_of
from dispatch.fleet.models import Ambulance, Mission
from dispatch.fleet.rules import BEFORE_SCENE, State
from dispatch.journal.actions import append
from dispatch.journal.refusals import NotAllowed, Refused
from dispatch.people.models import User

Because = Recommendation.Because
# In these states of its mission a proposal still means something.
STANDS: Mapping[str, Collection[State]] = {
    Because.NO_ANSWER: (State.ASSIGNED,),
    Because.NEARER: BEFORE_SCENE,
}
END_REASON = {Because.NO_ANSWER: "no_answer", Because.NEARER: "nearer_unit"}


def propose(*, mission: Mission, because: Because, now: datetime, swap: Swap | None = None) -> None:
    """Work out who could go in the place of the mission's unit, and keep it as a proposal.

    The unit of the swap, or the first of a fresh ranking. Raises NoCity without road times.
    """
    with transaction.atomic():
        stored, ranking = recommend_units(
            incident=mission.incident, actor=None, now=now, instead_of=mission
        )
        first = swap.instead if swap else next(iter(ranking.ranked), None)
        stored.because = because
        stored.outcome["instead"] = first and {
            "unit_id": str(first.unit_id),
            "call_sign": first.call_sign,
            "response_s": first.response_s,
            "gain_s": swap and swap.gain_s,
        }
        stored.save(update_fields=["because", "outcome"])


def watch_nearer(*, now: datetime) -> int:
    """Propose a unit that is clearly nearer than the one under way; withdraw what is so no more."""
    policy, roads = policy_in_force(), router()
    coming = Mission.objects.filter(
        open=True,
        state__in=BEFORE_SCENE,
        incident__kind=Incident.Kind.EMERGENCY,
        incident__priority__lte=policy.rerouting.swap_up_to_priority,
    ).select_related("incident__centre", "ambulance")
    if roads is None:
        return 0
    units: dict[UUID, list[Candidate]] = {}
    found = 0
    for mission in coming:
        incident = mission.incident
        if incident.centre_id not in units:
            units[incident.centre_id] = unit_candidates(centre=incident.centre, now=now)
        there = with_road_times(
            units[incident.centre_id], LonLat(incident.lon, incident.lat), roads
        )
        said = mission.proposals.filter(because=Because.NEARER).order_by("made_at").last()
        swap = nearer_unit(
            [unit for unit in there if str(unit.unit_id) not in _passed_over(mission)],
            coming=mission.ambulance_id,
            case=case_of(incident, without=mission),
            policy=policy,
            now=now,
            proposed=said is not None and said.withdrawn_at is None,
        )
        found += _bring_in_line(mission, said, swap, now)
    return found


def _passed_over(mission: Mission) -> set[str]:
    """The units that a person, with a reason, did not want for this incident."""
    asked = mission.recommendation_set.filter(question=Recommendation.Question.UNIT)
    chosen = asked.order_by("made_at").last()
    overridden = chosen is not None and chosen.override_reason
    own = str(mission.ambulance_id)
    return {row["unit_id"] for row in chosen.ranked} - {own} if chosen and overridden else set()


def _bring_in_line(
    mission: Mission, said: Recommendation | None, swap: Swap | None, now: datetime
) -> bool:
    """What stands proposed for the mission becomes what is so now; True for a new proposal."""
    kept = said is not None and said.chosen_by_id is not None
    stands = said is not None and said.withdrawn_at is None
    same = (
        said is not None
        and swap is not None
        and said.outcome["instead"]["unit_id"] == str(swap.instead.unit_id)
    )
    if same and (stands or kept):
        return False
    if said and stands:
        withdraw(said, actor=None, now=now)
    if swap is None:
        return False
    propose(mission=mission, because=Because.NEARER, now=now, swap=swap)
    with transaction.atomic():
        append(
            kind="mission.nearer_unit",
            actor=None,
            now=now,
            refs=refs_of(mission),
            detail={"unit": swap.instead.call_sign, "gain_s": round(swap.gain_s)},
        )
    return True


def withdraw(proposal: Recommendation, *, actor: User | None, now: datetime) -> None:
    """It is so no more, or a person keeps the unit that is coming; said in the journal."""
    mission = proposal.instead_of
    if mission is None:
        raise ValueError("this recommendation proposes nobody instead")
    with transaction.atomic():
        proposal.withdrawn_at = now
        proposal.chosen_by = actor
        proposal.save(update_fields=["withdrawn_at", "chosen_by"])
        kind = "mission.unit_kept" if actor else "mission.nearer_withdrawn"
        append(kind=kind, actor=actor, now=now, refs=refs_of(mission))


def keep_unit(*, mission: Mission, actor: User, now: datetime) -> None:
    """The unit that is coming stays; the proposed one is not proposed for this mission again."""
    own_centre(mission, actor)
    proposal = proposed_instead([mission.pk]).get(mission.pk)
    if proposal is not None:
        withdraw(proposal, actor=actor, now=now)


def send_instead(*, mission: Mission, actor: User, now: datetime, mission_id: UUID) -> Mission:
    """Cancel a mission and send the unit that was proposed for it, in one step.

    Raises Refused when the proposal does not stand any more: the crew has answered, or is
    at the scene, or nothing was proposed.
    """
    own_centre(mission, actor)
    earlier = Mission.objects.filter(pk=mission_id).first()
    if earlier:
        return earlier
    with transaction.atomic():
        locked = Mission.objects.select_for_update(no_key=True).get(pk=mission.pk)
        proposal = proposed_instead([mission.pk]).get(mission.pk)
        if proposal is None or not proposal.outcome.get("instead"):
            raise Refused(_("No other unit was proposed."), code="nothing_proposed")
        if locked.state not in STANDS[proposal.because]:
            raise Refused(_("The crew has answered; the mission stands."), code="acknowledged")
        command(
            mission=locked,
            to=State.CANCELLED,
            reason=END_REASON[Because(proposal.because)],
            actor=actor,
            now=now,
            fact_id=uuid4(),
        )
        return choose_unit(
            incident=mission.incident,
            ambulance=Ambulance.objects.select_related("station").get(
                pk=proposal.outcome["instead"]["unit_id"]
            ),
            recommendation=proposal,
            override_reason="",
            actor=actor,
            now=now,
            mission_id=mission_id,
        )


def own_centre(mission: Mission, actor: User) -> None:
    if mission.incident.centre_id != control_room(actor).pk:
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")
