"""One simulated crew on one mission: what it taps on its tablet, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from config.replay.cases import Case
from config.replay.clock import Clock
from config.replay.durations import Assumptions
from config.replay.fleet import Fleet, Unit
from config.replay.hospitals import Wards
from dispatch.city.roads.router import LonLat, Profile, Router
from dispatch.fleet.actions import record_fact
from dispatch.fleet.models import Mission, MissionFact
from dispatch.fleet.rules import State
from ehr_prehospital.handover.actions import board, give
from ehr_prehospital.handover.queries import recommended_hospital

# How much of the turn-out passes before the crew has acknowledged.
ACKNOWLEDGED_PART = 0.25


@dataclass(frozen=True, slots=True)
class World:
    """What everybody in a replay shares. `now` is the wall clock, for what is stored."""

    clock: Clock
    now: Callable[[], datetime]
    roads: Router
    fleet: Fleet
    wards: Wards
    assumed: Assumptions


class Crew:
    """Each step asks for the next one. A person who ends the mission ends this, too."""

    def __init__(
        self, world: World, unit: Unit, case: Case, mission: Mission, on_end: Callable[[], None]
    ) -> None:
        self._world = world
        self._unit = unit
        self._case = case
        self._mission = mission
        self._on_end = on_end

    def begin(self) -> None:
        driving = self._unit.moves(self._world.clock.now_s)
        takes = self._case.course
        turn_out_s = takes.turn_out_on_road_s if driving else takes.turn_out_s
        self._after(turn_out_s * ACKNOWLEDGED_PART, lambda: self._say(State.ACKNOWLEDGED))
        self._after(turn_out_s, self._set_out)

    def _set_out(self) -> None:
        self._say(State.EN_ROUTE)
        self._case.timeline.en_route_s = self._world.clock.now_s
        scene = LonLat(self._case.scene.lon, self._case.scene.lat)
        self._drive(scene, self._world.assumed.blue_light_up_to, self._arrive)

    def _arrive(self) -> None:
        self._case.timeline.on_scene_s = self._world.clock.now_s
        self._say(State.ON_SCENE)
        self._after(self._case.course.to_patient_s, self._reach_patient)

    def _reach_patient(self) -> None:
        self._say(State.AT_PATIENT)
        transported = self._case.course.transported
        then = self._board if transported else self._release
        self._after(self._case.course.at_patient_s, then)

    def _release(self) -> None:
        self._say(State.TREATED_AND_RELEASED)
        self._end()

    def _board(self) -> None:
        now = self._world.now()
        self._world.fleet.report(now=now)  # the way to the hospital is measured from here
        mission = self._fresh()
        hospital = recommended_hospital(mission=mission, now=now)
        if hospital is None:
            raise RuntimeError("a replay begins only in a city with hospitals")
        boarded = board(
            mission=mission,
            hospital=hospital,
            fact_id=uuid4(),
            occurred_at=now,
            actor=self._unit.lead,
            source=MissionFact.Source.TABLET,
            now=now,
        )
        if boarded.handover:
            self._world.wards.expect(boarded.handover)
        self._after(self._case.course.to_leave_s, self._leave)

    def _leave(self) -> None:
        self._say(State.LEFT_SCENE)
        bound_for = self._fresh().destination  # a person may have redirected the crew
        if bound_for is None or bound_for.lat is None or bound_for.lon is None:
            raise RuntimeError("a patient on board has a destination")
        target = LonLat(bound_for.lon, bound_for.lat)
        self._drive(target, self._world.assumed.blue_light_to_hospital_up_to, self._hand_over)

    def _hand_over(self) -> None:
        self._say(State.AT_DESTINATION)
        self._after(self._case.course.hand_over_s, self._sign)

    def _sign(self) -> None:
        now = self._world.now()
        handover = give(mission=self._fresh(), actor=self._unit.lead, occurred_at=now, now=now)
        self._world.wards.receive(handover.pk)
        self._after(self._case.course.turn_around_s, self._free)

    def _free(self) -> None:
        self._say(State.AVAILABLE)
        self._end()

    def _end(self) -> None:
        """Free again: back to the station with the traffic, unless the next call comes first."""
        at_s = self._world.clock.now_s
        self._case.timeline.freed_s = at_s
        unit = self._unit
        unit.set_out(unit.home, roads=self._world.roads, profile=Profile.NORMAL, at_s=at_s)
        self._on_end()

    def _drive(self, target: LonLat, blue_up_to: int, arrived: Callable[[], None]) -> None:
        blue = self._case.row.priority <= blue_up_to
        arrives_s = self._unit.set_out(
            target,
            roads=self._world.roads,
            profile=Profile.BLUE_LIGHT if blue else Profile.NORMAL,
            at_s=self._world.clock.now_s,
        )
        self._after(arrives_s - self._world.clock.now_s, arrived)

    def _say(self, fact: State) -> None:
        now = self._world.now()
        record_fact(
            mission=self._mission,
            fact=fact,
            occurred_at=now,
            actor=self._unit.lead,
            source=MissionFact.Source.TABLET,
            now=now,
            fact_id=uuid4(),
        )

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        self._world.clock.after(seconds, lambda: self._unless_ended(act))

    def _unless_ended(self, act: Callable[[], None]) -> None:
        if Mission.objects.filter(pk=self._mission.pk, open=True).exists():
            act()
        elif self._case.timeline.freed_s is None:
            self._end()

    def _fresh(self) -> Mission:
        return Mission.objects.select_related(
            "incident", "ambulance__fix", "ambulance__station", "destination"
        ).get(pk=self._mission.pk)
