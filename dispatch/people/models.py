"""Organisations, users with one role each, and the numbers that people read aloud."""

import uuid
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import connection, models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_language(name_en: str, name_zh: str) -> str:
    """Pick the name for the language of the request; the other one if it is missing."""
    chinese = (get_language() or "en").startswith("zh")
    return (name_zh or name_en) if chinese else (name_en or name_zh)


class Role(models.TextChoices):
    DISPATCHER = "dispatcher", _("Dispatcher")
    SUPERVISOR = "supervisor", _("Supervisor")
    PARAMEDIC = "paramedic", _("Paramedic")
    ED_STAFF = "ed_staff", _("Emergency department staff")
    REMOTE_PHYSICIAN = "remote_physician", _("Remote physician")
    QUALITY_REVIEWER = "quality_reviewer", _("Quality reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")


class Organisation(models.Model):
    class Kind(models.TextChoices):
        DISPATCH_CENTRE = "dispatch_centre", _("Dispatch centre")
        STATION = "station", _("Ambulance station")
        HOSPITAL = "hospital", _("Hospital")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=20)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    # The dispatch centre that a station or hospital belongs to.
    parent = models.ForeignKey(
        "self", verbose_name=_("belongs to"), null=True, blank=True, on_delete=models.PROTECT
    )
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="organisation_code_once_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.name_en, self.name_zh)}"


class User(AbstractUser):
    """A person who signs in. Vehicles and hospital systems are not users."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    name_en = models.CharField(_("name in English"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)

    @property
    def centre(self) -> Organisation | None:
        """The dispatch centre that this person works for or under."""
        own = self.organisation
        return own.parent if own and own.parent_id else own

    @property
    def shown_name(self) -> str:
        return in_language(self.name_en, self.name_zh) or self.username

    def __str__(self) -> str:
        return self.shown_name


class Sequence(models.Model):
    """A counter per name and day. Its row lock makes the numbers gapless within a commit."""

    name = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveIntegerField(default=0)


def next_number(prefix: str, day: date) -> str:
    """Issue `PREFIX-20261122-0007`; call inside the transaction that uses it."""
    name = f"{prefix}-{day:%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_sequence (name, last) VALUES (%s, 1)"
            " ON CONFLICT (name) DO UPDATE SET last = dispatch_sequence.last + 1 RETURNING last",
            [name],
        )
        (last,) = cursor.fetchone()
    return f"{name}-{last:04d}"
