"""Orders of a hospital for a patient who is still on the way."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehr_prehospital.handover.orders.rules import OrderKind, OrderState


class PreparedOrder(models.Model):
    """Prepared by a named person before the patient is there, released on arrival."""

    # Made by the department's screen, so that a repetition is recognised.
    id = models.UUIDField(primary_key=True, editable=False)
    handover = models.ForeignKey(
        "ehr_prehospital.Handover",
        verbose_name=_("handover"),
        related_name="orders",
        on_delete=models.PROTECT,
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(
        pgettext_lazy("of an order", "kind"),
        max_length=12,
        choices=[(kind.value, kind.value) for kind in OrderKind],
    )
    what = models.CharField(_("what is ordered"), max_length=120)
    # Now, before anything else; otherwise soon.
    stat = models.BooleanField(_("at once"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=[(state.value, state.value) for state in OrderState]
    )
    prepared_at = models.DateTimeField(_("prepared at"))
    prepared_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)
    released_at = models.DateTimeField(_("released at"), null=True)
    # Null with a time: the arrival itself released it.
    released_by = models.ForeignKey(
        "dispatch.User", related_name="+", null=True, on_delete=models.PROTECT
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    # Null with a time: the handover that it belonged to was taken back.
    withdrawn_by = models.ForeignKey(
        "dispatch.User", related_name="+", null=True, on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("prepared order")
        verbose_name_plural = _("prepared orders")
        indexes = [models.Index(fields=["handover", "prepared_at"], name="order_of_handover")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="prepared", released_at__isnull=True, withdrawn_at__isnull=True)
                | Q(state="released", released_at__isnull=False, withdrawn_at__isnull=True)
                | Q(state="withdrawn", withdrawn_at__isnull=False),
                name="order_state_has_its_times",
            ),
        ]

    def __str__(self) -> str:
        return self.number
