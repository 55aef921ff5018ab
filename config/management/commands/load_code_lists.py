"""`manage.py load_code_lists`: the official code lists out of the operator's folder."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dispatch.journal.refusals import Refused
from ehr_prehospital.exchange.nemsis.lists.actions import load
from ehr_prehospital.exchange.nemsis.validation import official
from ehr_prehospital.exchange.safe_xml import Unreadable


class Command(BaseCommand):
    help = "Load the official code lists of ONBOARD_STANDARDS; they replace those loaded before."

    def handle(self, *_args: object, **_options: object) -> None:
        """Raises CommandError where the files are missing or cannot be read."""
        try:
            counts = load(official(), now=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused.detail)) from refused
        except Unreadable as error:
            raise CommandError(error.text) from error
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        self.stdout.write(f"{len(counts)} lists, {sum(counts.values())} codes")
