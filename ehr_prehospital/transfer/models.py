"""Requests of one hospital to another. PostgreSQL is the referee: no drive without both names."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.transfer.rules import State


class Transfer(models.Model):
    """One patient whom one hospital asks another to take (院际转运)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=[(one.value, one.value) for one in State]
    )
    sender = models.ForeignKey(
        "dispatch.Organisation",
        verbose_name=_("from"),
        related_name="transfers_out",
        on_delete=models.PROTECT,
    )
    receiver = models.ForeignKey(
        "dispatch.Organisation",
        verbose_name=_("to"),
        related_name="transfers_in",
        on_delete=models.PROTECT,
    )
    ward = models.CharField(_("where the patient is"), max_length=80, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    sex = models.CharField(_("sex"), max_length=10, default="unknown")
    age_years = models.PositiveSmallIntegerField(_("age in years"), null=True, blank=True)
    diagnosis = models.CharField(_("diagnosis"), max_length=200)
    condition = models.CharField(_("condition and treatment so far"), max_length=500, blank=True)
    reason = models.CharField(_("reason"), max_length=20)
    urgency = models.CharField(_("how soon"), max_length=10)
    # Capabilities that the receiver must have, and what must come along.
    needs = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    escorts = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    consent = models.CharField(_("who agreed for the patient"), max_length=10)
    consent_name = models.CharField(_("name of who agreed"), max_length=80, blank=True)
    consent_at = models.DateTimeField(_("agreed at"))

    requested_at = models.DateTimeField(_("requested at"))
    requested_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "dispatch.User", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    # Whom the patient comes to: said with the acceptance.
    receiving_team = models.CharField(_("receiving team"), max_length=80, blank=True)
    decline_reason = models.CharField(_("why not"), max_length=20, blank=True)
    decline_note = models.CharField(_("more"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "dispatch.User", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    incident = models.OneToOneField(
        "dispatch.Incident",
        null=True,
        blank=True,
        related_name="transfer",
        on_delete=models.PROTECT,
    )

    class Meta:
        verbose_name = _("inter-hospital transfer")
        verbose_name_plural = _("inter-hospital transfers")
        indexes = [
            models.Index(fields=["sender", "-requested_at"], name="transfer_of_sender"),
            models.Index(fields=["receiver", "-requested_at"], name="transfer_of_receiver"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender=F("receiver")), name="transfer_between_two_hospitals"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ACCEPTED, State.DECLINED])
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="transfer_answer_has_name_and_time",
            ),
            models.CheckConstraint(
                condition=Q(incident__isnull=True) | Q(state=State.ACCEPTED),
                name="transfer_is_driven_only_when_both_agreed",
            ),
            models.CheckConstraint(condition=~Q(consent=""), name="transfer_has_consent"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
