"""Who is on call, who was called, what was said, drawn and ordered."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.consult.rules.calls import ConsultState, PartyState, Side
from ehr_prehospital.consult.rules.orders import OrderKind, OrderState, OrderStep


class PhysicianDuty(models.Model):
    """A physician's time on call (值班): for what, and in which place of the ringing order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        "dispatch.User", verbose_name=_("physician"), on_delete=models.PROTECT, related_name="+"
    )
    centre = models.ForeignKey(
        "dispatch.Organisation", verbose_name=_("dispatch centre"), on_delete=models.PROTECT
    )
    specialties = ArrayField(models.CharField(max_length=20), verbose_name=_("specialties"))
    rank = models.PositiveSmallIntegerField(_("place in the ringing order"), default=1)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))

    class Meta:
        verbose_name = _("time on call")
        verbose_name_plural = _("times on call")
        indexes = [models.Index(fields=["centre", "ends_at"], name="duty_of_centre")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="duty_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DeskPresence(models.Model):
    """Whether somebody sits at a desk, as the desk itself says every few seconds."""

    user = models.OneToOneField("dispatch.User", primary_key=True, on_delete=models.PROTECT)
    heard_at = models.DateTimeField()
    available = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("presence at a desk")
        verbose_name_plural = _("presences at desks")

    def __str__(self) -> str:
        return str(self.pk)


class Consult(models.Model):
    """One consult (远程会诊) of a mission: a call with its parties, its thread, its drawing."""

    # Made by the tablet, so that a repetition is recognised.
    id = models.UUIDField(primary_key=True, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission",
        verbose_name=_("mission"),
        related_name="+",
        on_delete=models.PROTECT,
    )
    opened_by = models.ForeignKey(
        "dispatch.User", verbose_name=_("called by"), related_name="+", on_delete=models.PROTECT
    )
    reason = models.CharField(_("reason for the call"), max_length=200, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(state.value, state.value) for state in ConsultState],
        default="waiting",
    )
    opened_at = models.DateTimeField(_("opened at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "dispatch.User", related_name="+", null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("consult")
        verbose_name_plural = _("consults")
        constraints = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(ended_at__isnull=True),
                name="one_open_consult_per_mission",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | ~Q(state="ended") & Q(ended_at__isnull=True),
                name="consult_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConsultRequest(models.Model):
    """Whom a consult asks for: a specialty on call, or a hospital. Open, it waits in the queue."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consult = models.ForeignKey(Consult, related_name="requests", on_delete=models.PROTECT)
    specialty = models.CharField(_("specialty"), max_length=20, blank=True)
    hospital = models.ForeignKey(
        "dispatch.Organisation", verbose_name=_("hospital"), null=True, on_delete=models.PROTECT
    )
    asked_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)
    asked_at = models.DateTimeField(_("asked at"))
    # A transfer: this party leaves when somebody else has answered.
    instead_of = models.ForeignKey(
        "ConsultParty", related_name="+", null=True, on_delete=models.PROTECT
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request for a consult")
        verbose_name_plural = _("requests for consults")
        constraints = [
            models.CheckConstraint(
                condition=Q(specialty="", hospital__isnull=False)
                | ~Q(specialty="") & Q(hospital__isnull=True),
                name="consult_request_asks_for_one",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConsultParty(models.Model):
    """One who rings or talks. A hospital rings on all its screens; who answers is its person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consult = models.ForeignKey(Consult, related_name="parties", on_delete=models.PROTECT)
    request = models.ForeignKey(
        ConsultRequest, related_name="parties", null=True, on_delete=models.PROTECT
    )
    side = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Side])
    user = models.ForeignKey("dispatch.User", related_name="+", null=True, on_delete=models.PROTECT)
    hospital = models.ForeignKey(
        "dispatch.Organisation", related_name="+", null=True, on_delete=models.PROTECT
    )
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in PartyState]
    )
    rung_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    # The last beat of its page, and since when the page is silent.
    heard_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("party of a consult")
        verbose_name_plural = _("parties of consults")
        constraints = [
            models.UniqueConstraint(
                fields=["consult", "user"],
                condition=Q(state__in=["ringing", "connected"]),
                name="once_in_a_consult",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(hospital__isnull=False),
                name="consult_party_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConsultMessage(models.Model):
    """What was typed in the thread."""

    id = models.UUIDField(primary_key=True, editable=False)
    consult = models.ForeignKey(Consult, related_name="messages", on_delete=models.PROTECT)
    author = models.ForeignKey("dispatch.User", on_delete=models.PROTECT)
    text = models.CharField(_("text"), max_length=1000)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("message of a consult")
        verbose_name_plural = _("messages of consults")

    def __str__(self) -> str:
        return str(self.pk)


class Order(models.Model):
    """What a physician orders (医嘱), checked against formulary and record when it was ordered."""

    id = models.UUIDField(primary_key=True, editable=False)
    consult = models.ForeignKey(Consult, related_name="orders", on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in OrderKind])
    # {drug, use, dose, unit, route} or {procedure} or {text}; a note may go with each.
    content = models.JSONField()
    # What spoke against it, and that the physician weighed it.
    cautions = ArrayField(models.CharField(max_length=20), default=list)
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in OrderState])
    ordered_by = models.ForeignKey("dispatch.User", on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")

    def __str__(self) -> str:
        return str(self.pk)


class OrderWord(models.Model):
    """One step of an order, by whom and when; what does not fit is flagged, never dropped."""

    id = models.UUIDField(primary_key=True, editable=False)
    order = models.ForeignKey(Order, related_name="words", on_delete=models.PROTECT)
    step = models.CharField(max_length=10, choices=[(one.value, one.value) for one in OrderStep])
    by = models.ForeignKey("dispatch.User", on_delete=models.PROTECT)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    said = models.JSONField(default=dict)
    flags = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        verbose_name = _("step of an order")
        verbose_name_plural = _("steps of orders")

    def __str__(self) -> str:
        return str(self.pk)


class Drawing(models.Model):
    """One message of the drawing on a picture, as it was passed on; what was shown and seen."""

    id = models.BigAutoField(primary_key=True)
    mission = models.ForeignKey("dispatch.Mission", related_name="+", on_delete=models.PROTECT)
    consult = models.ForeignKey(Consult, null=True, on_delete=models.PROTECT)
    author = models.ForeignKey("dispatch.User", on_delete=models.PROTECT)
    t = models.CharField(max_length=10)
    stream = models.UUIDField(null=True)
    seq = models.BigIntegerField(null=True)
    stroke = models.UUIDField(null=True)
    body = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()

    class Meta:
        verbose_name = _("drawing on a picture")
        verbose_name_plural = _("drawings on pictures")
        indexes = [models.Index(fields=["mission", "id"], name="drawing_of_mission")]

    def __str__(self) -> str:
        return str(self.pk)
