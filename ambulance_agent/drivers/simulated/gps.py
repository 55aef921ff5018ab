"""Turns the true place into what a receiver says: metres off, slowly wandering."""

from datetime import datetime
from math import cos, radians
from random import Random

from ambulance_agent.drivers.simulated.drive import Place
from ambulance_agent.drivers.simulated.parse import METRES_PER_DEGREE
from ambulance_agent.protocol import Position

SIGMA_M = 2.5
MEMORY = 0.95  # of the error from one second to the next
STILL_MPS = 0.5  # below, a receiver has no course over ground
MAX_MPS = 149.0  # with time sped up the wheels are faster than the wire allows


class Receiver:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._east = random.gauss(0, SIGMA_M)
        self._north = random.gauss(0, SIGMA_M)

    def fix(self, place: Place, now: datetime) -> Position:
        fresh = SIGMA_M * (1 - MEMORY**2) ** 0.5
        self._east = MEMORY * self._east + self._random.gauss(0, fresh)
        self._north = MEMORY * self._north + self._random.gauss(0, fresh)
        lon, lat = place.lon_lat
        lat_noisy = lat + self._north / METRES_PER_DEGREE
        lon_noisy = lon + self._east / (METRES_PER_DEGREE * cos(radians(lat)))
        speed = abs(place.speed_mps + self._random.gauss(0, 0.15))
        moving = place.heading_deg is not None and place.speed_mps > STILL_MPS
        heading = (place.heading_deg or 0.0) + self._random.gauss(0, 1.5)
        return Position(
            fix_at=now,
            lat=round(lat_noisy, 7),
            lon=round(lon_noisy, 7),
            heading_deg=round(heading, 1) % 360 if moving else None,
            speed_mps=round(min(speed, MAX_MPS), 2),
            accuracy_m=round(self._random.uniform(2.5, 5.0), 1),
            satellites=self._random.randint(9, 14),
        )
