"""What a hospital's system is told of, and every event that it was, or is to be, told."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.exchange.fhir.subscriptions.rules import Content


class FhirSubscription(models.Model):
    """Ended, never deleted. It acts as a user: what that one may not see is not told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        "dispatch.User", verbose_name=_("acts as"), on_delete=models.PROTECT, related_name="+"
    )
    partner = models.ForeignKey(
        "ehr_prehospital.Partner", verbose_name=_("partner"), on_delete=models.PROTECT
    )
    topic = models.CharField(_("topic"), max_length=100)
    content = models.CharField(
        _("content"), max_length=20, choices=[(one.value, one.value) for one in Content]
    )
    # The records that it is limited to; none, all that its user may see.
    records = models.JSONField(_("records"), default=list, blank=True)
    # Our own address under which the system knows us: links in notifications start with it.
    base = models.CharField(_("address"), max_length=400)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    heartbeat_s = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # The last row of the journal that was looked at, and how many events there were.
    cursor = models.BigIntegerField()
    events = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(_("told at"))
    handshake = models.ForeignKey(
        "ehr_prehospital.Delivery", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("FHIR subscription")
        verbose_name_plural = _("FHIR subscriptions")

    def __str__(self) -> str:
        return str(self.pk)


class SubscriptionEvent(models.Model):
    """One event of one subscription, by its number."""

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(
        FhirSubscription,
        verbose_name=_("FHIR subscription"),
        related_name="log",
        on_delete=models.PROTECT,
    )
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    record = models.ForeignKey(
        "ehr_prehospital.Record", verbose_name=_("record"), on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("event of a FHIR subscription")
        verbose_name_plural = _("events of FHIR subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "number"], name="subscription_event_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.number}"
