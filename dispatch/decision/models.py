"""Hospitals as destinations, and every recommendation with its inputs, for ever."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dispatch.calls.models import Incident
from dispatch.decision.plain import Compact
from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import Organisation, User


class Hospital(models.Model):
    """What a hospital says of itself, with the age of what it says."""

    organisation = models.OneToOneField(
        Organisation, primary_key=True, on_delete=models.CASCADE, related_name="hospital"
    )
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    capabilities = ArrayField(models.CharField(max_length=30), verbose_name=_("capabilities"))
    beds = models.PositiveIntegerField(_("emergency beds"), null=True, blank=True)
    # Free beds by type (dispatch/terms.py: BEDS), and since when the hospital says so.
    beds_free = models.JSONField(_("free beds"), default=dict, blank=True)
    declared_at = models.DateTimeField(_("declared at"), null=True, blank=True)
    divert_reason = models.CharField(_("divert reason"), max_length=120, blank=True)
    divert_until = models.DateTimeField(_("on divert until"), null=True, blank=True)
    divert_since = models.DateTimeField(_("on divert since"), null=True, blank=True)
    # When the last divert ran out by itself: the control room hears of it once.
    divert_expired_at = models.DateTimeField(null=True, blank=True)
    # For a major incident: how many patients by triage colour (COLOURS), and until when it holds.
    surge = models.JSONField(_("surge capacity"), default=dict, blank=True, db_default={})
    surge_at = models.DateTimeField(_("surge declared at"), null=True, blank=True)
    surge_until = models.DateTimeField(_("surge until"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("hospital")
        verbose_name_plural = _("hospitals")

    def __str__(self) -> str:
        return str(self.organisation)


class Recommendation(models.Model):
    """An answer to "which unit?" or "which hospital?", what it was based on, what was done."""

    class Question(models.TextChoices):
        UNIT = "unit", _("Which unit?")
        HOSPITAL = "hospital", _("Which hospital?")

    class Because(models.TextChoices):
        """Why another unit is proposed for a mission that has one."""

        NO_ANSWER = "no_answer", _("crew does not answer")
        NEARER = "nearer", _("a nearer unit is free")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.CharField(max_length=10, choices=Question.choices)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="recommendations")
    mission = models.ForeignKey(Mission, null=True, on_delete=models.PROTECT)
    # The mission that another unit is proposed for, why, and when that was no longer so.
    instead_of = models.ForeignKey(
        Mission, null=True, on_delete=models.PROTECT, related_name="proposals"
    )
    because = models.CharField(max_length=10, choices=Because.choices, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    took_ms = models.FloatField()
    policy = models.CharField(max_length=40)
    city_version = models.CharField(max_length=60)
    inputs = models.JSONField(encoder=Compact)
    ranked = models.JSONField(encoder=Compact)
    excluded = models.JSONField(default=list, encoder=Compact)
    # What the run card wanted, what it lacked, and both sides of the choice.
    outcome = models.JSONField(default=dict, encoder=Compact)
    # What the person did with it: the unit or hospital taken, and why if not the first.
    chosen_id = models.UUIDField(null=True)
    chosen_at = models.DateTimeField(null=True)
    chosen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    override_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen_at__isnull=True) | Q(chosen_at__gte=F("made_at")),
                name="recommendation_chosen_after_made",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.incident_id}"


class PolicyReplay(models.Model):
    """A stretch of past decisions, decided again by another policy; kept to be looked at."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(_("policy"), max_length=40)
    policy_en = models.CharField(max_length=120)
    policy_zh = models.CharField(max_length=120)
    begins = models.DateTimeField(_("begins"))
    ends = models.DateTimeField(_("ends"))
    made_at = models.DateTimeField(_("made at"))
    city_version = models.CharField(max_length=60)
    # {"decided": figures, "replayed": figures, "skipped": n, "cases": [those that differ]}
    result = models.JSONField()

    class Meta:
        verbose_name = _("policy replay")
        verbose_name_plural = _("policy replays")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")), name="policy_replay_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.begins:%Y-%m-%d}"


class MoveUp(models.Model):
    """A proposal that a free unit should wait elsewhere, what it was based on, what was done."""

    class Outcome(models.TextChoices):
        OPEN = "", _("open")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        EXPIRED = "expired", _("expired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ambulance = models.ForeignKey(Ambulance, on_delete=models.PROTECT, related_name="move_ups")
    # Relocation to another station, or standby at a point of the policy.
    kind = models.CharField(max_length=12, choices=Incident.Kind.choices)
    point = models.CharField(max_length=20)
    point_en = models.CharField(max_length=120)
    point_zh = models.CharField(max_length=120, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    made_at = models.DateTimeField()
    took_ms = models.FloatField()
    policy = models.CharField(max_length=40)
    city_version = models.CharField(max_length=60)
    # Expected shares of the demand, 0 to 1, and seconds without blue light.
    covered_before = models.FloatField()
    covered_after = models.FloatField()
    drive_s = models.FloatField()
    inputs = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, blank=True)
    mission = models.OneToOneField(Mission, null=True, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("move-up proposal")
        verbose_name_plural = _("move-up proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["centre"], condition=Q(ended_at__isnull=True), name="one_open_move_up"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="move_up_ended_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ambulance_id} {self.point}"


class ShownEta(models.Model):
    """An estimate as the screens showed it; what happened is read from the mission's times."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="shown_etas")
    # "scene" or "destination", and the mission's state then.
    heading_for = models.CharField(max_length=12)
    destination = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=30)
    shown_at = models.DateTimeField()
    eta_s = models.FloatField()
    low_s = models.FloatField()
    high_s = models.FloatField()
    # The speed table behind it; empty when none was in force.
    speeds = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["mission", "-shown_at"], name="shown_eta_of_mission"),
            models.Index(fields=["shown_at"], name="shown_eta_at"),
        ]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.shown_at:%H:%M:%S} {self.eta_s:.0f} s"


class EtaBand(models.Model):
    """What estimates of one horizon are multiplied by for their range; the newest learnt counts."""

    learnt_at = models.DateTimeField()
    horizon = models.PositiveSmallIntegerField()
    low = models.FloatField()
    high = models.FloatField()
    missions = models.PositiveIntegerField()
    learnt = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learnt_at", "horizon"], name="one_band_a_horizon")
        ]

    def __str__(self) -> str:
        return f"{self.horizon}: {self.low:.2f}–{self.high:.2f}"
