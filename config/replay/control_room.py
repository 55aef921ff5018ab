"""The simulated control room: it answers, opens incidents and sends the first unit ranked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from config.replay.cases import Case
from config.replay.crew import Crew, World
from config.replay.fleet import Unit
from dispatch.calls.actions import PatientHint, Place, answer_call, open_incident
from dispatch.calls.models import Call, Incident
from dispatch.calls.rules.triage import GivenPriority
from dispatch.decision.actions.units import choose_unit, recommend_units
from dispatch.decision.rules.units import Duty, UnitRanking
from dispatch.fleet.actions import close_incident
from dispatch.fleet.models import Mission
from dispatch.journal.refusals import Refused
from dispatch.people.models import User

# Marks what a replay made: stored as the protocol of its incidents and the number of its calls.
REPLAY = "replay"
VERSION = "1"
# What the log's own complaints would be is not known here.
COMPLAINT = "other"
CLOSES_AFTER_S = 60.0
ASKS_AGAIN_AFTER_S = 30.0


@dataclass(frozen=True, slots=True)
class Job:
    """An incident that the control room has opened."""

    case: Case
    incident: Incident


class ControlRoom:
    """As many dispatchers as there are calls: the only queue is the one for a unit."""

    def __init__(self, world: World, dispatcher: User, *, log_name: str) -> None:
        self._world = world
        self._dispatcher = dispatcher
        self._log_name = log_name
        self._waiting: list[Job] = []
        self.closed = 0

    def ring(self, case: Case) -> None:
        rang_at = self._world.now()
        self._world.clock.after(case.course.answer_s, lambda: self._answer(case, rang_at))

    def _answer(self, case: Case, rang_at: datetime) -> None:
        call = answer_call(
            call_id=uuid4(),
            number_from=REPLAY,
            ring_at=rang_at,
            actor=self._dispatcher,
            now=self._world.now(),
        )
        self._world.clock.after(case.course.interview_s, lambda: self._open(case, call))

    def _open(self, case: Case, call: Call) -> None:
        scene = case.scene
        incident = open_incident(
            incident_id=uuid4(),
            call=call,
            place=Place(
                scene.label, scene.lat, scene.lon, "replay_drawn" if scene.drawn else REPLAY
            ),
            complaint=COMPLAINT,
            answers={},
            patient=PatientHint(),
            caller_note=f"{self._log_name}:{case.row.line}",
            actor=self._dispatcher,
            now=self._world.now(),
            given=GivenPriority(case.row.priority, REPLAY, VERSION),
        )
        case.timeline.opened_s = self._world.clock.now_s
        job = Job(case, incident)
        self._world.clock.after(case.course.decide_s, lambda: self._first_try(job))

    def _first_try(self, job: Job) -> None:
        if not self._send(job):
            job.case.timeline.waited = True
            self._waiting.append(job)
            self._waiting.sort(key=lambda one: (one.case.row.priority, one.case.rings_s))

    def _serve_waiting(self) -> None:
        """A unit is free: the most urgent incident takes it, then the next, while units last."""
        while self._waiting and self._send(self._waiting[0]):
            self._waiting.pop(0)

    def _send(self, job: Job) -> bool:
        """Ask, and send the first unit of ours; False when there is none."""
        now = self._world.now()
        self._world.fleet.report(now=now)
        stored, ranking = recommend_units(incident=job.incident, actor=self._dispatcher, now=now)
        unit = self._first_of_ours(ranking)
        if unit is None:
            return False
        picked = unit.ambulance.pk in {one.unit_id for one in ranking.picked}
        try:
            mission = choose_unit(
                incident=job.incident,
                ambulance=unit.ambulance,
                recommendation=stored,
                override_reason="" if picked else "other",
                actor=self._dispatcher,
                now=now,
                mission_id=uuid4(),
            )
        except Refused:
            # A person at a real console took the unit in this moment.
            self._world.clock.after(ASKS_AGAIN_AFTER_S, self._serve_waiting)
            return False
        timeline = job.case.timeline
        timeline.assigned_s, timeline.unit = self._world.clock.now_s, unit.ambulance.call_sign
        Crew(self._world, unit, job.case, mission, self._on_end(job)).begin()
        return True

    def _first_of_ours(self, ranking: UnitRanking) -> Unit | None:
        ours = self._world.fleet.units
        # Taking a unit from another incident would begin that one's case anew: not simulated.
        free = (one for one in ranking.ranked if one.duty is Duty.FREE)
        return next((ours[one.unit_id] for one in free if one.unit_id in ours), None)

    def _on_end(self, job: Job) -> Callable[[], None]:
        def ended() -> None:
            self._world.clock.after(CLOSES_AFTER_S, lambda: self._close(job.incident))
            self._serve_waiting()

        return ended

    def _close(self, incident: Incident) -> None:
        if Mission.objects.filter(incident=incident, open=True).exists():
            return  # a person sent a further unit
        close_incident(incident=incident, actor=self._dispatcher, now=self._world.now())
        self.closed += 1


def strictly_later(now: Callable[[], datetime]) -> Callable[[], datetime]:
    """A clock that never says the same twice: a fix as old as the last one is not believed."""
    last: datetime | None = None

    def tick() -> datetime:
        nonlocal last
        moment = now()
        if last is not None and moment <= last:
            moment = last + timedelta(microseconds=1)
        last = moment
        return moment

    return tick
