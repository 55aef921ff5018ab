"""Puts road, crew and patient together, second by second."""

from __future__ import annotations

import asyncio
from datetime import datetime
from random import Random
from uuid import UUID

from ambulance_agent.drivers.contract import Sample
from ambulance_agent.drivers.simulated.cases import case_for
from ambulance_agent.drivers.simulated.crew import Crew
from ambulance_agent.drivers.simulated.drive import Motion
from ambulance_agent.drivers.simulated.gps import Receiver
from ambulance_agent.drivers.simulated.memory import Memory
from ambulance_agent.drivers.simulated.parse import (
    LonLat,
    leads_to_destination,
    metres_between,
    road_of,
)
from ambulance_agent.drivers.simulated.patient import Monitor
from ambulance_agent.drivers.simulated.settings import BY_COMPLAINT, SimulatedSettings
from ambulance_agent.protocol import (
    DeviceState,
    DeviceStateCode,
    MissionState,
    Order,
    StandDown,
    Status,
)

WITH_PATIENT = frozenset(
    {
        MissionState.AT_PATIENT,
        MissionState.ON_BOARD,
        MissionState.LEFT_SCENE,
        MissionState.AT_DESTINATION,
    }
)
DRIVING = frozenset({MissionState.EN_ROUTE, MissionState.LEFT_SCENE})
MOVED_M = 500.0  # a first order that starts farther away: the agent was started again
KEEP_EVERY_S = 10.0  # and at the end: after a power cut the vehicle jumps by so much at most


class SimulatedDriver:
    def __init__(self, settings: SimulatedSettings, memory: Memory | None = None) -> None:
        self._settings = settings
        self._memory = memory
        random = Random(settings.seed)
        self._motion = Motion(settings.home, settings.speed_factor, random)
        self._receiver = Receiver(random)
        self._heard: list[Order | StandDown] = []
        self._order: Order | None = None
        self._crew: Crew | None = None
        self._monitor: Monitor | None = None
        self._driven: tuple[object, ...] | None = None
        self._started_at: datetime | None = None
        self._placed = False
        self._ended: UUID | None = None
        self._now: datetime | None = None
        if memory and (left_off := memory.recall(settings.home)):
            self._motion.resume(left_off)

    async def run(self) -> None:
        try:
            while True:
                await asyncio.sleep(KEEP_EVERY_S)
                self._keep_place()
        finally:
            self._keep_place()

    def take(self, word: Order | StandDown) -> None:
        """Acted upon at the next second, so that the frames depend on the clock alone."""
        self._heard.append(word)

    def sample(self, now: datetime) -> Sample:
        heard, self._heard = self._heard, []
        if self._started_at is None:
            self._started_at = now
            # Nobody knows of a mission yet: what was interrupted was the way home.
            self._motion.go_home(now)
        self._now = now
        for word in heard:
            self._obey(word, now)
        place = self._motion.at(now)
        facts = self._press(now)
        self._set_off(now)
        self._watch_patient(now)
        return Sample(
            position=self._receiver.fix(place, now),
            numerics=self._monitor.numerics(now) if self._monitor else (),
            waves=self._monitor.waves(now) if self._monitor else (),
            devices=self._devices(now),
            facts=facts,
        )

    def _keep_place(self) -> None:
        if self._memory and self._now:
            self._memory.keep(self._motion.left_off(self._now))

    def _obey(self, word: Order | StandDown, now: datetime) -> None:
        if isinstance(word, StandDown):
            if self._order is not None and self._order.mission_id == word.mission_id:
                self._end_mission(now)
            return
        if word.mission_id == self._ended:
            return  # the centre's echo of a mission that this crew has finished
        if self._order is None or self._order.mission_id != word.mission_id:
            if not self._placed:
                self._find_own_place(word)
            self._crew = Crew(word.mission_id, word.state, now, self._settings.seed)
            self._monitor, self._driven = None, None
        elif self._crew is not None and self._settings.crew == "simulated":
            self._crew.hear(word.state, now)
        elif self._crew is not None:
            self._crew.follow(word.state, now)
        self._order = word

    def _find_own_place(self, order: Order) -> None:
        """The first order after a start may find the vehicle in the middle of its mission."""
        self._placed = True
        place: LonLat | None = order.route[0] if order.route else None
        if order.state in (MissionState.ON_SCENE, MissionState.AT_PATIENT):
            place = (order.scene.lon, order.scene.lat)
        if place and metres_between(place, self._motion.here) > MOVED_M:
            self._motion.place_at(place)

    def _press(self, now: datetime) -> list[Status]:
        if self._crew is None or self._order is None or self._settings.crew != "simulated":
            return []
        fact = self._crew.press(
            now,
            speed_factor=self._settings.speed_factor,
            standing=not self._motion.driving and self._driven is not None,
            destination_known=leads_to_destination(self._order),
            hands_over=self._settings.hands_over,
            complaint=self._order.complaint,
        )
        return [fact] if fact else []

    def _set_off(self, now: datetime) -> None:
        if self._crew is None or self._order is None:
            return
        state, order = self._crew.state, self._order
        if state is MissionState.AVAILABLE:
            self._ended = order.mission_id
            self._end_mission(now)
        elif state in DRIVING:
            to_hospital = state is MissionState.LEFT_SCENE
            if to_hospital and not leads_to_destination(order):
                return
            goal = order.destination if to_hospital else order.scene
            at = goal and (goal.lon, goal.lat)
            # Not the route itself: the centre sends it anew as the vehicle moves.
            drive = (order.mission_id, to_hospital, at, bool(order.route))
            if drive != self._driven:
                self._motion.go(road_of(order, self._motion.here), now)
                self._driven = drive
        elif self._motion.driving:
            # A person pressed "on scene" or "at destination" before the wheels were there.
            self._motion.halt(now)

    def _end_mission(self, now: datetime) -> None:
        self._order = self._crew = self._monitor = self._driven = None
        self._motion.go_home(now)

    def _watch_patient(self, now: datetime) -> None:
        if self._crew is None or self._order is None or self._crew.state not in WITH_PATIENT:
            self._monitor = None
        elif self._monitor is None:
            seed = f"{self._settings.seed}/{self._order.mission_id}"
            case = self._settings.patient
            if case == BY_COMPLAINT:
                case = case_for(self._order.complaint, seed)
            self._monitor = Monitor(case, seed, now, self._settings.speed_factor)

    def _devices(self, now: datetime) -> list[DeviceState]:
        since = self._started_at or now
        gps = DeviceState(device="gps", state=DeviceStateCode.ON, since=since)
        return [gps, *(self._monitor.devices(now) if self._monitor else [])]
