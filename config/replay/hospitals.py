"""The simulated staff of the emergency departments: they see, confirm, make ready, receive."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from config.replay.clock import Clock
from config.replay.csv_file import BadTable
from dispatch.decision.models import Hospital
from dispatch.journal.refusals import Refused
from dispatch.people.models import Role, User
from ehr_prehospital.handover.actions import confirm, deliver, ready, receive, see
from ehr_prehospital.handover.models import Handover

# After the alert, in simulated seconds. No result of a replay depends on these.
DELIVERED_S, SEEN_S, CONFIRMED_S, READY_S = 2.0, 15.0, 30.0, 120.0
BAYS = 6


class Step(Protocol):
    """An action of the hospital on one handover."""

    def __call__(self, *, handover: Handover, actor: User, now: datetime) -> Handover: ...


def make_ready(*, handover: Handover, actor: User, now: datetime) -> Handover:
    bay = f"R{1 + handover.mission_id.int % BAYS}"
    return ready(handover=handover, bay=bay, team="", actor=actor, now=now)


def nurses() -> dict[UUID, User]:
    """One person for each hospital that takes patients; BadTable names those without staff."""
    found: dict[UUID, User] = {}
    staff = User.objects.filter(role=Role.ED_STAFF, is_active=True).order_by("-username")
    for user in staff:
        if user.organisation_id:
            found[user.organisation_id] = user
    wards = list(Hospital.objects.filter(organisation__active=True).select_related("organisation"))
    without = sorted(ward.organisation.code for ward in wards if ward.pk not in found)
    if not wards or without:
        named = ", ".join(without)
        raise BadTable(
            f"No emergency department staff at {named}; run seed_demo first."
            if wards
            else "The imported city has no hospital."
        )
    return found


class Wards:
    def __init__(
        self, staff: Mapping[UUID, User], clock: Clock, now: Callable[[], datetime]
    ) -> None:
        self._staff = staff
        self._clock = clock
        self._now = now

    def expect(self, handover: Handover) -> None:
        """Take the hospital's steps after an alert, each after its time."""
        steps: tuple[tuple[float, Step], ...] = (
            (DELIVERED_S, deliver),
            (SEEN_S, see),
            (CONFIRMED_S, confirm),
            (READY_S, make_ready),
        )
        for after_s, step in steps:
            self._clock.after(after_s, partial(self._take, handover.pk, step))

    def receive(self, handover_id: UUID) -> None:
        self._take(handover_id, receive)

    def _take(self, handover_id: UUID, step: Step) -> None:
        handover = Handover.objects.select_related(
            "mission__incident", "mission__ambulance", "hospital", "encounter"
        ).get(pk=handover_id)
        nurse = self._staff.get(handover.hospital_id)
        if nurse is None:  # a person sent the patient to a hospital without simulated staff
            return
        try:
            step(handover=handover, actor=nurse, now=self._now())
        except Refused:
            # A short ride is over before the bay was named, or a person was quicker.
            return
