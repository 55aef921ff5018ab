"""Every frame that a vehicle sent, once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dispatch.fleet.models import Ambulance


class Frame(models.Model):
    """The key makes a repetition harmless; raw bytes stay for frames that were parked."""

    id = models.BigAutoField(primary_key=True)
    ambulance = models.ForeignKey(Ambulance, on_delete=models.PROTECT, db_index=False)
    epoch = models.UUIDField()
    sequence = models.BigIntegerField()
    made_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    parked_reason = models.CharField(_("why it is parked"), max_length=200, blank=True)
    raw = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("frame")
        verbose_name_plural = _("frames")
        constraints = [
            models.UniqueConstraint(
                fields=["ambulance", "epoch", "sequence"], name="frame_stored_once"
            ),
            models.CheckConstraint(
                condition=Q(parked_reason="") | Q(raw__isnull=False), name="parked_frame_has_bytes"
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=~Q(parked_reason=""), name="frame_parked"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ambulance_id} {self.epoch} {self.sequence}"
