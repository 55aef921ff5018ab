"""A file of a record. Its meaning (what it shows, of which element) is said by entries."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A photograph or a paper as it came; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission", verbose_name=_("mission"), on_delete=models.PROTECT
    )
    author = models.ForeignKey("dispatch.User", verbose_name=_("author"), on_delete=models.PROTECT)
    name = models.CharField(_("file name"), max_length=120)
    # Read off the first bytes; what nobody knows is kept, and never shown by a browser.
    media_type = models.CharField(_("kind of file"), max_length=40)
    sha256 = models.BinaryField(max_length=32)
    size = models.PositiveIntegerField(_("size"))
    content = models.BinaryField(_("content"))
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty")]

    def __str__(self) -> str:
        return self.name
