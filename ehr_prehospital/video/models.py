"""A stream: one camera from start to stop. Its pictures are elsewhere."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.video.words import CONSENTS, MODES, RECORDINGS, ROLES


class Stream(models.Model):
    """The id is made at the camera. The source is a person's tablet or a vehicle, never both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission",
        verbose_name=_("mission"),
        on_delete=models.PROTECT,
        related_name="streams",
    )
    role = models.CharField(_("camera"), max_length=20, choices=list(ROLES.items()))
    label = models.CharField(_("label"), max_length=60, blank=True)
    device_id = models.CharField(_("device"), max_length=120, blank=True)
    user = models.ForeignKey(
        "dispatch.User",
        verbose_name=_("started by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    vehicle = models.ForeignKey(
        "dispatch.Ambulance",
        verbose_name=_("vehicle"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    mode = models.CharField(_("mode"), max_length=5, choices=list(MODES.items()))
    codec = models.CharField(_("codec"), max_length=120)
    recording = models.CharField(_("recording"), max_length=5, choices=list(RECORDINGS.items()))
    consent = models.CharField(_("consent"), max_length=20, choices=list(CONSENTS.items()))
    # By the camera's clock; recorded_at by ours.
    started_at = models.DateTimeField(_("started at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("camera stream")
        verbose_name_plural = _("camera streams")
        indexes = [models.Index(fields=["mission", "started_at"], name="stream_of_mission")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, vehicle__isnull=False)
                | Q(user__isnull=False, vehicle__isnull=True),
                name="stream_has_one_source",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="stream_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=~Q(consent="refused") | Q(recording="off"),
                name="stream_refused_is_not_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"
