"""The journal's one table. A trigger refuses to change or delete a row."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=60)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    actor_id = models.UUIDField(_("actor"), null=True)
    refs = models.JSONField(_("concerns"))
    detail = models.JSONField(_("detail"))
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            models.Index(fields=["kind", "id"], name="journal_kind"),
            # All that happened about one incident, without reading the journal from its end.
            GinIndex(fields=["refs"], name="journal_refs", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"
