"""When a crew presses which button. A simulated crew presses by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from ambulance_agent.protocol import Fact, MissionState, Status


@dataclass(frozen=True, slots=True)
class Step:
    """From `after` it takes low..high seconds to `fact`; arrivals wait for the wheels,
    and leaving the scene for a destination.
    """

    after: MissionState
    fact: Fact
    low_s: float
    high_s: float


# Usual times of an urban service; scene time is within the 10 to 20 minutes of most systems.
STEPS = (
    Step(MissionState.ASSIGNED, Fact.ACKNOWLEDGED, 4, 15),
    Step(MissionState.ACKNOWLEDGED, Fact.EN_ROUTE, 25, 75),
    Step(MissionState.EN_ROUTE, Fact.ON_SCENE, 0, 0),
    Step(MissionState.ON_SCENE, Fact.AT_PATIENT, 45, 120),
    Step(MissionState.AT_PATIENT, Fact.ON_BOARD, 480, 960),
    Step(MissionState.ON_BOARD, Fact.LEFT_SCENE, 30, 90),
    Step(MissionState.LEFT_SCENE, Fact.AT_DESTINATION, 0, 0),
    Step(MissionState.AT_DESTINATION, Fact.HANDED_OVER, 300, 720),
    Step(MissionState.HANDED_OVER, Fact.AVAILABLE, 120, 360),
)
NEXT = {step.after: step for step in STEPS}
ORDER = (MissionState.ASSIGNED, *(MissionState(step.fact) for step in STEPS))
PROGRESS = {state: index for index, state in enumerate(ORDER)}
# A posting stands in the order where a complaint would: the crew drives there and waits.
POSTINGS = frozenset({"standby", "relocation"})
DRIVES = frozenset({Fact.ON_SCENE, Fact.AT_DESTINATION})


class Crew:
    """One crew on one mission. Its own word counts before the centre has heard it."""

    def __init__(self, mission_id: UUID, state: MissionState, now: datetime, seed: int) -> None:
        self._mission_id = mission_id
        self._seed = seed
        self.state = state
        self.since = now

    def follow(self, state: MissionState, now: datetime) -> None:
        """A person presses, and may undo: the centre's state is the state."""
        if state is not self.state:
            self.state, self.since = state, now

    def hear(self, state: MissionState, now: datetime) -> None:
        """The centre's state, when it is ahead of our own or off the usual path."""
        if state not in PROGRESS or PROGRESS[state] > PROGRESS.get(self.state, 99):
            self.follow(state, now)

    def press(
        self,
        now: datetime,
        *,
        speed_factor: float,
        standing: bool,
        destination_known: bool,
        hands_over: bool,
        complaint: str = "",
    ) -> Status | None:
        """The next fact when its time has come."""
        if self.state is MissionState.ON_SCENE and complaint in POSTINGS:
            return None
        step = NEXT.get(self.state)
        if step is None or (step.fact is Fact.HANDED_OVER and not hands_over):
            return None
        if step.fact in DRIVES and not standing:
            return None
        if step.fact is Fact.LEFT_SCENE and not destination_known:
            return None
        choice = Random(f"{self._seed}/{self._mission_id}/{step.fact}")
        wait_s = choice.uniform(step.low_s, step.high_s) / speed_factor
        if (now - self.since).total_seconds() < wait_s:
            return None
        self.state, self.since = MissionState(step.fact), now
        return Status(
            # From the mission, so that a restarted agent repeats itself instead of lying.
            fact_id=UUID(int=choice.getrandbits(128), version=4),
            mission_id=self._mission_id,
            fact=step.fact,
            occurred_at=now,
        )
