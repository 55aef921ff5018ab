"""Alarms and the state of the devices that they depend on. Clinical: shown through access only."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.vitals.alarms.rules.life import State
from ehr_prehospital.vitals.alarms.rules.settings import Priority


class Alarm(models.Model):
    """One thing that went wrong with one patient, from its beginning to its end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission", verbose_name=_("mission"), on_delete=models.PROTECT, db_index=False
    )
    code = models.CharField(_("code"), max_length=40)
    priority = models.CharField(
        _("priority"), max_length=6, choices=[(one.value, one.value) for one in Priority]
    )
    state = models.CharField(
        _("state"), max_length=12, choices=[(one.value, one.value) for one in State]
    )
    vital = models.CharField(_("vital sign"), max_length=30, blank=True)
    value = models.FloatField(_("value"), null=True)
    limit = models.FloatField(_("limit"), null=True)
    # By the vehicle's clock; everything below by ours.
    began_at = models.DateTimeField(_("began at"))
    raised_at = models.DateTimeField(_("raised at"))
    # Raised, or sounding again after an acknowledgement that ran out.
    sounding_since = models.DateTimeField()
    gone_since = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    acknowledged_by = models.ForeignKey(
        "dispatch.User", verbose_name=_("acknowledged by"), null=True, on_delete=models.PROTECT
    )
    rearm_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(_("escalated at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        indexes = [models.Index(fields=["mission", "raised_at"], name="alarm_of_mission")]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "code"],
                condition=Q(ended_at__isnull=True),
                name="one_open_alarm_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="alarm_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="acknowledged")
                | Q(
                    acknowledged_at__isnull=False,
                    acknowledged_by__isnull=False,
                    rearm_at__isnull=False,
                ),
                name="alarm_acknowledged_by_a_name",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DeviceStatus(models.Model):
    """The newest state that a vehicle told of one of its devices, such as leads off."""

    ambulance = models.ForeignKey(
        "dispatch.Ambulance", verbose_name=_("ambulance"), on_delete=models.CASCADE, db_index=False
    )
    device = models.CharField(_("device"), max_length=64)
    state = models.CharField(_("state"), max_length=20)
    since = models.DateTimeField(_("since"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("device status")
        verbose_name_plural = _("device statuses")
        constraints = [
            models.UniqueConstraint(fields=["ambulance", "device"], name="one_status_of_a_device")
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.state}"
