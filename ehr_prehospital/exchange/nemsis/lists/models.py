"""Official code lists as loaded, with where they came from and their version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class OfficialList(models.Model):
    """One list of a standard. Loading it again replaces it."""

    source = models.CharField(_("source"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    version = models.CharField(_("version"), max_length=40, blank=True)
    # The standard's elements that it is for.
    elements = ArrayField(models.CharField(max_length=40), verbose_name=_("elements"))
    loaded_at = models.DateTimeField(_("loaded at"))

    class Meta:
        verbose_name = _("official code list")
        verbose_name_plural = _("official code lists")
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], name="official_list_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.name} {self.version}"


class OfficialCode(models.Model):
    """One code of a list, in the words of its standard."""

    list = models.ForeignKey(
        OfficialList, verbose_name=_("list"), related_name="codes", on_delete=models.CASCADE
    )
    place = models.PositiveIntegerField()
    system = models.CharField(_("code system"), max_length=10)
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=300)
    category = models.CharField(_("category"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("official code")
        verbose_name_plural = _("official codes")
        constraints = [models.UniqueConstraint(fields=["list", "place"], name="official_code_once")]

    def __str__(self) -> str:
        return f"{self.system}:{self.code}"
