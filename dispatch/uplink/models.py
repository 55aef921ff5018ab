"""Every frame that a vehicle sent, once; those that wait for a person; and each vehicle's link."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dispatch.fleet.models import Ambulance
from dispatch.people.models import User


class Frame(models.Model):
    """That a frame was taken. Its key makes a repetition harmless. In parts of a day.

    No foreign key is checked by the database, see ehr_prehospital/vitals/models.py.
    """

    pk = models.CompositePrimaryKey("ambulance", "epoch", "sequence", "made_at")
    ambulance = models.ForeignKey(
        Ambulance, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    epoch = models.UUIDField()
    sequence = models.BigIntegerField()
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("frame")
        verbose_name_plural = _("frames")

    def __str__(self) -> str:
        return f"{self.ambulance_id} {self.epoch} {self.sequence}"


class ParkedFrame(models.Model):
    """A frame that could not be taken, with its bytes, until a person has looked at it."""

    id = models.BigAutoField(primary_key=True)
    ambulance = models.ForeignKey(Ambulance, on_delete=models.PROTECT, db_index=False)
    epoch = models.UUIDField()
    sequence = models.BigIntegerField()
    received_at = models.DateTimeField(_("received at"))
    reason = models.CharField(_("why it is parked"), max_length=200)
    raw = models.BinaryField()
    replayed_at = models.DateTimeField(_("replayed at"), null=True)
    replayed_by = models.ForeignKey(
        User, verbose_name=_("replayed by"), null=True, on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("parked frame")
        verbose_name_plural = _("parked frames")
        constraints = [
            models.UniqueConstraint(
                fields=["ambulance", "epoch", "sequence"], name="frame_parked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ambulance_id} {self.epoch} {self.sequence}"


class VehicleLink(models.Model):
    """How the link of a vehicle is, told every few seconds by the process that holds it."""

    ambulance = models.OneToOneField(
        Ambulance,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="link",
        db_constraint=False,
    )
    connected_at = models.DateTimeField(_("connected at"))
    disconnected_at = models.DateTimeField(_("disconnected at"), null=True)
    told_at = models.DateTimeField()
    agent_version = models.CharField(_("agent version"), max_length=64)
    protocol = models.PositiveSmallIntegerField(_("protocol"))
    last_frame_at = models.DateTimeField(_("last frame"), null=True)
    lag_ms = models.IntegerField(_("lag"), null=True)
    # The vehicle's clock minus ours; above zero it is fast.
    clock_offset_ms = models.BigIntegerField(_("clock offset"), null=True)
    frames = models.BigIntegerField(_("frames"), default=0)
    # As the vehicle counts its outbox; unknown for an agent that does not report.
    waiting_frames = models.BigIntegerField(_("frames that wait in the vehicle"), null=True)
    waiting_bytes = models.BigIntegerField(_("bytes that wait in the vehicle"), null=True)
    thinned_frames = models.BigIntegerField(_("frames that lost their waves"), null=True)
    dropped_frames = models.BigIntegerField(_("frames that were dropped"), null=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return str(self.ambulance_id)
