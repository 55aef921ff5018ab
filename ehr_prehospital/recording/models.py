"""Recordings, their pieces, holds and exported clips. The bytes are in files (store.py)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.recording.words import END_REASONS, STATES


class Recording(models.Model):
    """One run of one encoder: pieces 0 … last are its file. A restart makes another one."""

    class State(models.TextChoices):
        RECEIVING = "receiving", STATES["receiving"]
        COMPLETE = "complete", STATES["complete"]
        BROKEN = "broken", STATES["broken"]
        DROPPED = "dropped", STATES["dropped"]

    id = models.UUIDField(primary_key=True, editable=False)  # made by the device
    stream = models.ForeignKey(
        "ehr_prehospital.Stream",
        verbose_name=_("camera stream"),
        related_name="recordings",
        on_delete=models.PROTECT,
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RECEIVING
    )
    mime = models.CharField(_("kind of file"), max_length=120)
    # By the device's clock, which was so far ahead of ours when the device first spoke.
    started_at = models.DateTimeField(_("started at"))
    clock_offset_ms = models.BigIntegerField(_("the device's clock minus ours"))
    recorded_at = models.DateTimeField(_("recorded at"))
    # How its end is signed, and by which key (SPKI, base64; none where it is a vehicle's token).
    algorithm = models.CharField(max_length=5, choices=[("ES256", "ES256"), ("HS256", "HS256")])
    public_key = models.TextField(blank=True)
    # What the device signed at the end.
    last = models.PositiveIntegerField(null=True)
    chain = models.BinaryField(max_length=32, null=True)
    end_reason = models.CharField(
        _("why it ended"), max_length=12, blank=True, choices=list(END_REASONS.items())
    )
    signature = models.BinaryField(max_length=128, null=True)
    end_told_at = models.DateTimeField(_("end told at"), null=True)
    # What was found when it was sealed: see sealing.py.
    sealed_at = models.DateTimeField(_("sealed at"), null=True)
    flaw = models.CharField(max_length=12, blank=True)
    file = models.CharField(_("file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    duration_ms = models.PositiveBigIntegerField(_("milliseconds"), default=0)
    # {"init": bytes, "at": [ms], "bytes": [n], "key": [0|1]}: its fragments, one after the other.
    fragments = models.JSONField(default=dict)
    # A picture each few seconds, side by side in one JPEG: {"file", "every_ms", "count", …}.
    strip = models.JSONField(default=dict)
    dropped_at = models.DateTimeField(_("dropped at"), null=True)

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        indexes = [
            models.Index(fields=["stream", "started_at"], name="recording_of_stream"),
            models.Index(
                fields=["end_told_at"], condition=Q(state="receiving"), name="recording_to_seal"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__isnull=True, chain__isnull=True, end_told_at__isnull=True)
                | Q(last__isnull=False, chain__isnull=False, end_told_at__isnull=False),
                name="recording_end_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="complete") | Q(last__isnull=False, sealed_at__isnull=False),
                name="recording_complete_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state="dropped", dropped_at__isnull=False)
                | (~Q(state="dropped") & Q(dropped_at__isnull=True)),
                name="recording_dropped_has_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RecordingPiece(models.Model):
    """A piece that is on the disk: where, and what it must hash to."""

    id = models.BigAutoField(primary_key=True)
    recording = models.ForeignKey(
        Recording, related_name="pieces", on_delete=models.CASCADE, db_index=False
    )
    seq = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    # The device's clock, in the milliseconds that its chain was made of.
    captured_ms = models.FloatField()
    bytes = models.PositiveIntegerField()
    offset = models.PositiveBigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("piece of a recording")
        verbose_name_plural = _("pieces of recordings")
        constraints = [
            models.UniqueConstraint(fields=["recording", "seq"], name="recording_piece_once"),
            models.CheckConstraint(condition=Q(bytes__gt=0), name="recording_piece_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.recording_id} {self.seq}"


class LegalHold(models.Model):
    """Nothing of this mission is dropped while it stands. Lifted, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission", verbose_name=_("mission"), on_delete=models.PROTECT
    )
    reason = models.CharField(_("reason"), max_length=200)
    placed_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)
    placed_at = models.DateTimeField(_("placed at"))
    lifted_by = models.ForeignKey(
        "dispatch.User", related_name="+", null=True, on_delete=models.PROTECT
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(lifted_at__isnull=True),
                name="one_legal_hold_per_mission",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="legal_hold_lifted_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Clip(models.Model):
    """A stretch of a mission that a person took out: what, why, and the hash of what left."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission", verbose_name=_("mission"), on_delete=models.PROTECT
    )
    recordings = ArrayField(models.UUIDField())
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)
    made_at = models.DateTimeField(_("made at"))
    file = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.BinaryField(max_length=32)
    # The bytes that were signed, and the signature (Ed25519) by the platform's own key.
    manifest = models.TextField()
    signature = models.BinaryField(max_length=64)

    class Meta:
        verbose_name = _("exported clip")
        verbose_name_plural = _("exported clips")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="clip_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
