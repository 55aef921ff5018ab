"""python manage.py watch_patients: alarms and scores on the live stream, twice a second."""

import time
from argparse import ArgumentParser
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from ehr_prehospital.record.findings import findings_of
from ehr_prehospital.vitals.alarms.assessing import Assessment
from ehr_prehospital.vitals.alarms.items import assessment_item
from ehr_prehospital.vitals.alarms.settings import alarm_settings
from ehr_prehospital.vitals.alarms.watch import Watch
from ehr_prehospital.vitals.live import publish_assessments

EVERY_S = 0.5


class Command(BaseCommand):
    help = "Watches every patient's stream: raises, escalates and ends alarms, shows scores."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *_args: object, **options: object) -> None:
        watch = Watch(
            settings=alarm_settings(settings.ALARMS_FILE),
            read_findings=findings_of,
            show=show,
        )
        while True:
            began = time.monotonic()
            try:
                watch.look(now=timezone.now())
            except OperationalError as away:  # the database restarts: so do we, next round
                self.stderr.write(f"watch_patients: {away}")
                close_old_connections()
            if options["once"]:
                return
            time.sleep(max(0.05, EVERY_S - (time.monotonic() - began)))


def show(assessed: Mapping[UUID, Assessment]) -> None:
    publish_assessments({mission_id: assessment_item(one) for mission_id, one in assessed.items()})
