"""`manage.py fhir_token chen "Hospital information system"`: let a partner's system read FHIR."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.people.models import User
from ehr_prehospital.exchange.fhir.server.tokens import make_token, revoke_tokens


class Command(BaseCommand):
    help = "Print a new token that acts as a user, or end those of a system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="whose access the system has: best one of its own")
        parser.add_argument("name", help="the system that gets it")
        parser.add_argument("--revoke", action="store_true", help="end the tokens of this system")

    def handle(self, *, username: str, name: str, revoke: bool, **_options: object) -> None:
        """Raises CommandError for an unknown user."""
        if revoke:
            self.stdout.write(str(revoke_tokens(name=name, now=timezone.now())))
            return
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no user %(name)s.") % {"name": username})
        self.stdout.write(make_token(user=user, name=name, now=timezone.now()))
