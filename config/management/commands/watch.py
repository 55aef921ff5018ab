"""python manage.py watch: estimates, and what nobody reacted to."""

import time
from argparse import ArgumentParser
from datetime import date, timedelta
from itertools import count

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from config.nightly import begin_day
from dispatch.decision.actions.declaring import end_diverts, end_surges
from dispatch.decision.actions.escalation import watch_overdue, watch_unacknowledged
from dispatch.decision.actions.estimates import refresh_etas
from dispatch.decision.actions.instead import watch_nearer
from dispatch.decision.actions.moving import watch_moves
from dispatch.decision.queries import policy_in_force
from dispatch.fleet.safety import watch_crews
from dispatch.fleet.telemetry import publish_eta
from dispatch.fleet.watch import watch_units
from ehr_prehospital.consult.watch import watch_consults
from ehr_prehospital.ecg.actions import judge_waiting
from ehr_prehospital.handover.watch import watch_near, watch_unconfirmed
from ehr_prehospital.pathways.proposing import Watch

EVERY_S = 2.0
# What weighs all units again is done in every so manieth round.
WEIGHED_EVERY = 5


class Command(BaseCommand):
    help = "Keeps estimates fresh and tells of missions, units and handovers left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *_args: object, **options: object) -> None:
        prepared: date | None = None
        pathways = Watch()
        for number in count():
            began = time.monotonic()
            try:
                prepared = begin_day(prepared, timezone.now().date())
                look(pathways, weigh=number % WEIGHED_EVERY == 0)
            except OperationalError as away:  # the database restarts: so do we, next round
                self.stderr.write(f"watch: {away}")
                close_old_connections()
            if options["once"]:
                return
            time.sleep(max(0.1, EVERY_S - (time.monotonic() - began)))


def look(pathways: Watch, *, weigh: bool) -> None:
    """One round over everything that is watched."""
    now = timezone.now()
    for mission in refresh_etas(now=now):
        publish_eta(mission, now=now)
    limits = policy_in_force().escalation
    watch_unacknowledged(after_s=limits.unacknowledged_s, now=now)
    if weigh:
        watch_nearer(now=now)
        watch_moves(now=now)
    watch_overdue(limits_s=limits.overdue_s, now=now)
    watch_crews(
        every=timedelta(seconds=limits.check_every_s),
        answer_within=timedelta(seconds=limits.check_answer_s),
        now=now,
    )
    watch_units(now=now)
    pathways.look(now=now, with_scores=weigh)
    watch_unconfirmed(now=now)
    watch_consults(now=now)
    end_diverts(now=now)
    end_surges(now=now)
    watch_near(now=now)
    judge_waiting(now=now)
