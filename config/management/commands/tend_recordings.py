"""python manage.py tend_recordings: seal what has ended, drop in the night what is overdue."""

import time
from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.db.utils import OperationalError

from config.recordings import tend

EVERY_S = 2.0


class Command(BaseCommand):
    help = "Seals recordings and keeps their retention, until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round")

    def handle(self, *_args: object, once: bool, **_options: object) -> None:
        dropped_on: date | None = None
        while True:
            try:
                close_old_connections()
                dropped_on = tend(dropped_on)
            except OperationalError as away:
                self.stderr.write(f"the database is away: {away}")
            if once:
                return
            time.sleep(EVERY_S)
