"""One move of a controlled drug, chained to the one before it of the same vehicle."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.controlled.rules import plain


class ControlledMove(models.Model):
    """Never changed; a slip is set right by another move, with its reason as a note."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        GIVEN = "given", _("given to a patient")
        WASTED = "wasted", _("wasted")
        RETURNED = "returned", _("returned")
        COUNTED = "counted", _("counted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ambulance = models.ForeignKey(
        "dispatch.Ambulance", verbose_name=_("ambulance"), on_delete=models.PROTECT
    )
    # The place in the vehicle's chain, from 1.
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    drug = models.CharField(_("drug"), max_length=40)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=10)
    # The entry of the record that says to whom it was given.
    entry_id = models.UUIDField(_("entry"), null=True)
    witness = models.CharField(_("witness"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    actor = models.ForeignKey("dispatch.User", verbose_name=_("person"), on_delete=models.PROTECT)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("controlled drug move")
        verbose_name_plural = _("controlled drug moves")
        constraints = [
            models.UniqueConstraint(
                fields=["ambulance", "number"], name="one_place_in_the_chain_of_a_vehicle"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="controlled_amount_not_below_0"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.drug} {self.amount_text} {self.unit}"

    @property
    def amount_text(self) -> str:
        return plain(self.amount)
