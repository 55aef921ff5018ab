"""What the hospital says back. Append-only: said again is a new row, and the newest counts."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.handover.outcome.rules import Verdict


class Outcome(models.Model):
    """Diagnosis, interventions and what became of the patient, as the hospital returned them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(
        "ehr_prehospital.Handover", related_name="outcomes", on_delete=models.PROTECT
    )
    diagnosis = models.CharField(_("diagnosis"), max_length=200)
    diagnosis_code = models.CharField(_("ICD-10 code"), max_length=12, blank=True)
    # Codes of the list ed_outcome (record/lists/outcome.toml).
    disposition = models.CharField(_("outcome of the ED"), max_length=20, blank=True)
    hospital_disposition = models.CharField(_("outcome of the stay"), max_length=20, blank=True)
    hospital_diagnosis = models.CharField(
        _("diagnosis of the hospital"), max_length=200, blank=True
    )
    # Intervention (rules.INTERVENTIONS) → time.
    times = models.JSONField(_("interventions"), default=dict, blank=True)
    note = models.CharField(_("to the crew"), max_length=500, blank=True)
    returned_at = models.DateTimeField(_("returned at"))
    returned_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        indexes = [models.Index(fields=["handover", "-returned_at"], name="outcome_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(diagnosis=""), name="outcome_has_diagnosis")
        ]

    def __str__(self) -> str:
        return str(self.handover_id)


class AlertJudgement(models.Model):
    """Was this alert right? The department's word, for the crews and the figures."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(
        "ehr_prehospital.Handover", related_name="judgements", on_delete=models.PROTECT
    )
    verdict = models.CharField(
        _("verdict"), max_length=12, choices=[(one.value, one.value) for one in Verdict]
    )
    text = models.CharField(_("why"), max_length=500, blank=True)
    judged_at = models.DateTimeField(_("judged at"))
    judged_by = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("judgement of an alert")
        verbose_name_plural = _("judgements of alerts")
        indexes = [models.Index(fields=["handover", "-judged_at"], name="judgement_newest")]

    def __str__(self) -> str:
        return str(self.handover_id)
