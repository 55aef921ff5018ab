"""python manage.py print_tables: writes the pages of docs that the code knows by itself."""

from django.core.management.base import BaseCommand

from config import exchange_table, record_table, source_table, tables
from config.env import ROOT


class Command(BaseCommand):
    help = "Writes the tables of states, elements, standards and clinical sources into docs/."
    requires_system_checks = ()

    def handle(self, *_args: object, **_options: object) -> None:
        for printed in (tables, record_table, source_table, exchange_table):
            printed.PAGE.write_text(printed.page(), encoding="utf-8")
            self.stdout.write(str(printed.PAGE.relative_to(ROOT)))
