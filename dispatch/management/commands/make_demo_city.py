"""python manage.py make_demo_city FOLDER: a fictional city, the same bytes from the same seed."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from dispatch.city.demo.make import make_demo_city
from dispatch.management.commands.import_city import Bar


class Command(BaseCommand):
    help = "Draws the demonstration city and writes map extract, hospitals, stations and demand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: object, folder: Path, seed: int, **_options: object) -> None:
        bar = Bar()
        city = make_demo_city(
            folder, seed=seed, progress=lambda stage, percent: bar(stage, percent / 100)
        )
        self.stdout.write(str(city.extract))
