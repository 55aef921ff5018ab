"""`manage.py import_agency C1 PATH`: who reports to NEMSIS for a centre or a station."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.people.models import Organisation
from ehr_prehospital.exchange.nemsis.actions import register
from ehr_prehospital.exchange.safe_xml import Unreadable


class Command(BaseCommand):
    help = "Take the agency of a NEMSIS document (DEM, or EMS) for a centre's or a station's own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="the code of a dispatch centre or a station")
        parser.add_argument("path", type=Path)

    def handle(self, *, organisation: str, path: Path, **_options: object) -> None:
        """Raises CommandError for an unknown organisation and an unreadable document."""
        kinds = (Organisation.Kind.STATION, Organisation.Kind.DISPATCH_CENTRE)
        found = Organisation.objects.filter(code=organisation, kind__in=kinds).first()
        if found is None:
            raise CommandError(
                _("There is no centre and no station %(code)s.") % {"code": organisation}
            )
        try:
            row = register(organisation=found, content=path.read_bytes(), now=timezone.now())
        except Unreadable as error:
            where = f":{error.line}" if error.line else ""
            raise CommandError(f"{path}{where}: {error.text}") from error
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{found.code}: {row.state_id} {row.number} {row.state}")
