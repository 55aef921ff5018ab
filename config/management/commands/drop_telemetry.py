"""python manage.py drop_telemetry --keep-days 90: what vehicles sent and is no longer kept."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from config.daily import DAILY
from dispatch.days import drop_before
from dispatch.journal.actions import append

# What a handover or a question about it may still need is never dropped by a slip.
LEAST_DAYS = 7


class Command(BaseCommand):
    help = (
        "Drops the frames, tracks, readings and waves of more than so many days ago; parked frames"
        " stay, and closed records keep the values that they printed. Without --really only counts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep-days", type=int, required=True)
        parser.add_argument("--really", action="store_true", help="do it; it cannot be undone")

    def handle(self, *_args: object, keep_days: int, really: bool, **_options: object) -> None:
        if keep_days < LEAST_DAYS:
            raise CommandError(f"at least {LEAST_DAYS} days are kept")
        now = timezone.now()
        first_kept = (now - timedelta(days=keep_days)).date()
        with transaction.atomic():
            dropped = drop_before(DAILY, first_kept, really=really)
            if really:
                append(
                    kind="telemetry.dropped",
                    actor=None,
                    now=now,
                    refs={},
                    detail={"before": str(first_kept), "rows": sum(dropped.values())},
                )
        for table, rows in dropped.items():
            self.stdout.write(f"{table:<40} {rows:>12}")
        if not really:
            self.stdout.write(f"before {first_kept}; nothing was dropped (say --really)")
