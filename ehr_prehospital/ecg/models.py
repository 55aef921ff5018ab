"""An ECG of a mission, its original bytes once for all, and the pieces still on their way."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EcgOriginal(models.Model):
    """A file as it came, named by its SHA-256: the same bytes are kept once."""

    sha256 = models.BinaryField(primary_key=True, max_length=32)
    size = models.PositiveIntegerField(_("size"))
    content = models.BinaryField(_("content"))
    stored_at = models.DateTimeField(_("stored at"))

    class Meta:
        verbose_name = _("ECG file")
        verbose_name_plural = _("ECG files")
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="ecg_file_not_empty")]

    def __str__(self) -> str:
        return bytes(self.sha256).hex()[:12]


class Ecg(models.Model):
    """One 12-lead ECG of one mission, or of none when nobody was on one."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READ = "read", _("readable")
        UNREADABLE = "unreadable", _("not readable")

    class Source(models.TextChoices):
        VEHICLE = "vehicle", _("vehicle")
        TABLET = "tablet", _("tablet")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission", verbose_name=_("mission"), null=True, on_delete=models.PROTECT
    )
    ambulance = models.ForeignKey(
        "dispatch.Ambulance", verbose_name=_("ambulance"), null=True, on_delete=models.PROTECT
    )
    original = models.ForeignKey(
        EcgOriginal, verbose_name=_("file"), related_name="ecgs", on_delete=models.PROTECT
    )
    name = models.CharField(_("file name"), max_length=120)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    author = models.ForeignKey(
        "dispatch.User", verbose_name=_("author"), null=True, on_delete=models.PROTECT
    )
    # By the vehicle's or the tablet's clock; `told_at` is the recorder's own word, as text,
    # because many recorders do not say their time zone.
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    told_at = models.CharField(_("time by the recorder"), max_length=40, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    fault = models.CharField(_("why it is not readable"), max_length=30, blank=True)
    format = models.CharField(_("format"), max_length=10, blank=True)
    notes = models.CharField(_("notes"), max_length=200, blank=True)
    rate_hz = models.FloatField(_("samples a second"), null=True)
    count = models.PositiveIntegerField(_("samples of a lead"), null=True)
    # Twelve leads one after the other, signed 16-bit little-endian microvolts.
    samples = models.BinaryField(_("samples"), null=True)

    class Meta:
        verbose_name = _("12-lead ECG")
        verbose_name_plural = _("12-lead ECGs")
        indexes = [models.Index(fields=["mission", "occurred_at"], name="ecg_of_mission")]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "original"],
                nulls_distinct=False,
                name="ecg_once_a_mission",
            ),
            models.CheckConstraint(
                condition=Q(state="read", samples__isnull=False, fault="")
                | Q(state="unreadable", samples__isnull=True) & ~Q(fault="")
                | Q(state="waiting", samples__isnull=True, fault=""),
                name="ecg_state_has_what_it_says",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class EcgPiece(models.Model):
    """A part of a file from a vehicle; gone when the file is whole."""

    id = models.BigAutoField(primary_key=True)
    ambulance = models.ForeignKey(
        "dispatch.Ambulance", verbose_name=_("ambulance"), on_delete=models.PROTECT, db_index=False
    )
    file_id = models.UUIDField()
    part = models.PositiveSmallIntegerField()
    parts = models.PositiveSmallIntegerField()
    sha256 = models.BinaryField(max_length=32)
    size = models.PositiveIntegerField()
    name = models.CharField(_("file name"), max_length=120)
    found_at = models.DateTimeField()
    recorded_at = models.DateTimeField(_("recorded at"))
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("piece of an ECG file")
        verbose_name_plural = _("pieces of ECG files")
        constraints = [
            models.UniqueConstraint(
                fields=["ambulance", "file_id", "part"], name="ecg_piece_stored_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.part}"
