"""One import from start to switch. Until the last moment nothing that anybody sees changes."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dispatch.city.basemap.build import BasemapFailed, build_basemap
from dispatch.city.imports.sites import hospitals_on_map, reachable, stations_on_map
from dispatch.city.imports.tables import HospitalRow, StationRow, read_hospitals, read_stations
from dispatch.city.models import City
from dispatch.city.places.gather import Gathered, gather
from dispatch.city.places.index import Rows, prepare, store
from dispatch.city.roads.hierarchy import ordered
from dispatch.city.roads.network import RoadGraph, build_graph
from dispatch.city.roads.osm import read_ways
from dispatch.city.store import CityFacts, CityFolder, cities_dir, content_mark, folder_of, prune

ATTRIBUTION = "© OpenStreetMap contributors"
ATTRIBUTION_DEMO = "Fictional city, made by Onboard"
KEPT_VERSIONS = 2
Install = Callable[[Sequence[HospitalRow], Sequence[StationRow]], None]
Progress = Callable[[str, float], None]
Tell = Callable[[str], None]


class ImportFailed(Exception):
    """The city could not be imported; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to import. Without tables, hospitals and stations are taken from the map.

    `assume_sites`: where the map has none either, some are put along its roads.
    """

    extract: Path
    hospitals: Path | None = None
    stations: Path | None = None
    name_en: str = ""
    name_zh: str = ""
    assume_sites: bool = False


def import_city(
    order: Order,
    *,
    state_dir: Path,
    install: Install,
    progress: Progress,
    now: datetime,
    tell: Tell = lambda _sentence: None,
) -> City:
    """Import and make current. `install` stores hospitals and stations in the same transaction.

    `progress` gets a stage code and the share done of the whole, 0..1; `tell` what was taken
    from the map, in sentences. Raises BadTable or ImportFailed; then neither files nor rows
    have changed.
    """
    progress("tables", 0.0)
    hospitals = read_hospitals(order.hospitals) if order.hospitals else None
    stations = read_stations(order.stations) if order.stations else None
    version, identity = f"{now:%Y%m%d-%H%M%S}-{content_mark(order.extract)}", uuid4()
    with _workplace(state_dir) as work:
        made = CityFolder(work / "made")
        made.path.mkdir()
        graph = _roads(order.extract, made, progress)
        with ThreadPoolExecutor(1, "basemap") as beside:
            # The tile maker is a program of its own: it works while we read the places.
            tiles = beside.submit(_basemap, order.extract, made, progress)
            gathered = _places(order.extract)
            rows = prepare(identity, gathered)
            tiles.result()
        facts = _facts(order, version, graph, gathered)
        facts.write(made)
        _copy_demand(order.extract, made)
        _inside(facts, [*(hospitals or ()), *(stations or ())])
        hospitals, stations, said = _sites(order, hospitals, stations, gathered, graph)
        final = folder_of(state_dir, version)
        made.path.rename(final.path)
        try:
            city = _switch(
                facts, identity, rows, lambda: install(hospitals, stations), progress, now
            )
        except BaseException:
            shutil.rmtree(final.path, ignore_errors=True)
            raise
    _forget_old(state_dir)
    progress("done", 1.0)
    for sentence in said:
        tell(sentence)
    return city


@contextmanager
def _workplace(state_dir: Path) -> Iterator[Path]:
    """A folder beside the cities (same file system, so that a rename is atomic)."""
    cities_dir(state_dir).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=cities_dir(state_dir)) as name:
        work = Path(name)
        work.chmod(0o755)
        yield work


@contextmanager
def _readable(extract: Path) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, OSError) as reason:
        words = {"file": extract.name, "reason": reason}
        message = _("%(file)s is damaged or not an OpenStreetMap extract: %(reason)s")
        raise ImportFailed(message % words) from reason


def _roads(extract: Path, folder: CityFolder, progress: Progress) -> RoadGraph:
    progress("roads", 0.02)
    with _readable(extract):
        ways, blocked = read_ways(extract, lambda n: progress("roads", 0.02 + min(0.13, n / 5e5)))
    graph = build_graph(ways, blocked)
    if graph is None or graph.edge_count < 2:
        raise ImportFailed(_("%(file)s has no roads for vehicles.") % {"file": extract.name})
    replace(graph, order=ordered(graph)).save(folder.graph)
    return graph


def _places(extract: Path) -> Gathered:
    with _readable(extract):
        return gather(extract)


def _basemap(extract: Path, folder: CityFolder, progress: Progress) -> None:
    progress("map", 0.2)
    try:
        with _readable(extract):
            build_basemap(
                extract, folder.basemap, progress=lambda _, d: progress("map", 0.2 + 0.6 * d)
            )
    except BasemapFailed as reason:
        words = {"reason": reason}
        raise ImportFailed(_("The map tiles could not be made: %(reason)s") % words) from reason


def _facts(order: Order, version: str, graph: RoadGraph, gathered: Gathered) -> CityFacts:
    made_up = _demonstration_seed(order.extract)
    west, east = float(graph.node_lon.min()), float(graph.node_lon.max())
    south, north = float(graph.node_lat.min()), float(graph.node_lat.max())
    name = gathered.city_en or order.extract.name.removesuffix(".pbf").removesuffix(".osm")
    return CityFacts(
        name_en=order.name_en or name,
        name_zh=order.name_zh or gathered.city_zh,
        version=version,
        bounds=(west, south, east, north),
        centre=((west + east) / 2, (south + north) / 2),
        source=order.extract.name,
        attribution=ATTRIBUTION if made_up is None else ATTRIBUTION_DEMO,
        seed=made_up,
    )


def _switch(
    facts: CityFacts,
    identity: UUID,
    rows: Rows,
    install: Callable[[], None],
    progress: Progress,
    now: datetime,
) -> City:
    """All rows and the pointer in one transaction: readers see the old city or the new one."""
    progress("index", 0.8)
    west, south, east, north = facts.bounds
    with transaction.atomic():
        city = City.objects.create(
            id=identity, version=facts.version,
            name_en=facts.name_en[:120], name_zh=facts.name_zh[:120],
            source=facts.source[:200], attribution=facts.attribution, imported_at=now,
            west=west, south=south, east=east, north=north,
        )  # fmt: skip
        store(rows, lambda done: progress("index", 0.8 + 0.18 * done))
        install()
        City.objects.filter(current=True).update(current=False)
        city.current = True
        city.save(update_fields=["current"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dispatch_placename, dispatch_housenumber")
    return city


def _forget_old(state_dir: Path) -> None:
    """Keep the last two versions: one to work with, one to look back at."""
    newest = list(City.objects.order_by("-current", "-imported_at")[:KEPT_VERSIONS])
    City.objects.exclude(pk__in=[city.pk for city in newest]).delete()
    prune(state_dir, {city.version for city in newest})


def _sites(
    order: Order,
    hospitals: list[HospitalRow] | None,
    stations: list[StationRow] | None,
    gathered: Gathered,
    graph: RoadGraph,
) -> tuple[list[HospitalRow], list[StationRow], list[str]]:
    """What the tables do not give, from the map; and sentences that say so."""
    sites, said = reachable(gathered.care, graph), []
    if hospitals is None:
        on_map = hospitals_on_map(sites, graph, assume=order.assume_sites)
        hospitals = on_map.rows
        said.append(on_map.told)
    if stations is None:
        posts = stations_on_map(sites, hospitals)
        stations = posts.rows
        said.append(posts.told)
    return hospitals, stations, said


def _inside(facts: CityFacts, rows: Sequence[HospitalRow | StationRow]) -> None:
    """Latitude and longitude swapped, or the table of another city: refuse, do not guess."""
    west, south, east, north = facts.bounds
    for row in rows:
        if not (west - 0.3 <= row.lon <= east + 0.3 and south - 0.3 <= row.lat <= north + 0.3):
            words = {"code": row.code, "lat": row.lat, "lon": row.lon}
            message = _("%(code)s at latitude %(lat)s, longitude %(lon)s lies outside the map.")
            raise ImportFailed(message % words)


def _demonstration_seed(extract: Path) -> int | None:
    """The seed, when the extract is our own fictional city and says so beside it."""
    beside = extract.with_name("city.json")
    if not beside.exists():
        return None
    seed = json.loads(beside.read_text(encoding="utf-8")).get("seed")
    return seed if isinstance(seed, int) else None


def _copy_demand(extract: Path, folder: CityFolder) -> None:
    beside = extract.with_name("demand.csv")
    if beside.exists():
        shutil.copyfile(beside, folder.demand)
