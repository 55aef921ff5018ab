"""Calls and incidents."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dispatch.people.models import Organisation, User


class Incident(models.Model):
    """What happened at a place; several calls may belong to it, several missions serve it."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("emergency")
        # Postings: a free unit is to wait somewhere. Its complaint is this same code.
        RELOCATION = "relocation", _("relocation")
        STANDBY = "standby", _("standby")
        # From one hospital to another: both have agreed, and it is known where it goes.
        TRANSFER = "transfer", _("inter-hospital transfer")

    POSTINGS = (Kind.RELOCATION, Kind.STANDBY)

    class Sex(models.TextChoices):
        UNKNOWN = "unknown", _("unknown")
        MALE = "male", _("male")
        FEMALE = "female", _("female")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind.choices,
        default=Kind.EMERGENCY,
        db_default=Kind.EMERGENCY,
    )
    centre = models.ForeignKey(Organisation, verbose_name=_("centre"), on_delete=models.PROTECT)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    complaint = models.CharField(_("complaint"), max_length=40)
    priority = models.PositiveSmallIntegerField(_("priority"))
    determinant = models.CharField(_("determinant"), max_length=60)
    protocol_id = models.CharField(max_length=60)
    protocol_version = models.CharField(max_length=20)
    answers = models.JSONField(_("answers"), default=dict)
    reasons = ArrayField(models.CharField(max_length=120), default=list)
    needs = ArrayField(models.CharField(max_length=30), default=list)
    # A waiting point has a name in each language; what a caller said, and the map, only this one.
    place_label = models.CharField(_("place"), max_length=240)
    place_label_zh = models.CharField(
        _("place in Chinese"), max_length=240, blank=True, default="", db_default=""
    )
    place_detail = models.CharField(_("place detail"), max_length=240, blank=True)
    place_source = models.CharField(max_length=20)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    # Of a transfer: the hospital that has agreed to receive.
    destination = models.ForeignKey(
        Organisation,
        verbose_name=_("destination"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    caller_note = models.TextField(_("note"), blank=True)
    patient_sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    patient_age_years = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        indexes = [
            models.Index(
                fields=["centre", "opened_at"],
                condition=Q(closed_at__isnull=True),
                name="incident_open",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=5), name="incident_priority_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="incident_on_earth",
            ),
            models.CheckConstraint(
                condition=~Q(kind="transfer") | Q(destination__isnull=False),
                name="transfer_knows_where_to",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def posting(self) -> bool:
        """Nobody has called: a unit is only to wait there, and stays free for others."""
        return self.kind in self.POSTINGS


class IncidentNote(models.Model):
    """What the control room has to add about an incident; the crew reads it, nobody edits it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(_("note"), max_length=500)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(fields=["incident", "written_at"], name="note_of_incident")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.written_at:%H:%M:%S}"


class Call(models.Model):
    """One ring of the telephone, with its clocks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Organisation, verbose_name=_("centre"), on_delete=models.PROTECT)
    number_from = models.CharField(_("telephone"), max_length=40, blank=True)
    ring_at = models.DateTimeField(_("rang at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    # When the call had an incident, hence waited for an ambulance.
    queued_at = models.DateTimeField(_("queued at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    taken_by = models.ForeignKey(
        User, verbose_name=_("taken by"), null=True, blank=True, on_delete=models.PROTECT
    )
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="calls"
    )

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("ring_at")),
                name="call_answered_after_ring",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number_from} {self.ring_at:%H:%M:%S}"


class Merge(models.Model):
    """Two incidents that turned out to be one, with all that is needed to part them again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duplicate = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="took_over")
    calls = ArrayField(models.UUIDField(), default=list)
    # Priority and needs of the kept incident before the other one raised them.
    before = models.JSONField()
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"],
                condition=Q(undone_at__isnull=True),
                name="incident_is_merged_into_one",
            ),
            models.CheckConstraint(
                condition=~Q(duplicate=F("into")), name="incident_is_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} {self.into_id}"
