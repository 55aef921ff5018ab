"""[drivers.simulated]: who presses the buttons, which patient, how fast time goes."""

from __future__ import annotations

from dataclasses import dataclass

from ambulance_agent.drivers.simulated.cases import CASES
from ambulance_agent.sections import Section

BY_COMPLAINT = "by_complaint"


@dataclass(frozen=True, slots=True)
class SimulatedSettings:
    seed: int
    home: tuple[float, float]  # lon, lat
    crew: str = "tablet"  # "simulated": the driver presses the buttons itself
    patient: str = BY_COMPLAINT
    speed_factor: float = 1.0
    hands_over: bool = True  # a simulated crew says handed_over by itself

    @classmethod
    def read(cls, section: Section) -> SimulatedSettings:
        return cls(
            seed=section.whole("seed", None, low=0, high=2**53),
            home=section.lon_lat("home"),
            crew=section.choice("crew", ("tablet", "simulated"), "tablet"),
            patient=section.choice("patient", (BY_COMPLAINT, *CASES), BY_COMPLAINT),
            speed_factor=section.number("speed_factor", 1.0, low=0.1, high=1000),
            hands_over=section.flag("hand_over", default=True),
        )
