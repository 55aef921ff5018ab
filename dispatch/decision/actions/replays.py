"""Decide a past day again by another policy, and keep what came of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.city.queries import current_city, router
from dispatch.city.roads.router import LonLat
from dispatch.decision.actions.units import NoCity, with_road_times
from dispatch.decision.models import PolicyReplay
from dispatch.decision.plain import plain
from dispatch.decision.queries import decided_between, policy_in_force
from dispatch.decision.rules.policy import Policy
from dispatch.decision.rules.replay import Spot, figures, replay
from dispatch.decision.rules.units import Candidate
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import Organisation


def replay_decisions(
    *, centre: Organisation, policy: Policy, begins: datetime, ends: datetime, now: datetime
) -> PolicyReplay:
    """Replay the centre's decisions of this stretch; the targets are those in force.

    Raises NoCity, and BadInput when nothing was decided then.
    """
    roads, city = router(), current_city()
    if roads is None or city is None:
        raise NoCity(_("No city is imported; road times are not known."))
    day, skipped = decided_between(centre=centre, begins=begins, ends=ends)
    if not day:
        raise BadInput(
            _("No unit was sent by a stored recommendation in this time."), code="nothing_decided"
        )

    def timed(units: Sequence[Candidate], scene: Spot) -> Sequence[Candidate]:
        return with_road_times(units, LonLat(*scene), roads)

    target_s = policy_in_force().response.target_s
    compared = replay(day, policy=policy, target_s=target_s, timed=timed)
    result = {
        "decided": plain(figures([one.decided for one in compared])),
        "replayed": plain(figures([one.replayed for one in compared])),
        "skipped": skipped,
        "cases": [plain(one) for one in compared if one.differs],
    }
    with transaction.atomic():
        stored = PolicyReplay.objects.create(
            centre=centre,
            policy=policy.name,
            policy_en=policy.text.en,
            policy_zh=policy.text.zh,
            begins=begins,
            ends=ends,
            made_at=now,
            city_version=city.version,
            result=result,
        )
        append(
            kind="policy.replayed",
            actor=None,
            now=now,
            refs={"centre": centre.pk},
            detail={"policy": policy.name, "decisions": len(compared)},
        )
    return stored
