"""A hospital's emergency department as its own people set it up."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.handover.door.rules import Scale


class Department(models.Model):
    """Settings of one emergency department; without a row the defaults hold."""

    hospital = models.OneToOneField(
        "dispatch.Organisation",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="department",
    )
    scale = models.CharField(
        _("triage scale"),
        max_length=6,
        choices=[(one.value, one.value) for one in Scale],
        default=Scale.FOUR,
    )
    offload_target_s = models.PositiveIntegerField(_("offload target in seconds"), default=900)

    class Meta:
        verbose_name = _("emergency department")
        verbose_name_plural = _("emergency departments")

    def __str__(self) -> str:
        return str(self.hospital_id)


class Bay(models.Model):
    """A place where a patient is received. PostgreSQL is the referee: one patient a bay."""

    class Kind(models.TextChoices):
        RESUS = "resus", _("resuscitation")
        TREATMENT = "treatment", _("treatment")
        OBSERVATION = "observation", _("observation")
        ISOLATION = "isolation", _("isolation")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hospital = models.ForeignKey(
        "dispatch.Organisation", related_name="bays", on_delete=models.PROTECT
    )
    code = models.CharField(_("bay"), max_length=12)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.RESUS)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    closed = models.BooleanField(_("out of use"), default=False)
    # Whom it awaits or holds; nobody while it is free or being cleaned.
    handover = models.OneToOneField(
        "ehr_prehospital.Handover",
        null=True,
        blank=True,
        related_name="held_in",
        on_delete=models.PROTECT,
    )
    since = models.DateTimeField(_("since"), null=True, blank=True)
    cleaning_since = models.DateTimeField(_("being cleaned since"), null=True, blank=True)

    class Meta:
        verbose_name = _("bay")
        verbose_name_plural = _("bays")
        constraints = [
            models.UniqueConstraint(fields=["hospital", "code"], name="bay_code_once_a_hospital"),
            models.CheckConstraint(
                condition=Q(handover__isnull=True) | Q(cleaning_since__isnull=True),
                name="bay_is_not_cleaned_with_a_patient",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Display(models.Model):
    """A screen in a public corridor: reads one hospital's anonymised arrivals only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hospital = models.ForeignKey("dispatch.Organisation", on_delete=models.PROTECT)
    name = models.CharField(_("where it hangs"), max_length=80)
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)
    seen_at = models.DateTimeField(_("last seen at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("corridor display")
        verbose_name_plural = _("corridor displays")

    def __str__(self) -> str:
        return self.name
