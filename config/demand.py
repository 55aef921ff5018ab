"""Where calls come from: the demonstration city's own demand, or any named place."""

from dataclasses import dataclass
from random import Random

from dispatch.calls.actions import Place
from dispatch.city.population import population
from dispatch.city.queries import nearest_place
from dispatch.city.roads.router import LonLat
from dispatch.people.models import in_language

# About how far from a centre of demand people still ring, in degrees (some 900 m).
SPREAD_DEG = 0.008


@dataclass(frozen=True, slots=True)
class Demand:
    """Weighted centres of demand, WGS-84."""

    centres: tuple[LonLat, ...]
    weights: tuple[float, ...]

    def draw(self, random: Random) -> Place:
        """A place near a centre, drawn by weight, with the name of what is there."""
        centre = random.choices(self.centres, weights=self.weights)[0]
        wish = LonLat(random.gauss(centre.lon, SPREAD_DEG), random.gauss(centre.lat, SPREAD_DEG))
        found = nearest_place(wish) or nearest_place(centre)
        if found is None:
            return Place(f"{centre.lat:.5f}, {centre.lon:.5f}", centre.lat, centre.lon, "simulated")
        label = in_language(found.label_en, found.label_zh)
        return Place(label, found.lat, found.lon, "simulated")


def demand_of_city() -> Demand | None:
    """The current city's demand; without a table every named place counts alike."""
    rows = population()
    if not rows:
        return None
    return Demand(tuple(centre for centre, _ in rows), tuple(weight for _, weight in rows))
