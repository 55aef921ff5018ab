"""From the command line to everything that will happen; nothing is written to the database."""

from collections.abc import Sequence
from pathlib import Path

from config.demand import demand_of_city
from config.replay.cases import Prepared, prepare
from config.replay.csv_file import BadTable
from config.replay.durations import Assumptions
from config.replay.fleet import Unit
from config.replay.hospitals import nurses
from config.replay.jemss import read_model
from config.replay.options import Options, check_places, columns_of, window_of
from config.replay.places import Around, Finder, FromLog, OfCity, Places, read_areas
from config.replay.replay import Outcome
from config.replay.report import Report, Setting, report_of
from config.replay.table import Log, read_log
from dispatch.city.models import City
from dispatch.city.roads.router import LonLat, Router
from dispatch.decision.models import Hospital


class Plan:
    """What will be replayed, read and drawn before anything is written."""

    def __init__(self, options: Options, log_path: Path, roads: Router) -> None:
        check_places(options)
        self.options = options
        self.log_path = log_path
        self.roads = roads
        columns, window = columns_of(options), window_of(options)
        self.assumed = assumptions_of(options)
        self.places = places_of(options)
        self.log: Log = read_log(log_path, columns, window, skip_bad=options.skip_bad)
        nurses()
        self.prepared: Prepared = prepare(
            self.log,
            window,
            finder=Finder(self.places, roads, hospital_points()),
            assumed=self.assumed,
            seed=options.seed,
            skip_bad=options.skip_bad,
        )

    def report(self, outcome: Outcome, units: Sequence[Unit], city: City) -> Report:
        options, prepared = self.options, self.prepared
        levels = ", ".join(f"{value} → {level}" for value, level in options.priority_map.items())
        column = options.priority_column
        return report_of(
            [case.timeline for case in prepared.cases],
            setting=Setting(
                log=self.log_path.name,
                filtered=", ".join(f"{name} = {value}" for name, value in options.where),
                window=f"{self.log.begins} to {self.log.ends}",
                warm_up_min=options.warm_up,
                city=f"{city.name_en} ({city.source})",
                places=self.places.told,
                priorities=f"{column}: {levels or 'as it is'}" if column else "3 for all",
                speed=options.speed,
                seed=options.seed,
                stations=len({unit.ambulance.station_id for unit in units}),
                units=len(units),
                skipped_rows=prepared.skipped,
            ),
            assumptions=self.assumed.stated(),
            start_s=prepared.start_s,
            end_s=min(prepared.end_s, outcome.end_s),
            interrupted=outcome.interrupted,
        )


def assumptions_of(options: Options) -> Assumptions:
    assumed = Assumptions()
    if options.model:
        assumed = read_model(options.model, assumed)
    if options.blue_light:
        assumed = assumed.with_sources("--blue-light", blue_light_up_to=options.blue_light)
    return assumed


def places_of(options: Options) -> Places:
    if options.place_columns:
        return FromLog()
    if options.zip_table:
        areas = read_areas(options.zip_table, weight=options.zip_weight)
        return Around(areas, options.spread, zip_known=options.zip_column is not None)
    demand = demand_of_city()
    if demand is None:
        raise BadTable(
            "The imported city has no named places: give --place-columns or --zip-table."
        )
    return OfCity(demand)


def hospital_points() -> list[LonLat]:
    rows = Hospital.objects.filter(organisation__active=True).order_by("organisation__code")
    return [LonLat(one.lon, one.lat) for one in rows]
