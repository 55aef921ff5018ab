"""A hospital's on-call list, browsers that take push messages, how soon the next is told."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class OnCall(models.Model):
    """A named person who answers for a hospital in an order, with where they are reached."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hospital = models.ForeignKey(
        "dispatch.Organisation", related_name="on_call", on_delete=models.PROTECT
    )
    person = models.ForeignKey(
        "dispatch.User", verbose_name=_("person"), related_name="on_call", on_delete=models.PROTECT
    )
    # Lowest first. For one team only, or for alerts where it is empty.
    rank = models.PositiveSmallIntegerField(_("place in the list"))
    team = models.CharField(_("team"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    pager = models.CharField(_("pager"), max_length=40, blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)

    class Meta:
        verbose_name = _("person on call")
        verbose_name_plural = _("people on call")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="on_call_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.person_id}"


class PushSubscription(models.Model):
    """A browser of a person of a hospital that takes push messages (RFC 8030)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "dispatch.User", related_name="push_subscriptions", on_delete=models.PROTECT
    )
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=200)
    auth = models.CharField(max_length=100)
    made_at = models.DateTimeField(_("made at"))
    # The browser took it back, or its push service says that it is gone.
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")

    def __str__(self) -> str:
        return str(self.pk)


class AlertTiming(models.Model):
    """After how many seconds without a name the next step is taken.

    Of one hospital, or of all hospitals of one dispatch centre that set none of their own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hospital = models.ForeignKey(
        "dispatch.Organisation",
        verbose_name=_("hospital"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    centre = models.ForeignKey(
        "dispatch.Organisation",
        verbose_name=_("dispatch centre"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True, blank=True)
    after_s = ArrayField(models.PositiveIntegerField(), verbose_name=_("seconds"), size=3)

    class Meta:
        verbose_name = _("timing of alerts")
        verbose_name_plural = _("timings of alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "hospital", "urgency"],
                nulls_distinct=False,
                name="one_timing_of_its_owner_and_urgency",
            ),
            models.CheckConstraint(
                condition=Q(hospital__isnull=True, centre__isnull=False)
                | Q(hospital__isnull=False, centre__isnull=True),
                name="timing_of_a_hospital_or_a_centre",
            ),
            models.CheckConstraint(
                condition=Q(urgency__isnull=True) | Q(urgency__gte=1, urgency__lte=5),
                name="timing_of_an_urgency_that_is",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hospital_id or self.centre_id} {self.urgency} {self.after_s}"
