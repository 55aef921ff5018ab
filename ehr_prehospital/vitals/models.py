"""Readings and waves. Append-only and many: the keys are numbers, the writes are bulk."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FromVehicle(models.Model):
    """What a row that came in a frame shares: whose it is, and its place in the stream.

    Vehicle, epoch, sequence and index name a value for ever, so that a frame which
    is sent twice is stored once.
    """

    id = models.BigAutoField(primary_key=True)
    ambulance = models.ForeignKey(
        "dispatch.Ambulance", verbose_name=_("ambulance"), on_delete=models.PROTECT, db_index=False
    )
    # The mission that was open when it was measured; none between missions.
    mission = models.ForeignKey(
        "dispatch.Mission",
        verbose_name=_("mission"),
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
    )
    epoch = models.UUIDField()
    sequence = models.BigIntegerField()
    index = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Reading(FromVehicle):
    code = models.CharField(_("code"), max_length=30)
    value = models.FloatField(_("value"))
    unit = models.CharField(pgettext_lazy("of a value", "unit"), max_length=20)
    measured_at = models.DateTimeField(_("measured at"))
    quality = models.CharField(_("quality"), max_length=12)
    source = models.CharField(_("source"), max_length=60)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(
                fields=["ambulance", "epoch", "sequence", "index"], name="reading_stored_once"
            )
        ]
        indexes = [
            models.Index(fields=["mission", "code", "measured_at"], name="reading_of_mission")
        ]


class Wave(FromVehicle):
    lead = models.CharField(pgettext_lazy("ECG", "lead"), max_length=20)
    started_at = models.DateTimeField(_("started at"))
    rate_hz = models.FloatField(_("samples a second"))
    scale_uv = models.FloatField(_("microvolts a step"))
    # Signed 16-bit little-endian steps, as they left the vehicle.
    samples = models.BinaryField(_("samples"))

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        constraints = [
            models.UniqueConstraint(
                fields=["ambulance", "epoch", "sequence", "index"], name="wave_stored_once"
            )
        ]
        indexes = [models.Index(fields=["mission", "lead", "started_at"], name="wave_of_mission")]
