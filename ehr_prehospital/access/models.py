"""Patients, their encounters, and which hospital has been given sight of one."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Patient(models.Model):
    """A person. Unknown people carry a temporary number (无名氏), kept when the name comes."""

    class Sex(models.TextChoices):
        UNKNOWN = "unknown", _("Unknown")
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(
        "dispatch.Organisation", verbose_name=_("dispatch centre"), on_delete=models.PROTECT
    )
    temporary_number = models.CharField(_("temporary number"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    age_years = models.PositiveSmallIntegerField(_("age in years"), null=True, blank=True)
    id_type = models.CharField(_("type of document"), max_length=30, blank=True)
    id_number = models.CharField(_("document number"), max_length=40, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(age_years__isnull=True) | models.Q(age_years__lte=130),
                name="patient_age_plausible",
            ),
            models.CheckConstraint(
                condition=models.Q(id_number="") | ~models.Q(id_type=""),
                name="patient_document_has_type",
            ),
        ]

    def __str__(self) -> str:
        # Never the name: this string ends up in logs and in the admin's history.
        return self.temporary_number


class Encounter(models.Model):
    """One patient on one mission (院前就诊)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.OneToOneField(
        "dispatch.Mission", verbose_name=_("mission"), on_delete=models.PROTECT
    )
    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), related_name="encounters", on_delete=models.PROTECT
    )
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("encounter")
        verbose_name_plural = _("encounters")

    def __str__(self) -> str:
        return str(self.pk)


class Grant(models.Model):
    """An organisation's sight of one mission's patient, from a moment and until a moment.

    A hospital sees nothing by default: the handover opens a grant when the alert
    is sent and closes it 24 h after the transfer of care, or at once on a redirect.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission", verbose_name=_("mission"), on_delete=models.PROTECT
    )
    organisation = models.ForeignKey(
        "dispatch.Organisation", verbose_name=_("organisation"), on_delete=models.PROTECT
    )
    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sight of a patient")
        verbose_name_plural = _("sights of patients")
        indexes = [models.Index(fields=["mission", "organisation"], name="grant_mission_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "organisation"],
                condition=models.Q(closes_at__isnull=True),
                name="one_open_grant_per_organisation",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PersonalGrant(models.Model):
    """One person's sight of one mission's patient: who was called, while the consult is open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission", verbose_name=_("mission"), on_delete=models.PROTECT
    )
    user = models.ForeignKey("dispatch.User", verbose_name=_("person"), on_delete=models.PROTECT)
    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)

    class Meta:
        verbose_name = _("personal sight of a patient")
        verbose_name_plural = _("personal sights of patients")
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "user"],
                condition=models.Q(closes_at__isnull=True),
                name="one_open_grant_per_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Shown(models.Model):
    """That a board showed a patient to a person within an hour: one row, one journal entry.

    A board is drawn again with every change; each drawing as a look of its own would
    drown the looks that matter, and would ring the bell that draws the board again.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey("dispatch.User", on_delete=models.PROTECT, db_index=False)
    mission = models.ForeignKey("dispatch.Mission", on_delete=models.PROTECT)
    hour = models.DateTimeField()

    class Meta:
        verbose_name = _("patient shown")
        verbose_name_plural = _("patients shown")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "mission", "hour"], name="shown_logged_once_an_hour"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
