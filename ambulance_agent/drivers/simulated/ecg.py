"""Lead II at 250 Hz as a sum of Gaussians per beat (after McSharry and others, 2003).

Beats are computed once per rhythm and length and shared by all vehicles of a process.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from math import exp, pi, sin
from random import Random
from sys import byteorder

from ambulance_agent.drivers.simulated.cases import Rhythm

RATE_HZ = 250
SCALE_UV = 2.5

# Centre and width in seconds from the R peak, height in microvolts.
Bump = tuple[float, float, float]
P: Bump = (-0.160, 0.024, 130)
QRS: tuple[Bump, ...] = ((-0.026, 0.009, -90), (0.0, 0.011, 1050), (0.027, 0.010, -210))
QRS_END_S = 0.05
T: Bump = (0.285, 0.045, 290)  # moves with the square root of the beat's length

SHAPES: dict[Rhythm, tuple[Bump, ...]] = {
    Rhythm.SINUS: (P, *QRS, T),
    # Inferior infarction: the segment leaves the S wave high and runs into the T wave.
    Rhythm.ST_ELEVATION: (
        P, QRS[0], QRS[1], (0.060, 0.028, 180), (0.115, 0.042, 330), (0.180, 0.050, 330),
        (0.265, 0.055, 430),
    ),
    Rhythm.ST_DEPRESSION: (P, *QRS, (0.100, 0.040, -150), (0.170, 0.040, -120), T),
    Rhythm.ATRIAL_FIBRILLATION: (*QRS, T),
}  # fmt: skip
SCATTER = {Rhythm.ATRIAL_FIBRILLATION: 0.16}  # of the beat's length; others below
USUAL_SCATTER = 0.015


@lru_cache(maxsize=2000)
def beat(rhythm: Rhythm, length: int) -> tuple[float, ...]:
    """Microvolts of one beat; periodic, so that beats of like length join smoothly."""
    duration = length / RATE_HZ
    stretch = min(duration, 1.2) ** 0.5
    shortened = min(1.0, duration / 0.5)  # fast hearts shorten the PR interval as well
    peak = 0.36 * duration
    bumps = [
        # What comes after the S wave stretches with the beat, what is before it shortens.
        (centre * factor, width * factor, height)
        for centre, width, height in SHAPES[rhythm]
        for factor in (stretch if centre > QRS_END_S else shortened,)
    ]
    return tuple(
        sum(
            height * exp(-(((index / RATE_HZ - peak - centre + shift) / width) ** 2) / 2)
            for centre, width, height in bumps
            for shift in (-duration, 0.0, duration)
        )
        for index in range(length)
    )


@lru_cache(maxsize=1)
def _tremor() -> tuple[float, ...]:
    """Muscle and mains noise, the same for everybody, read from changing places."""
    random = Random("tremor")
    return tuple(random.gauss(0, 9) for _ in range(8192))


class EcgStream:
    """An endless lead II. Ask for as many samples as time has passed."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._waiting: list[float] = []
        self._count = 0
        self._vf = [(random.uniform(3.6, 6.8), random.uniform(0, 2 * pi)) for _ in range(6)]

    def take(self, count: int, rhythm: Rhythm, heart_rate: float, breath_rate: float) -> bytes:
        while len(self._waiting) < count:
            if rhythm is Rhythm.VENTRICULAR_FIBRILLATION:
                self._waiting += self._fibrillation(RATE_HZ // 5)
            else:
                self._waiting += beat(rhythm, self._beat_length(rhythm, heart_rate, breath_rate))
        clean, self._waiting = self._waiting[:count], self._waiting[count:]
        noise = _tremor()
        start = self._random.randrange(len(noise) - count)
        turn = 2 * pi * (breath_rate / 60) / RATE_HZ
        first = self._count
        self._count += count
        counts = array(
            "h",
            [
                int((uv + hum + 35 * sin(turn * index)) / SCALE_UV)
                for index, (uv, hum) in enumerate(
                    zip(clean, noise[start : start + count], strict=True), first
                )
            ],
        )
        if byteorder == "big":
            counts.byteswap()
        return counts.tobytes()

    def _beat_length(self, rhythm: Rhythm, heart_rate: float, breath_rate: float) -> int:
        """Samples to the next beat, with the sway of breathing and the heart's own scatter."""
        seconds = self._count / RATE_HZ
        sway = 0.025 * sin(2 * pi * seconds * breath_rate / 60)
        scatter = self._random.gauss(0, SCATTER.get(rhythm, USUAL_SCATTER))
        length = RATE_HZ * 60 / heart_rate * max(0.6, 1 + sway + scatter)
        return round(min(max(length, RATE_HZ * 0.24), RATE_HZ * 3))

    def _fibrillation(self, count: int) -> list[float]:
        """Coarse ventricular fibrillation: drifting waves of 4 to 7 Hz that swell and fade."""
        samples = []
        start = (self._count + len(self._waiting)) / RATE_HZ
        for index in range(count):
            at = start + index / RATE_HZ
            swell = 0.65 + 0.35 * sin(2 * pi * 0.31 * at + self._vf[0][1])
            wave = sum(sin(2 * pi * hertz * at + phase + sin(at)) for hertz, phase in self._vf)
            samples.append(185 * swell * wave)
        return samples
