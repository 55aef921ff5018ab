"""The options of a replay's command line, and what they amount to."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from config.replay.csv_file import BadTable
from config.replay.table import Columns, Window
from config.replay.words import (
    count,
    moment,
    not_negative,
    pair,
    positive,
    priorities,
    priority,
    report_path,
    two_names,
)

EXAMPLES = """\
examples:
  An hour of a city's real calls in four minutes, positions in the log:
    manage.py replay_calls calls.csv --time-column received --place-columns lat,lon \\
        --priority-column code --priority-map red=1,yellow=2,green=4 \\
        --from "2020-03-03 16:00" --hours 1 --speed 15

  A day as fast as possible, no positions but a table of postal areas, with a report:
    manage.py replay_calls calls.csv.gz --time-column incident --where borough=MANHATTAN \\
        --zip-table zip-centroids.csv --zip-weight calls_in_sample \\
        --from 2020-03-03 --hours 24 --warm-up 120 --speed 0 --report day.json --report day.md

  End what an interrupted replay left open:
    manage.py replay_calls --clean
"""


class Options(Protocol):
    """The parsed command line; what `add_arguments` says, typed."""

    log: Path | None
    time_column: str | None
    time_format: str | None
    where: list[tuple[str, str]]
    begins: datetime | None
    ends: datetime | None
    hours: float | None
    warm_up: float
    skip_bad: bool
    priority_column: str | None
    priority_map: Mapping[str, int]
    blue_light: int | None
    place_columns: tuple[str, str] | None
    zip_table: Path | None
    zip_column: str | None
    zip_weight: str | None
    spread: float
    real_assigned_column: str | None
    real_response_column: str | None
    speed: float
    seed: int
    units: int | None
    model: Path | None
    dispatcher: str | None
    report: list[Path]
    keep: bool
    clean: bool


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("log", nargs="?", type=Path, help="CSV file of incidents, .gz too")
    rows = parser.add_argument_group("which rows")
    rows.add_argument("--time-column", metavar="NAME", help="when the call came in")
    rows.add_argument("--time-format", metavar="FORMAT", help="strptime format; default ISO 8601")
    rows.add_argument(
        "--where",
        action="append",
        default=[],
        type=pair,
        metavar="COLUMN=VALUE",
        help="only rows with this value; repeat for more conditions",
    )
    rows.add_argument(
        "--from", dest="begins", type=moment, metavar="TIME", help="default: the first such row"
    )
    rows.add_argument("--to", dest="ends", type=moment, metavar="TIME", help="up to this time")
    rows.add_argument("--hours", type=positive, help="for so long, instead of --to")
    rows.add_argument(
        "--warm-up",
        type=not_negative,
        default=0.0,
        metavar="MINUTES",
        help="also replay so much before --from, without counting it: units are then not all free",
    )
    rows.add_argument(
        "--skip-bad",
        action="store_true",
        help="pass over rows that cannot be read, and say how many",
    )
    urgency = parser.add_argument_group("how urgent")
    urgency.add_argument("--priority-column", metavar="NAME", help="without it all are priority 3")
    urgency.add_argument(
        "--priority-map",
        type=priorities,
        default={},
        metavar="VALUE=N,…",
        help="the column's values as priorities 1 (life at risk) to 5; without it they are 1 to 5",
    )
    urgency.add_argument(
        "--blue-light",
        type=priority,
        metavar="N",
        help="crews drive to the scene with blue light up to this priority (default 3)",
    )
    place = parser.add_argument_group("where (default: drawn where the imported city's people are)")
    place.add_argument(
        "--place-columns", type=two_names, metavar="LAT,LON", help="columns with degrees, WGS-84"
    )
    place.add_argument(
        "--zip-table",
        type=Path,
        metavar="FILE",
        help="CSV with columns zip, lat, lon: positions are drawn around these centres",
    )
    place.add_argument("--zip-column", metavar="NAME", help="the log's column with the postal code")
    place.add_argument(
        "--zip-weight",
        metavar="NAME",
        help="without --zip-column: the table's column by which an area is drawn",
    )
    place.add_argument(
        "--spread",
        type=not_negative,
        default=400.0,
        metavar="METRES",
        help="standard deviation around a centre (default 400)",
    )
    real = parser.add_argument_group("what really happened, for comparison")
    real.add_argument("--real-assigned-column", metavar="NAME", help="time of the first assignment")
    real.add_argument(
        "--real-response-column", metavar="NAME", help="seconds from call to on scene"
    )
    add_run(parser)


def add_run(parser: ArgumentParser) -> None:
    run = parser.add_argument_group("the replay")
    run.add_argument(
        "--speed",
        type=not_negative,
        default=60.0,
        help="simulated seconds per real second: 60 (default) is an hour in a minute,"
        " 0 as fast as possible",
    )
    run.add_argument("--seed", type=int, default=1, help="of everything that is drawn (default 1)")
    run.add_argument(
        "--units",
        type=count,
        metavar="N",
        help="only the first N crewed ambulances of each station (default: all)",
    )
    run.add_argument(
        "--model",
        type=Path,
        metavar="FILE.xml",
        help="take durations from a JEMSS call generator instead of the built-in assumptions",
    )
    run.add_argument("--dispatcher", metavar="USER", help="who dispatches (default: the first)")
    run.add_argument(
        "--report",
        type=report_path,
        action="append",
        default=[],
        metavar="FILE",
        help="write the result as .json or .md; repeat for both",
    )
    run.add_argument(
        "--keep", action="store_true", help="after Ctrl-C leave on the boards what is under way"
    )
    run.add_argument(
        "--clean", action="store_true", help="first end what earlier replays left open"
    )


# --- what they amount to ----------------------------------------------------------


def columns_of(options: Options) -> Columns:
    if options.time_column is None:
        raise BadTable("--time-column is missing: which column says when the call came in?")
    if options.priority_map and options.priority_column is None:
        raise BadTable("--priority-map needs --priority-column.")
    lat, lon = options.place_columns or (None, None)
    return Columns(
        time=options.time_column,
        time_format=options.time_format,
        priority=options.priority_column,
        priorities=options.priority_map,
        where=tuple(options.where),
        lat=lat,
        lon=lon,
        zip_code=options.zip_column,
        real_assigned=options.real_assigned_column,
        real_response=options.real_response_column,
    )


def window_of(options: Options) -> Window:
    if options.ends and options.hours:
        raise BadTable("Give --to or --hours, not both.")
    if options.begins and options.ends and options.ends <= options.begins:
        raise BadTable("--to must be later than --from.")
    return Window(
        options.begins,
        options.ends,
        timedelta(hours=options.hours) if options.hours else None,
        timedelta(minutes=options.warm_up),
    )


def check_places(options: Options) -> None:
    if options.place_columns and options.zip_table:
        raise BadTable("Give --place-columns or --zip-table, not both.")
    if (options.zip_column or options.zip_weight) and options.zip_table is None:
        raise BadTable("--zip-column and --zip-weight need --zip-table.")
    if options.zip_column and options.zip_weight:
        raise BadTable("With --zip-column no area is drawn: leave --zip-weight out.")
