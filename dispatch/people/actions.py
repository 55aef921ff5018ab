"""Install the stations of an imported city."""

from collections.abc import Sequence
from typing import Protocol

from dispatch.people.models import Organisation


class StationRow(Protocol):
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


def install_stations(*, rows: Sequence[StationRow], centre: Organisation) -> list[Organisation]:
    """Make the imported stations the current ones; those not named become inactive."""
    stations = [
        Organisation.objects.update_or_create(
            kind=Organisation.Kind.STATION,
            code=row.code,
            defaults={
                "name_en": row.name_en,
                "name_zh": row.name_zh,
                "lat": row.lat,
                "lon": row.lon,
                "parent": centre,
                "active": True,
            },
        )[0]
        for row in rows
    ]
    kept = [station.pk for station in stations]
    Organisation.objects.filter(kind=Organisation.Kind.STATION).exclude(pk__in=kept).update(
        active=False
    )
    return stations
