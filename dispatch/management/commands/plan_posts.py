"""python manage.py plan_posts: where the standing units should be, by MEXCLP."""

from argparse import ArgumentParser
from datetime import datetime

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dispatch.decision.rules.coverage import covered, graded
from dispatch.decision.rules.posts import NoPlan, best_posts
from dispatch.decision.situation import Situation, situation_of
from dispatch.fleet.queries import units_of
from dispatch.people.queries import the_centre


class Command(BaseCommand):
    help = "Prints how many units each station should have so that most demand is reached in time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=int, help="how many to place; else those in service")
        parser.add_argument("--at", help="an hour of the week by example: 2026-11-23T08:00+08:00")
        parser.add_argument("--room", type=int, default=10, help="the most units at one place")

    def handle(self, *_args: object, **options: object) -> None:
        centre, now = the_centre(), self._moment(options["at"])
        found = situation_of(centre, now) if centre else None
        if centre is None or found is None:
            raise CommandError("Import a city first: python manage.py import_city FILE.osm.pbf")
        homes = [unit.station.code for unit in units_of(centre) if unit.in_service]
        units = options["units"] if isinstance(options["units"], int) else len(homes)
        room = options["room"] if isinstance(options["room"], int) else 0
        try:
            self._show(found, homes, units, room)
        except NoPlan as impossible:
            raise CommandError(str(impossible)) from impossible

    def _moment(self, said: object) -> datetime:
        if not said:
            return timezone.now()
        moment = parse_datetime(str(said))
        if moment is None or moment.tzinfo is None:
            raise CommandError(f"“{said}” is no time with an offset")
        return moment

    def _show(self, found: Situation, homes: list[str], units: int, room: int) -> None:
        rule = found.policy.relocation
        demand, points = graded(found.ground.demand, found.points_s, rule.targets_s)
        plan = best_posts(
            demand, points, units=units, busy=rule.busy, room=[room] * len(found.points)
        )
        now = [homes.count(point.code) for point in found.points]
        self.stdout.write(f"{'':<8}{'now':>4}{'best':>6}")
        for point, has, wants in zip(found.points, now, plan, strict=True):
            mark = "" if has == wants else f"  {wants - has:+d}"
            self.stdout.write(f"{point.code:<8}{has:>4}{wants:>6}{mark}  {point.name_en}")
        before, after = (
            covered(demand, np.repeat(points, counts, axis=0), rule.busy) for counts in (now, plan)
        )
        self.stdout.write(
            f"Expected in time, of {len(found.ground.places)} squares and {found.ground.calls}"
            f" calls: {before:.1%} now ({sum(now)} units), {after:.1%} with {units}."
        )
