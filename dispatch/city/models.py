"""The imported cities and their two-level address index: names, then house numbers.

Files (road graph, base map) lie in the folder of the version, see `store`.
"""

import uuid

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from dispatch.people.models import Organisation, User


class PlaceKind(models.TextChoices):
    ADDRESS = "address", _("Address")
    STREET = "street", _("Street")
    JUNCTION = "junction", _("Junction")
    PLACE = "place", _("Place")
    COORDINATES = "coordinates", _("Coordinates")


def point_of_row() -> Func:
    """The row's position as PostgreSQL's own point, x = longitude; needs no PostGIS."""
    return Func(F("lon"), F("lat"), function="point")


class City(models.Model):
    """One import. Exactly one row may be the current one; the database sees to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.CharField(_("version"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=200)
    attribution = models.CharField(_("attribution"), max_length=200)
    current = models.BooleanField(_("current"), default=False)
    imported_at = models.DateTimeField(_("imported at"))
    west = models.FloatField(_("western edge"))
    south = models.FloatField(_("southern edge"))
    east = models.FloatField(_("eastern edge"))
    north = models.FloatField(_("northern edge"))

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = [
            models.UniqueConstraint(
                fields=["current"], condition=Q(current=True), name="city_one_is_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name_en} {self.version}"


class Closure(models.Model):
    """A road that somebody has closed, by a point on it; ended, never deleted."""

    class Cause(models.TextChoices):
        ACCIDENT = "accident", _("accident")
        WORKS = "works", _("road works")
        FLOOD = "flood", _("flood")
        EVENT = "event", _("event")
        FIRE = "fire", _("fire")
        OTHER = "other", _("other reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Organisation, verbose_name=_("centre"), on_delete=models.PROTECT)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    street_en = models.CharField(max_length=120, blank=True)
    street_zh = models.CharField(max_length=120, blank=True)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(_("open again at"), null=True, blank=True)

    class Meta:
        verbose_name = _("road closure")
        verbose_name_plural = _("road closures")
        constraints = [
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | Q(reopened_at__gte=F("closed_at")),
                name="closure_reopened_after_closed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.street_en} {self.cause}"


class Zone(models.Model):
    """An area that somebody drew round an event, a danger or a station; removed, never deleted.

    `ring` is [[lon, lat], …] in WGS-84, not closed: the last corner joins the first.
    """

    class Kind(models.TextChoices):
        HAZARD = "hazard", _("danger zone")
        EVENT = "event", _("event area")
        STATION = "station", _("station area")
        OTHER = "other", _("other zone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Organisation, verbose_name=_("centre"), on_delete=models.PROTECT)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    ring = models.JSONField(_("corners"))
    drawn_at = models.DateTimeField(_("drawn at"))
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(removed_at__gte=F("drawn_at")),
                name="zone_removed_after_drawn",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="zone_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.kind}"


class PlaceName(models.Model):
    """Something with a name: a street within a place, a junction, a landmark, a district.

    `search` is the normalised text that similarity looks at; `vector` holds the
    same words with positions, Chinese cut into single characters.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, verbose_name=_("city"), on_delete=models.CASCADE)
    kind = models.CharField(_("kind"), max_length=12, choices=PlaceKind.choices)
    # What it is in OpenStreetMap's words (primary, hospital, suburb); decides rank and icon.
    category = models.CharField(_("category"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    within_en = models.CharField(_("lies in, in English"), max_length=120, blank=True)
    within_zh = models.CharField(_("lies in, in Chinese"), max_length=120, blank=True)
    search = models.TextField(_("search text"))
    vector = SearchVectorField(_("search words"))
    importance = models.FloatField(_("importance"), default=0)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))

    class Meta:
        verbose_name = _("place name")
        verbose_name_plural = _("place names")
        indexes = [
            GinIndex(fields=["vector"], name="place_name_words"),
            GinIndex(OpClass(F("search"), name="gin_trgm_ops"), name="place_name_trigrams"),
            GistIndex(point_of_row(), name="place_name_nearest"),
        ]

    def __str__(self) -> str:
        return self.name_en


class HouseNumber(models.Model):
    """A number on a street; `street` is the name row that it belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, verbose_name=_("city"), on_delete=models.CASCADE)
    street = models.ForeignKey(PlaceName, verbose_name=_("street"), on_delete=models.CASCADE)
    number = models.CharField(_("number"), max_length=40)
    # Lower case, no spaces, no 号: what a typed number is compared with.
    folded = models.CharField(_("number as compared"), max_length=40)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))

    class Meta:
        verbose_name = _("house number")
        verbose_name_plural = _("house numbers")
        indexes = [
            models.Index(
                OpClass(F("street"), name="uuid_ops"),
                OpClass(F("folded"), name="text_pattern_ops"),
                name="house_number_lookup",
            ),
            GistIndex(point_of_row(), name="house_number_nearest"),
        ]

    def __str__(self) -> str:
        return self.number
