"""python manage.py replay_calls: a log of real incidents, replayed with simulated crews."""

import signal
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import Any, cast

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)
from django.db import connection
from django.utils import timezone

from config.replay.closing import close_all
from config.replay.csv_file import BadTable
from config.replay.fleet import Unit, take_part
from config.replay.jemss import BadModel
from config.replay.options import EXAMPLES, Options, add_arguments
from config.replay.plan import Plan
from config.replay.replay import replay
from config.replay.report import as_markdown, write
from dispatch.city.models import City
from dispatch.city.queries import current_city, router
from dispatch.people.models import Organisation, Role, User


class HelpFormatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Django's order of options, and the examples as they are written."""


class Command(BaseCommand):
    help = (
        "Replays a log of real incidents over the imported city, at a chosen speed, with\n"
        "simulated crews, control room and hospital staff. They act through the same actions\n"
        "as people do, so the boards show it live. At the end: response times in simulated\n"
        "time (median, P90, by priority), waiting, and how busy the units were.\n"
        "Needs an imported city (import_city), people and shifts (seed_demo), and no\n"
        "demonstration running beside it."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Any: handed through to argparse untouched."""
        return super().create_parser(
            prog_name, subcommand, formatter_class=HelpFormatter, epilog=EXAMPLES, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *_args: object, **said: object) -> None:
        options = cast(Options, Namespace(**said))
        try:
            self._run(options)
        except (BadTable, BadModel) as wrong:
            raise CommandError(str(wrong)) from wrong

    def _run(self, options: Options) -> None:
        roads, city = router(), current_city()
        if roads is None or city is None:
            raise BadTable("No city is imported: python manage.py import_city FILE.osm.pbf")
        dispatcher = dispatcher_named(options.dispatcher)
        if options.clean:
            closed = close_all(dispatcher=dispatcher, now=timezone.now)
            self.stdout.write(f"Ended {closed} incidents of earlier replays.")
        if options.log is None:
            if options.clean:
                return
            raise BadTable("Which log? Name a CSV file, or see --help.")
        plan = Plan(options, options.log, roads)
        centre = dispatcher.centre
        if centre is None:
            raise BadTable(f"{dispatcher.username} belongs to no dispatch centre.")
        units = take_part(centre, per_station=options.units, now=timezone.now())
        self._play(plan, units, city, dispatcher)

    def _play(self, plan: Plan, units: Sequence[Unit], city: City, dispatcher: User) -> None:
        options = plan.options
        self.stderr.write(f"{len(plan.prepared.cases)} calls, {len(units)} units")
        # A stop from outside ends it like Ctrl-C: with the report so far, and a tidy board.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        # A replay can be repeated: it need not wait for the disk at each of its many commits.
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")
        began = time.monotonic()
        outcome = replay(
            plan.prepared,
            units=units,
            roads=plan.roads,
            dispatcher=dispatcher,
            assumed=plan.assumed,
            log_name=plan.log_path.name,
            speed=options.speed,
            now=timezone.now,
            progress=self.stderr.write,
        )
        took_s = time.monotonic() - began
        report = plan.report(outcome, units, city)
        if outcome.interrupted and not options.keep:
            close_all(dispatcher=dispatcher, now=timezone.now)
        for path in options.report:
            write(report, path)
        self.stdout.write(as_markdown(report))
        late = f", at worst {outcome.behind_s:.0f} s late" if outcome.behind_s > 1 else ""
        self.stdout.write(f"{outcome.end_s / 3600:.1f} simulated hours in {took_s:.0f} s{late}.")


def dispatcher_named(username: str | None) -> User:
    """The dispatcher asked for, or the first of a dispatch centre."""
    people = User.objects.filter(
        role=Role.DISPATCHER, organisation__kind=Organisation.Kind.DISPATCH_CENTRE
    ).select_related("organisation__parent")
    if username is not None:
        people = people.filter(username=username)
    dispatcher = people.order_by("username").first()
    if dispatcher is None:
        named = f"called {username}" if username else "at all"
        raise BadTable(f"There is no dispatcher {named}; run seed_demo first.")
    return dispatcher
