"""A tablet, and for each person who signs in on it the secret that wraps the tablet's key."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dispatch.people.models import Organisation, User


class Tablet(models.Model):
    """One browser profile on one device. A tablet that was wiped comes back as a new one."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the tablet
    centre = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    last_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_seen_at = models.DateTimeField(_("first seen at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    # What the tablet said of its queue when it was last seen.
    waiting = models.PositiveIntegerField(_("waiting"), default=0)
    oldest_waiting_at = models.DateTimeField(_("oldest waiting since"), null=True)
    storage_low = models.BooleanField(_("storage low"), default=False)
    wipe_asked_at = models.DateTimeField(_("wipe asked at"), null=True)
    wipe_asked_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    wiped_at = models.DateTimeField(_("wiped at"), null=True)
    # Statements that had not been sent when it was wiped.
    lost = models.PositiveIntegerField(_("lost"), null=True)

    class Meta:
        verbose_name = _("tablet")
        verbose_name_plural = _("tablets")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wiped_at__isnull=True) | models.Q(lost__isnull=False),
                name="wiped_tablet_says_what_was_lost",
            )
        ]


class TabletKey(models.Model):
    """The secret of one person on one tablet: without it what the tablet keeps stays closed."""

    tablet = models.ForeignKey(Tablet, on_delete=models.CASCADE, related_name="keys")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    secret = models.BinaryField(max_length=32)
    wrong_passwords = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tablet", "user"], name="one_key_a_person_and_tablet")
        ]
