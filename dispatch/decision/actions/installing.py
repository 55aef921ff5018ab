"""Hospitals, stations and ambulances of an imported city."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction

from dispatch.decision.models import Hospital
from dispatch.fleet.actions import Post, install_ambulances
from dispatch.journal.actions import append
from dispatch.people.actions import install_stations
from dispatch.people.models import Organisation


class HospitalRow(Protocol):
    """A hospital as an import gives it."""

    @property
    def code(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def capabilities(self) -> Iterable[str]: ...
    @property
    def beds(self) -> int | None: ...


def install_hospitals(*, rows: Sequence[HospitalRow], centre: Organisation, now: datetime) -> int:
    """Make the imported hospitals the current ones; those not named become inactive."""
    kept = []
    for row in rows:
        organisation, _created = Organisation.objects.update_or_create(
            kind=Organisation.Kind.HOSPITAL,
            code=row.code,
            defaults={
                "name_en": row.name_en,
                "name_zh": row.name_zh,
                "lat": row.lat,
                "lon": row.lon,
                "parent": centre,
                "active": True,
            },
        )
        Hospital.objects.update_or_create(
            organisation=organisation,
            defaults={
                "lat": row.lat,
                "lon": row.lon,
                "capabilities": sorted(row.capabilities),
                "beds": row.beds,
                "updated_at": now,
            },
        )
        kept.append(organisation.pk)
    Organisation.objects.filter(kind=Organisation.Kind.HOSPITAL).exclude(pk__in=kept).update(
        active=False
    )
    append(
        kind="city.hospitals_installed",
        actor=None,
        now=now,
        refs={"centre": centre.pk},
        detail={"count": len(kept)},
    )
    return len(kept)


class StationRow(Protocol):
    """A station as an import gives it."""

    @property
    def code(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def ambulances(self) -> int: ...


def install_city(
    *, hospitals: Sequence[HospitalRow], stations: Sequence[StationRow], now: datetime
) -> None:
    """Hospitals, stations and ambulances of a newly imported city, in its transaction."""
    with transaction.atomic():
        centre, _created = Organisation.objects.get_or_create(
            kind=Organisation.Kind.DISPATCH_CENTRE,
            code="C1",
            defaults={"name_en": "Emergency Centre", "name_zh": "急救中心"},
        )
        install_hospitals(rows=hospitals, centre=centre, now=now)
        posts = install_stations(rows=stations, centre=centre)
        install_ambulances(
            posts=[
                Post(station, row.ambulances) for station, row in zip(posts, stations, strict=True)
            ]
        )
