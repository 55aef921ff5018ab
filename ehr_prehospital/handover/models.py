"""Handovers. PostgreSQL is the referee: one open per mission, every state has its time."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.handover.rules import CLOSED, State


class Handover(models.Model):
    """From alert to transfer of care, between one mission and one hospital (院前-院内交接).

    A redirect closes this one and opens another, with the number of the other hospital.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission",
        verbose_name=_("mission"),
        related_name="handovers",
        on_delete=models.PROTECT,
    )
    hospital = models.ForeignKey(
        "dispatch.Organisation",
        verbose_name=_("hospital"),
        related_name="handovers",
        on_delete=models.PROTECT,
    )
    encounter = models.ForeignKey(
        "ehr_prehospital.Encounter", verbose_name=_("encounter"), on_delete=models.PROTECT
    )
    preadmission_number = models.CharField(_("pre-admission number"), max_length=40, unique=True)
    # The hospital's own number of the visit, as its system gave it back.
    visit_number = models.CharField(_("visit number"), max_length=40, blank=True, db_default="")
    visit_number_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=[(state.value, state.value) for state in State]
    )
    bay = models.CharField(_("bay"), max_length=40, blank=True)
    team = models.CharField(_("team"), max_length=80, blank=True)
    # How often nobody answered: raised at 30, 60 and 120 s.
    alarm_level = models.PositiveSmallIntegerField(default=0)

    sent_at = models.DateTimeField(_("sent at"))
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    offloading_at = models.DateTimeField(_("offloading since"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    redirected_at = models.DateTimeField(_("redirected at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=60, blank=True)
    # A withdrawn alert stays on the hospital's screen until somebody there has seen that.
    withdrawal_seen_at = models.DateTimeField(null=True, blank=True)

    confirmed_by = models.ForeignKey(
        "dispatch.User",
        verbose_name=_("confirmed by"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )
    given_at = models.DateTimeField(_("given at"), null=True, blank=True)
    # Null with a time when the vehicle itself said so (a simulated crew has no person).
    given_by = models.ForeignKey(
        "dispatch.User",
        verbose_name=_("given by"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    received_by = models.ForeignKey(
        "dispatch.User",
        verbose_name=_("received by"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        indexes = [
            models.Index(fields=["hospital", "sent_at"], name="handover_of_hospital"),
            models.Index(
                fields=["sent_at"],
                condition=Q(confirmed_at__isnull=True) & ~Q(state__in=sorted(CLOSED)),
                name="handover_unconfirmed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=~Q(state__in=sorted(CLOSED)),
                name="one_open_handover_per_mission",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="handover_confirmed_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by__isnull=True)
                | Q(received_at__isnull=False, received_by__isnull=False),
                name="handover_received_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HANDED_OVER)
                | Q(given_at__isnull=False, received_at__isnull=False),
                name="handover_needs_both_sides",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(state=state.value) | Q(**{f"{state}_at__isnull": False}),
                    name=f"handover_{state}_has_time",
                )
                for state in State
                if state is not State.SENT
            ),
            # A closed handover is closed once: handed over, redirected or cancelled.
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, redirected_at__isnull=True)
                | Q(handed_over_at__isnull=True, cancelled_at__isnull=True)
                | Q(redirected_at__isnull=True, cancelled_at__isnull=True),
                name="handover_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return self.preadmission_number
