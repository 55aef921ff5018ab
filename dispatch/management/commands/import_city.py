"""python manage.py import_city FILE.osm.pbf: roads, places, base map, hospitals, stations."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.city.imports.run import ImportFailed, Order, import_city
from dispatch.city.imports.tables import BadTable, HospitalRow, StationRow
from dispatch.decision.actions.installing import install_city

BAR = 30


class Command(BaseCommand):
    help = (
        "Imports an OpenStreetMap extract as the city to work in. Whole or not at all: "
        "the old city stays until the new one is complete."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("extract", type=Path, metavar="FILE.osm.pbf")
        parser.add_argument(
            "--hospitals",
            type=Path,
            help="CSV: code,name_en,name_zh,lat,lon,capabilities,beds; capabilities with ; between",
        )
        parser.add_argument(
            "--stations", type=Path, help="CSV: code,name_en,name_zh,lat,lon,ambulances"
        )
        parser.add_argument(
            "--assume-sites",
            action="store_true",
            help="for trying out: a map without hospitals gets some, spread over its roads",
        )
        parser.add_argument("--name-en", default="", help="the city's name in English")
        parser.add_argument("--name-zh", default="", help="the city's name in Chinese")

    # The option types are argparse's business.
    def handle(
        self,
        *_args: object,
        extract: Path,
        hospitals: Path | None,
        stations: Path | None,
        name_en: str,
        name_zh: str,
        assume_sites: bool,
        **_options: object,
    ) -> None:
        if not extract.is_file():
            raise CommandError(_("%(file)s does not exist.") % {"file": extract})
        now = timezone.now()
        began = time.monotonic()

        def install(found: Sequence[HospitalRow], posts: Sequence[StationRow]) -> None:
            install_city(hospitals=found, stations=posts, now=now)

        try:
            city = import_city(
                Order(extract, hospitals, stations, name_en, name_zh, assume_sites),
                state_dir=settings.STATE_DIR,
                install=install,
                progress=Bar(),
                now=now,
                tell=self.stdout.write,
            )
        except (BadTable, ImportFailed) as failed:
            raise CommandError(str(failed)) from failed
        took = time.monotonic() - began
        self.stdout.write(
            _("Imported %(city)s in %(seconds).1f s, version %(version)s.")
            % {"city": city.name_en, "seconds": took, "version": city.version}
        )


def stage_names() -> dict[str, str]:
    """What an import, or the making of the demonstration city, is at."""
    return {
        "tables": _("tables"),
        "roads": _("roads"),
        "map": _("map"),
        "index": _("index"),
        "streets": _("streets"),
        "buildings": _("buildings"),
        "writing": _("writing"),
        "done": _("done"),
    }


class Bar:
    """A progress bar on a terminal, a line per stage elsewhere; in the operator's language."""

    def __init__(self) -> None:
        self._stage = ""
        self._names = stage_names()

    def __call__(self, stage: str, done: float) -> None:
        name = self._names[stage]
        if sys.stderr.isatty():
            filled = round(BAR * min(1.0, max(0.0, done)))
            bar = f"[{'#' * filled}{'.' * (BAR - filled)}]"
            # The bar comes first: Chinese letters are as wide as two.
            line = f"\r{bar} {100 * done:3.0f} %  {name}{' ' * 10}"
            sys.stderr.write(line if done < 1 else f"{line}\n")
        elif stage != self._stage:
            sys.stderr.write(f"{name} …\n" if done < 1 else f"{name}\n")
        self._stage = stage
        sys.stderr.flush()
