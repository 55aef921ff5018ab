"""A pathway of a mission, what was ticked in it, and which team was called for it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.pathways.rules import Answer, State, Suspicion

ACTIVE = (State.PROPOSED.value, State.OPEN.value)


class Pathway(models.Model):
    """One suspicion of one mission, from who had it to its end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission",
        verbose_name=_("mission"),
        related_name="pathways",
        on_delete=models.PROTECT,
    )
    kind = models.CharField(_("pathway"), max_length=20)
    # Of the checklist as it was when the pathway was opened.
    version = models.CharField(_("version"), max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=[(one.value, one.value) for one in State]
    )
    suspicion = models.CharField(
        _("suspected by"), max_length=10, choices=[(one.value, one.value) for one in Suspicion]
    )
    # Codes of what the record says, where it was the record that suspected.
    reasons = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"), null=True)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    opened_by = models.ForeignKey(
        "dispatch.User", null=True, related_name="+", on_delete=models.PROTECT
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        "dispatch.User", null=True, related_name="+", on_delete=models.PROTECT
    )
    end_reason = models.CharField(_("reason"), max_length=60, blank=True)
    # Past the emergency department: where the crew goes instead, by whose word.
    direct_to = models.CharField(_("directly to"), max_length=20, blank=True)
    direct_at = models.DateTimeField(null=True)
    direct_by = models.ForeignKey(
        "dispatch.User", null=True, related_name="+", on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("pathway")
        verbose_name_plural = _("pathways")
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "kind"],
                condition=Q(state__in=ACTIVE),
                name="one_active_pathway_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", proposed_at__isnull=False)
                | Q(state="open", opened_at__isnull=False, ended_at__isnull=True)
                | Q(
                    state__in=["closed", "discarded"],
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                )
                & ~Q(end_reason=""),
                name="pathway_state_has_its_person",
            ),
            models.CheckConstraint(
                condition=Q(direct_to="", direct_at__isnull=True, direct_by__isnull=True)
                | ~Q(direct_to="") & Q(direct_at__isnull=False, direct_by__isnull=False),
                name="pathway_direct_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mission_id}"


class PathwayTick(models.Model):
    """What a person said of one item of the checklist; the newest counts, none is changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, related_name="ticks", on_delete=models.PROTECT)
    item = models.CharField(_("item"), max_length=40)
    answer = models.CharField(
        _("answer"), max_length=14, choices=[(one.value, one.value) for one in Answer]
    )
    # By the clock of who ticked, and by ours.
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("tick")
        verbose_name_plural = _("ticks")

    def __str__(self) -> str:
        return f"{self.item} {self.answer}"


class TeamActivation(models.Model):
    """A team of a hospital that was called for a pathway: by whom, and who took it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, related_name="teams", on_delete=models.PROTECT)
    hospital = models.ForeignKey(
        "dispatch.Organisation", verbose_name=_("hospital"), on_delete=models.PROTECT
    )
    team = models.CharField(_("team"), max_length=20)
    activated_at = models.DateTimeField(_("activated at"))
    activated_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    accepted_by = models.ForeignKey(
        "dispatch.User", null=True, related_name="+", on_delete=models.PROTECT
    )
    stood_down_at = models.DateTimeField(_("stood down at"), null=True)
    stood_down_by = models.ForeignKey(
        "dispatch.User", null=True, related_name="+", on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("team activation")
        verbose_name_plural = _("team activations")
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "hospital", "team"],
                condition=Q(stood_down_at__isnull=True),
                name="team_called_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="team_accepted_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.hospital_id}"
