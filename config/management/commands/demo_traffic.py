"""python manage.py demo_traffic: people who ring, and colleagues who do the other seats' work.

Only for the demonstration. It acts through the same actions as the screens, leaves the
visitor's own unit alone and, of every three calls, one for the visitor to dispatch.
"""

import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from config.demand import Demand, demand_of_city
from config.management.commands.seed_demo import OWN_UNIT
from dispatch.calls.actions import PatientHint, answer_call, open_incident
from dispatch.calls.models import Incident
from dispatch.calls.rules.triage import protocol
from dispatch.decision.actions.units import choose_unit, recommend_units
from dispatch.decision.rules.units import Duty
from dispatch.fleet.actions import close_incident
from dispatch.fleet.models import Ambulance
from dispatch.journal.refusals import Refused
from dispatch.people.models import Role, User
from ehr_prehospital.handover.actions import confirm, deliver, ready, receive, see
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.rules import OPEN

# What people ring for, in rough proportion to an urban emergency service's calls.
COMPLAINTS = {
    "trauma": 18, "breathing": 12, "chest_pain": 12, "unconscious": 10, "traffic": 8,
    "abdominal": 8, "stroke": 7, "fever": 5, "psychiatric": 4, "seizure": 4, "child_ill": 4,
    "poisoning": 4, "diabetic": 3, "allergy": 2, "birth": 2, "bleeding": 2, "other": 5,
}  # fmt: skip
# A waiting call of the visitor's share is taken over after this long.
VISITOR_MAY_TAKE = timedelta(minutes=4)
MOST_WAITING = 4


class Command(BaseCommand):
    help = "Rings, dispatches and receives for the demonstration's simulated people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=40.0, help="mean seconds between calls")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: object, **options: object) -> None:
        demand = demand_of_city()
        dispatcher = User.objects.filter(username="li", role=Role.DISPATCHER).first()
        if demand is None or dispatcher is None:
            raise CommandError("Run import_city and seed_demo first.")
        random = Random(int(str(options["seed"])))
        every = float(str(options["every"]))
        next_call = time.monotonic() + 5
        while True:
            now = timezone.now()
            if time.monotonic() >= next_call:
                ring(demand, dispatcher, random, now)
                next_call = time.monotonic() + random.expovariate(1 / every)
            assign_waiting(dispatcher, now)
            receive_patients(now)
            tidy(dispatcher, now)
            time.sleep(2)


def ring(demand: Demand, dispatcher: User, random: Random, now: datetime) -> None:
    """One person calls from somewhere in the city."""
    waiting = Incident.objects.filter(closed_at__isnull=True, missions__isnull=True).count()
    if waiting >= MOST_WAITING:
        return
    where = demand.draw(random)
    complaint = random.choices(list(COMPLAINTS), weights=list(COMPLAINTS.values()))[0]
    answers = {"awake": "yes", "breathing": "no" if complaint == "breathing" else "yes"}
    for question in protocol().complaints[complaint].questions:
        answers[question.code] = random.choices(("yes", "no"), weights=(1, 3))[0]
    call = answer_call(
        call_id=uuid4(),
        number_from=f"13{random.randrange(10**9):09d}",
        ring_at=now - timedelta(seconds=random.uniform(3, 9)),
        actor=dispatcher,
        now=now,
    )
    open_incident(
        incident_id=uuid4(),
        call=call,
        place=where,
        complaint=complaint,
        answers=answers,
        patient=PatientHint(random.choice(("male", "female")), random.randint(2, 92)),
        caller_note="",
        actor=dispatcher,
        now=now,
    )


def assign_waiting(dispatcher: User, now: datetime) -> None:
    """Send the nearest simulated unit; every third incident waits for the visitor first."""
    waiting = Incident.objects.filter(
        closed_at__isnull=True, missions__isnull=True, opened_at__lte=now - timedelta(seconds=15)
    )
    for incident in waiting.order_by("priority", "opened_at"):
        for_visitor = int(incident.number[-4:]) % 3 == 0
        if for_visitor and now - incident.opened_at < VISITOR_MAY_TAKE:
            continue
        stored, ranking = recommend_units(incident=incident, actor=dispatcher, now=now)
        free = (one for one in ranking.ranked if one.duty is Duty.FREE)
        unit = next((one for one in free if one.call_sign != OWN_UNIT), None)
        if unit is None:
            continue
        try:
            choose_unit(
                incident=incident,
                ambulance=Ambulance.objects.select_related("station").get(pk=unit.unit_id),
                recommendation=stored,
                override_reason="" if unit.picked else "keeps_cover",
                actor=dispatcher,
                now=now,
                mission_id=uuid4(),
            )
        except Refused:
            continue  # the visitor was quicker


def receive_patients(now: datetime) -> None:
    """Nurses of all hospitals answer for simulated crews; the visitor's own patient waits."""
    handovers = (
        Handover.objects.filter(state__in=[state.value for state in OPEN])
        .exclude(mission__ambulance__call_sign=OWN_UNIT)
        .select_related("mission__incident", "hospital", "encounter")
    )
    for handover in handovers:
        nurse = User.objects.filter(
            organisation_id=handover.hospital_id, role=Role.ED_STAFF
        ).first()
        if nurse is None:
            continue
        age = (now - handover.sent_at).total_seconds()
        try:
            if handover.delivered_at is None and age > 2:
                deliver(handover=handover, actor=nurse, now=now)
            elif handover.seen_at is None and age > 8:
                see(handover=handover, actor=nurse, now=now)
            elif handover.confirmed_at is None and age > 20:
                confirm(handover=handover, actor=nurse, now=now)
            elif handover.ready_at is None and age > 45:
                bay = f"R{1 + handover.mission_id.int % 6}"
                ready(handover=handover, bay=bay, team="", actor=nurse, now=now)
            elif handover.given_at and handover.received_at is None:
                receive(handover=handover, actor=nurse, now=now)
        except Refused:
            continue  # a person was quicker


def tidy(dispatcher: User, now: datetime) -> None:
    """Close incidents a minute after their last mission has ended."""
    done = Incident.objects.filter(
        Q(missions__ended_at__lte=now - timedelta(minutes=1)), closed_at__isnull=True
    ).exclude(missions__open=True)
    for incident in done.distinct():
        close_incident(incident=incident, actor=dispatcher, now=now)
