"""python manage.py learn_speeds --days 28: how long the roads took, from the fleet's tracks."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dispatch.decision.actions.learning import learn_bands, learn_speeds
from dispatch.journal.refusals import Refused

# Long enough for hours of the week, short enough to follow the seasons and road works.
DAYS = 28


class Command(BaseCommand):
    help = (
        "Learns driving speeds by road class and hour from the tracks of the last days. A table"
        " takes force when legs that it did not learn from are estimated better with it. The"
        " watch starts this every night; the page /estimates/ shows what is in force."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS)

    def handle(self, *_args: object, days: int, **_options: object) -> None:
        if days < 1:
            raise CommandError("at least one day")
        now = timezone.now()
        begins = now - timedelta(days=days)
        learn_bands(begins=begins, ends=now, now=now)
        try:
            tables = learn_speeds(begins=begins, ends=now, now=now)
        except Refused as refusal:
            raise CommandError(str(refusal.detail)) from refusal
        if not tables:
            self.stdout.write("no drives with tracks: nothing learnt")
        for table in tables:
            word = "in force" if table.in_force else "not better, kept as evidence"
            self.stdout.write(
                f"{table.version}: {table.legs} legs, {table.judged_legs} judged:"
                f" mean error {table.before_mae_s:.0f} → {table.mae_s:.0f} s ({word})"
            )
