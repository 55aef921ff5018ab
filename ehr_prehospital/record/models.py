"""Record, its entries and its closed versions. Triggers refuse to change or delete the last two."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehr_prehospital.record.rules import Problem


class Record(models.Model):
    """One patient's record on one mission (院前医疗急救病历)."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("record", "open")
        CLOSED = "closed", pgettext_lazy("record", "closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.OneToOneField(
        "dispatch.Mission", verbose_name=_("mission"), on_delete=models.PROTECT
    )
    encounter = models.OneToOneField(
        "ehr_prehospital.Encounter", verbose_name=_("encounter"), on_delete=models.PROTECT
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    # The newest closed version; 0 while there is none.
    version = models.PositiveIntegerField(_("version"), default=0)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, version=0)
                | Q(state="closed", closed_at__isnull=False, version__gte=1),
                name="record_closed_has_time_and_version",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RecordEntry(models.Model):
    """One statement: an element with a value, or with the reason why there is none.

    `replaces` names every head that its author saw: two entries that replace the same one
    are both heads, and a conflict. Entries of one drug given, of one set of vital signs
    share their `group`.
    """

    class Source(models.TextChoices):
        CREW = "crew", pgettext_lazy("source of an entry", "crew")
        DEVICE = "device", _("device")
        DISPATCH = "dispatch", pgettext_lazy("source of an entry", "dispatch")
        DOCUMENT = "document", pgettext_lazy("source of an entry", "document")
        # Done by the crew on a remote physician's order, see consult.
        ORDER = "order", pgettext_lazy("source of an entry", "remote order")
        # Of entries from before there were the sources above.
        TABLET = "tablet", _("tablet")
        VEHICLE = "vehicle", _("vehicle")

    # Made by the tablet, so that a repetition is recognised.
    id = models.UUIDField(primary_key=True, editable=False)
    record = models.ForeignKey(
        Record, verbose_name=_("record"), related_name="entries", on_delete=models.PROTECT
    )
    element = models.CharField(_("element"), max_length=60)
    value = models.TextField(_("value"), blank=True)
    unit = models.CharField(pgettext_lazy("of a value", "unit"), max_length=20, blank=True)
    route = models.CharField(_("route"), max_length=20, blank=True)
    not_value = models.CharField(_("why there is no value"), max_length=30, blank=True)
    pertinent_negative = models.CharField(_("pertinent negative"), max_length=30, blank=True)
    occurred_at = models.DateTimeField(_("occurred at"))
    entered_at = models.DateTimeField(_("entered at"))
    author = models.ForeignKey(
        "dispatch.User", verbose_name=_("author"), null=True, on_delete=models.PROTECT
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    group = models.UUIDField(_("group"), null=True, blank=True)
    replaces = ArrayField(
        models.UUIDField(), verbose_name=_("replaces"), default=list, db_default=[], blank=True
    )
    # When the device measured it; and the reading that a person confirmed, of vitals.models.
    device_at = models.DateTimeField(_("measured at"), null=True, blank=True)
    reading_id = models.BigIntegerField(null=True, blank=True)
    # What is wrong with it: [{"code": …, "params": {…}}], see rules/judging.py. Never refused.
    problems = models.JSONField(_("problems"), default=list, db_default=[], blank=True)
    # Of entries from before conflicts were possible: the one that they replace.
    parent = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        related_name="+",
        db_column="replaces_id",
        on_delete=models.PROTECT,
        editable=False,
    )

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [models.Index(fields=["record", "occurred_at"], name="entry_of_record")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="entry_does_not_replace_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def parents(self) -> frozenset[uuid.UUID]:
        """Every entry that this one replaces."""
        return frozenset([*self.replaces, *([self.parent_id] if self.parent_id else [])])

    @property
    def flaws(self) -> list[Problem]:
        return [Problem(one["code"], one["params"]) for one in self.problems]


class RecordVersion(models.Model):
    """A record as it was when it was closed: the bytes that were hashed, and the chain."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(
        Record, verbose_name=_("record"), related_name="versions", on_delete=models.PROTECT
    )
    version = models.PositiveIntegerField(_("version"))
    # Canonical JSON as text: jsonb would not give back the bytes that the hash covers.
    content = models.TextField(_("content"))
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    closed_by = models.ForeignKey(
        "dispatch.User", verbose_name=_("closed by"), null=True, on_delete=models.PROTECT
    )
    closed_at = models.DateTimeField(_("closed at"))

    class Meta:
        verbose_name = _("version of a record")
        verbose_name_plural = _("versions of records")
        ordering = ["record", "version"]
        constraints = [
            models.UniqueConstraint(fields=["record", "version"], name="record_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.record_id} v{self.version}"


class PatientMerge(models.Model):
    """A patient of a record turned out to be a known one. Both stay, with both numbers.

    Nothing moves: the encounter, its pre-admission number and its entries keep their patient;
    parting them again is a time here. `filled` are the entries that the known identity gave.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "ehr_prehospital.Patient", related_name="merges", on_delete=models.PROTECT
    )
    known = models.ForeignKey(
        "ehr_prehospital.Patient", related_name="took_over", on_delete=models.PROTECT
    )
    filled = ArrayField(models.UUIDField(), default=list)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)
    parted_at = models.DateTimeField(null=True)
    parted_by = models.ForeignKey(
        "dispatch.User", related_name="+", null=True, on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("merge of patients")
        verbose_name_plural = _("merges of patients")
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(parted_at__isnull=True),
                name="patient_merged_into_one",
            ),
            models.CheckConstraint(
                condition=~Q(patient=models.F("known")), name="patient_not_merged_with_itself"
            ),
            models.CheckConstraint(
                condition=Q(parted_at__isnull=True, parted_by__isnull=True)
                | Q(parted_at__isnull=False, parted_by__isnull=False),
                name="patient_parted_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
