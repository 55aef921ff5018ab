"""Who reports to NEMSIS for a centre or a station."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportingAgency(models.Model):
    """The marks of an ambulance service, from the document that an administrator imported."""

    organisation = models.OneToOneField(
        "dispatch.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        primary_key=True,
    )
    state_id = models.CharField(_("id given by the state"), max_length=50)
    number = models.CharField(_("agency number"), max_length=15)
    state = models.CharField(_("state"), max_length=2)
    # eCustomConfiguration: definitions of the agency's own, as XML.
    custom = models.TextField(_("own definitions"), blank=True)
    # What an agency tells of itself (DEM), element in element; {} where only reports were imported.
    demographics = models.JSONField(_("own data"), default=dict)
    imported_at = models.DateTimeField(_("imported at"))

    class Meta:
        verbose_name = _("reporting agency")
        verbose_name_plural = _("reporting agencies")

    def __str__(self) -> str:
        return f"{self.number} {self.organisation}"
