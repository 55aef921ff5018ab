"""Readings and waves. Append-only and many: partitioned by the day of recording, written by COPY.

No key of these tables is checked by the database: the uplink takes each frame once, in the same
transaction, and ids come from rows of that transaction. An index or a foreign key costs
more here than the row itself.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FromVehicle(models.Model):
    """What a row that came in a frame shares: whose it is, and its place in the stream.

    Vehicle, epoch, sequence and index name a value for ever.
    """

    id = models.BigAutoField(primary_key=True)
    ambulance = models.ForeignKey(
        "dispatch.Ambulance",
        verbose_name=_("ambulance"),
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
    )
    # The mission that was open when it was measured; none between missions.
    mission = models.ForeignKey(
        "dispatch.Mission",
        verbose_name=_("mission"),
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
    )
    epoch = models.UUIDField()
    sequence = models.BigIntegerField()
    index = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField(_("recorded at"))
    # The vehicle's clock minus ours when the frame came; times are kept as the vehicle said them.
    clock_offset_ms = models.BigIntegerField(null=True)

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
    # What the driver added to the device's own time; none where the device has no clock.
    device_behind_ms = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [
            models.Index(
                fields=["mission", "code", "measured_at"],
                condition=Q(mission__isnull=False),
                name="reading_of_mission",
            )
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
        indexes = [
            models.Index(
                fields=["mission", "lead", "started_at"],
                condition=Q(mission__isnull=False),
                name="wave_of_mission",
            )
        ]
