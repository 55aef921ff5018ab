"""What a partner's system shows to be let in. It acts as one user, and sees what that user may."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _


class FhirToken(models.Model):
    """Only the SHA-256 of the token is kept; the token itself is only at the partner's."""

    user = models.ForeignKey(
        "dispatch.User", verbose_name=_("acts as"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name of the system"), max_length=80)
    hash = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("FHIR access of a system")
        verbose_name_plural = _("FHIR access of systems")

    def __str__(self) -> str:
        return self.name


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
