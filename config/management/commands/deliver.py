"""python manage.py deliver: sends what is queued for other systems."""

import logging
import time
from argparse import ArgumentParser
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Semaphore
from uuid import UUID

import psycopg
from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from config.adapters import ADAPTERS
from ehr_prehospital.admission.actions import on_overheard
from ehr_prehospital.delivery.actions import CHANNEL
from ehr_prehospital.delivery.queries import next_due_at
from ehr_prehospital.delivery.sending import send_next
from ehr_prehospital.exchange.fhir.mhd.actions import provide_closed
from ehr_prehospital.exchange.fhir.subscriptions.actions import tell_subscribers
from ehr_prehospital.exchange.fhir.subscriptions.queries import live
from ehr_prehospital.exchange.hl7v2.client import hear
from ehr_prehospital.exchange.hl7v2.reading import Received
from ehr_prehospital.exchange.nemsis.submission.actions import submit_closed

log = logging.getLogger(__name__)
# How many partners may be slow at once before the others wait.
SENDERS = 4
# A call that was lost heals after so long.
LONGEST_SLEEP_S = 30.0
# While somebody subscribes, the journal is looked at so often.
SUBSCRIBED_SLEEP_S = 1.0
AWAY_S = 1.0


class Command(BaseCommand):
    help = "Sends what is queued for other systems, in order, until it is answered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="what is due now, then stop")

    def handle(self, *_args: object, **options: object) -> None:
        hear(take_what_is_said)
        if options["once"]:
            gather()
            while send_next(ADAPTERS, clock=timezone.now):
                pass
            return
        with ThreadPoolExecutor(SENDERS, thread_name_prefix="deliver") as pool:
            free = Semaphore(SENDERS)
            while True:
                try:
                    self.round(pool, free)
                except (OperationalError, psycopg.OperationalError) as away:
                    self.stderr.write(f"deliver: {away}")
                    close_old_connections()
                    time.sleep(AWAY_S)

    def round(self, pool: ThreadPoolExecutor, free: Semaphore) -> None:
        """Send all that is due, then sleep until somebody calls or the next one is due."""
        listen()
        now = timezone.now()
        gather()
        at = next_due_at()
        if at is None or at > now:
            sleep_until(at, now=now)
            return
        free.acquire()
        pool.submit(self.send, free.release)
        # The next look must see what this one has claimed.
        heard(timeout_s=0.05)

    def send(self, done: Callable[[], None]) -> None:
        try:
            while send_next(ADAPTERS, clock=timezone.now):
                pass
        except OperationalError as away:
            self.stderr.write(f"deliver: {away}")
        except Exception:  # nobody asks the pool what became of it; its claim runs out
            log.exception("sending failed in an unforeseen way")
        finally:
            close_old_connections()
            connection.close()
            done()


def take_what_is_said(partner_id: UUID, received: Received) -> None:
    """A hospital's own message over our line, in the line's thread, which lives on without work."""
    try:
        on_overheard(partner_id, received, timezone.now())
    finally:
        connection.close()


def gather() -> None:
    """Turn what happened into deliveries."""
    submit_closed(now=timezone.now())
    provide_closed(now=timezone.now())
    tell_subscribers(now=timezone.now())


def listen() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")


def sleep_until(at: datetime | None, *, now: datetime) -> None:
    rest = (at - now if at else timedelta(seconds=LONGEST_SLEEP_S)).total_seconds()
    longest = SUBSCRIBED_SLEEP_S if live().exists() else LONGEST_SLEEP_S
    heard(timeout_s=min(max(rest, 0.01), longest))


def heard(*, timeout_s: float) -> bool:
    """Tell whether somebody called within that time."""
    wire = connection.connection
    return any(True for _call in wire.notifies(timeout=timeout_s, stop_after=1))
