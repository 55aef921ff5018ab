"""What is signed and said at the door. Signatures are append-only; one fixes the sheet."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.handover.door.rules import CONDITIONS, LEVELS, Method, Scale, Side


class TransferSheet(models.Model):
    """The sheet of the transfer of care (交接单): condition, things, and what else is to know."""

    handover = models.OneToOneField(
        "ehr_prehospital.Handover",
        primary_key=True,
        related_name="sheet",
        on_delete=models.PROTECT,
    )
    condition = models.CharField(
        _("condition at handover"), max_length=12, choices=[(one, one) for one in CONDITIONS]
    )
    condition_note = models.CharField(_("more on the condition"), max_length=240, blank=True)
    # [{what, count, keeper, valuable}], see rules.Thing.
    things = models.JSONField(_("things"), default=list, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey("dispatch.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("transfer sheet")
        verbose_name_plural = _("transfer sheets")

    def __str__(self) -> str:
        return str(self.handover_id)


class HandoverSignature(models.Model):
    """One side's signature under one sheet. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(
        "ehr_prehospital.Handover", related_name="signatures", on_delete=models.PROTECT
    )
    side = models.CharField(_("side"), max_length=10, choices=[(s.value, s.value) for s in Side])
    method = models.CharField(
        _("method"), max_length=10, choices=[(one.value, one.value) for one in Method]
    )
    signer = models.ForeignKey(
        "dispatch.User", verbose_name=_("signer"), related_name="+", on_delete=models.PROTECT
    )
    # The strokes as an SVG path on 600 by 200.
    image = models.TextField(_("signature"), blank=True)
    # Reservations of the receiver: a thing that is missing, an injury nobody told of.
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    sheet_hash = models.CharField(max_length=64)
    statement_version = models.CharField(max_length=40, blank=True)
    signed_at = models.DateTimeField(_("signed at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(fields=["handover", "side"], name="one_signature_a_side"),
            models.CheckConstraint(
                condition=~Q(method=Method.DRAWN) | ~Q(image=""), name="drawn_signature_has_strokes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.side}"


class Reception(models.Model):
    """What the hospital's door said back: how urgent, which wristband; the newest word counts."""

    handover = models.OneToOneField(
        "ehr_prehospital.Handover",
        primary_key=True,
        related_name="reception",
        on_delete=models.PROTECT,
    )
    scale = models.CharField(
        _("triage scale"), max_length=6, choices=[(s.value, s.value) for s in Scale], blank=True
    )
    level = models.CharField(
        _("triage level"),
        max_length=3,
        choices=[(one, one) for levels in LEVELS.values() for one in levels],
        blank=True,
    )
    triaged_at = models.DateTimeField(_("triaged at"), null=True, blank=True)
    triaged_by = models.ForeignKey(
        "dispatch.User", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    wristband = models.CharField(_("wristband"), max_length=60, blank=True)
    wristband_scanned = models.BooleanField(_("read by a camera"), default=False)
    wristband_at = models.DateTimeField(_("wristband read at"), null=True, blank=True)
    wristband_by = models.ForeignKey(
        "dispatch.User", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("reception")
        verbose_name_plural = _("receptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(level="", triaged_at__isnull=True, triaged_by__isnull=True)
                | ~Q(level="") & Q(triaged_at__isnull=False, triaged_by__isnull=False),
                name="triage_level_has_time_and_name",
            ),
            models.CheckConstraint(
                condition=Q(wristband="", wristband_at__isnull=True)
                | ~Q(wristband="") & Q(wristband_at__isnull=False, wristband_by__isnull=False),
                name="wristband_has_time_and_name",
            ),
        ]

    def __str__(self) -> str:
        return str(self.handover_id)
