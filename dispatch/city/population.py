"""Where people are in the current city: what an import brought, or every named place alike."""

import csv

from dispatch.city.models import PlaceName
from dispatch.city.queries import current_folder
from dispatch.city.roads.router import LonLat


def population() -> list[tuple[LonLat, float]]:
    """Points with their weight, above zero; empty before the first import."""
    folder = current_folder()
    if folder is None:
        return []
    if folder.demand.exists():
        with folder.demand.open(encoding="utf-8", newline="") as file:
            rows = [
                (LonLat(float(row["lon"]), float(row["lat"])), float(row["population"]))
                for row in csv.DictReader(file)
            ]
        return [(point, weight) for point, weight in rows if weight > 0]
    places = PlaceName.objects.order_by("pk").values_list("lon", "lat")
    return [(LonLat(lon, lat), 1.0) for lon, lat in places.iterator()]
