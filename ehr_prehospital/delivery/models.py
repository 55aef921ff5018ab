"""Partners, what is sent to them, and every attempt with its answer."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehr_prehospital.delivery.rules import Outcome


class Partner(models.Model):
    """A receiving system. Its credentials are sealed, see credentials.py."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(
        "dispatch.Organisation", verbose_name=_("dispatch centre"), on_delete=models.PROTECT
    )
    # The hospital whose own system it is, where it is one.
    hospital = models.ForeignKey(
        "dispatch.Organisation",
        verbose_name=_("hospital"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    name = models.CharField(_("name"), max_length=80)
    # Whose system it is, or the name of ours that it knows us by: the kind says which.
    organisation = models.CharField(_("organisation"), max_length=100, blank=True)
    kind = models.CharField(pgettext_lazy("of a delivery", "kind"), max_length=40)
    address = models.CharField(_("address"), max_length=400)
    credentials = models.BinaryField(_("credentials"), blank=True, default=b"")
    options = models.JSONField(_("options"), default=dict, blank=True)
    # Sent as soon as there is something to send, without anybody pressing.
    automatic = models.BooleanField(_("sends by itself"), default=False)
    active = models.BooleanField(_("active"), default=True)
    # What was closed before is sent only when a person asks for it.
    registered_at = models.DateTimeField(_("registered at"), db_default=Now())
    # Nobody answered there: nothing is tried before.
    resting_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [
            models.UniqueConstraint(fields=["centre", "name"], name="partner_name_once_a_centre")
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One thing to send. Of one partner and one order key, the lowest open number goes first.

    What `holds` is not overtaken even when it was refused: the later ones of its key wait until
    a person has sent it again or given it up.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "waiting")
        SENDING = "sending", pgettext_lazy("delivery", "being sent")
        DELIVERED = "delivered", pgettext_lazy("delivery", "delivered")
        REFUSED = "refused", pgettext_lazy("delivery", "refused")
        CANCELLED = "cancelled", pgettext_lazy("delivery", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The place in the order; from a sequence, and a new one when a person sends it again.
    number = models.BigIntegerField(_("number"), unique=True)
    partner = models.ForeignKey(
        Partner, verbose_name=_("partner"), related_name="deliveries", on_delete=models.PROTECT
    )
    kind = models.CharField(pgettext_lazy("of a delivery", "kind"), max_length=40)
    order_key = models.CharField(_("order key"), max_length=120)
    holds = models.BooleanField(default=False, db_default=False)
    # The same thing twice is one delivery.
    sameness_key = models.CharField(_("sameness key"), max_length=200)
    mission = models.ForeignKey(
        "dispatch.Mission", verbose_name=_("mission"), null=True, on_delete=models.PROTECT
    )
    content = models.BinaryField(_("content"))
    content_type = models.CharField(_("content type"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    # Since it was queued, or sent again by a person.
    tries = models.PositiveIntegerField(_("tries"), default=0)
    since = models.DateTimeField(_("waits since"))
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)
    # Who is sending it, since when and until when nobody else does.
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    ticket = models.TextField(_("the partner's handle"), blank=True)
    queued_at = models.DateTimeField(_("queued at"))
    queued_by = models.ForeignKey(
        "dispatch.User", verbose_name=_("person"), null=True, on_delete=models.PROTECT
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)
    # An alert: of no use after this, and every attempt of it is told in the journal.
    of_use_until = models.DateTimeField(_("of use until"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["partner", "order_key", "number"],
                condition=Q(state__in=["waiting", "sending"]),
                name="delivery_open_in_order",
            ),
            models.Index(fields=["mission"], name="delivery_of_mission"),
            models.Index(
                fields=["partner", "order_key", "number"],
                condition=Q(state="refused", holds=True),
                name="delivery_that_holds_up",
            ),
            models.Index(
                fields=["next_attempt_at", "number"],
                condition=Q(state="waiting"),
                name="delivery_next_attempt",
            ),
            models.Index(
                fields=["partner"], condition=Q(state="sending"), name="delivery_being_sent"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["partner", "sameness_key"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_attempt_at__isnull=False, claim__isnull=True)
                | Q(state="sending", claim__isnull=False, claimed_until__isnull=False)
                | Q(
                    state__in=["delivered", "refused", "cancelled"],
                    ended_at__isnull=False,
                    claim__isnull=True,
                ),
                name="delivery_state_has_its_times",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class DeliveryAttempt(models.Model):
    """One attempt and what came back; never changed."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(
        Delivery, verbose_name=_("delivery"), related_name="attempts", on_delete=models.PROTECT
    )
    number = models.PositiveIntegerField(_("number"))
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"))
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=[(one.value, one.value) for one in Outcome]
    )
    code = models.CharField(_("code"), max_length=40, blank=True)
    text = models.TextField(_("text"), blank=True)
    # The raw answer, cut where it is too long to keep.
    said = models.TextField(_("answer"), blank=True)
    remarks = models.JSONField(_("remarks"), default=list)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.number}"
