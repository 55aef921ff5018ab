"""python manage.py print_tables: writes docs/mission_states.md from the rules."""

from django.core.management.base import BaseCommand

from config.env import ROOT
from config.tables import PAGE, page


class Command(BaseCommand):
    help = "Writes the tables of states into docs/mission_states.md."
    requires_system_checks = ()

    def handle(self, *_args: object, **_options: object) -> None:
        PAGE.write_text(page(), encoding="utf-8")
        self.stdout.write(str(PAGE.relative_to(ROOT)))
