"""How much picture the link carries: stepped down on purpose, by how late the hub answers. Pure.

The lag is the age of the oldest picture that the hub has not acknowledged, less the quickest
answer seen. A socket's own buffer says nothing: the kernel hides megabytes. The median of ten
looks decides, because single late answers are the nature of a mobile link. The browser's twin is
static/shared/media/rate.js, tested by the same cases (tests/rules/cases/media_rate.json).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

from ambulance_agent.protocol.media import Step

LOOK_MS = 100
LOOKS = 10
LATE_MS, CALM_MS = 60, 25
CUT_EVERY_MS, GROW_EVERY_MS, CALM_FOR_MS = 1000, 500, 1500
STOP_MS, GO_ON_MS = 600, 150
FLOOR_KBPS = 150
SD_BELOW_KBPS, HD_ABOVE_KBPS = 450, 700
# How long it must be bad or good before a step is taken that somebody sees.
BAD_FOR_MS, GOOD_FOR_MS = 4000, 5000
STILL_LATE_MS, VOICE_LATE_MS = 250, 3000


@dataclass(frozen=True, slots=True)
class Rate:
    """`stopped`: no live picture until the next key frame, which `key` asks for once."""

    kbps: float
    most_kbps: float
    step: Step = Step.HD
    stopped: bool = False
    key: bool = False
    looks: tuple[float, ...] = ()
    cut_at: float = -1e9
    grown_at: float = -1e9
    calm_since: float | None = None
    bad_since: float | None = None
    good_since: float | None = None


def begin(most_kbps: float) -> Rate:
    """Carefully: a link that carries more shows it within seconds."""
    return Rate(kbps=min(most_kbps, max(FLOOR_KBPS, 0.6 * most_kbps)), most_kbps=most_kbps)


def reconnected(rate: Rate) -> Rate:
    """A new socket: nothing of the old one's lag counts."""
    return replace(
        rate, looks=(), stopped=False, key=True, calm_since=None, bad_since=None, good_since=None
    )


def adapt(rate: Rate, lag_ms: float, now_ms: float) -> Rate:
    """One look, every 100 ms."""
    looks = (*rate.looks, lag_ms)[-LOOKS:]
    late = median(looks)
    rate = replace(rate, looks=looks, key=False)
    rate = _stop_or_go(rate, lag_ms)
    rate = _bits(rate, late, now_ms)
    return _step(rate, late, now_ms)


def _stop_or_go(rate: Rate, lag_ms: float) -> Rate:
    if not rate.stopped and lag_ms > STOP_MS:
        return replace(rate, stopped=True)
    if rate.stopped and lag_ms < GO_ON_MS:
        return replace(rate, stopped=False, key=True)
    return rate


def _bits(rate: Rate, late: float, now_ms: float) -> Rate:
    if late > LATE_MS and now_ms - rate.cut_at > CUT_EVERY_MS:
        cut = max(FLOOR_KBPS, rate.kbps * 0.7)
        return replace(rate, kbps=cut, cut_at=now_ms, calm_since=None)
    if late >= CALM_MS:
        return replace(rate, calm_since=None)
    since = now_ms if rate.calm_since is None else rate.calm_since
    rate = replace(rate, calm_since=since)
    if now_ms - since >= CALM_FOR_MS and now_ms - rate.grown_at >= GROW_EVERY_MS:
        more = min(rate.most_kbps, rate.kbps * 1.08 + 10)
        return replace(rate, kbps=more, grown_at=now_ms)
    return rate


def _step(rate: Rate, late: float, now_ms: float) -> Rate:
    bad, good = _judged(rate, late)
    bad_since = (now_ms if rate.bad_since is None else rate.bad_since) if bad else None
    good_since = (now_ms if rate.good_since is None else rate.good_since) if good else None
    rate = replace(rate, bad_since=bad_since, good_since=good_since)
    steps = list(Step)
    place = steps.index(rate.step)
    if bad_since is not None and now_ms - bad_since >= BAD_FOR_MS and place < 3:
        return _stepped(rate, steps[place + 1])
    if good_since is not None and now_ms - good_since >= GOOD_FOR_MS and place > 0:
        return _stepped(rate, steps[place - 1])
    return rate


def _judged(rate: Rate, late: float) -> tuple[bool, bool]:
    """Whether the step is too much for the link, and whether the one above would not be."""
    match rate.step:
        case Step.HD:
            return rate.kbps < SD_BELOW_KBPS and late > CALM_MS, False
        case Step.SD:
            at_the_floor = rate.kbps <= FLOOR_KBPS and late > STILL_LATE_MS
            return at_the_floor, rate.kbps >= min(HD_ABOVE_KBPS, rate.most_kbps) and late < CALM_MS
        case Step.STILL:
            return late > VOICE_LATE_MS, late < LATE_MS
        case Step.VOICE:
            return False, late < GO_ON_MS


def _stepped(rate: Rate, step: Step) -> Rate:
    moving_again = step is Step.SD and rate.step is Step.STILL
    return replace(
        rate, step=step, key=True, looks=(), stopped=False, bad_since=None, good_since=None,
        kbps=FLOOR_KBPS if moving_again else rate.kbps,
    )  # fmt: skip


class Unanswered:
    """Which pictures the hub has not acknowledged, and how late that makes us."""

    def __init__(self) -> None:
        self._sent: dict[int, float] = {}
        self._quickest = float("inf")

    def sent(self, seq: int, now_ms: float) -> None:
        self._sent[seq] = now_ms

    def acknowledged(self, seq: int, now_ms: float) -> None:
        """An acknowledgement covers all before it."""
        at = self._sent.get(seq)
        if at is not None:
            self._quickest = min(self._quickest, now_ms - at)
        self._sent = {other: since for other, since in self._sent.items() if other > seq}

    def clear(self) -> None:
        self._sent = {}
        self._quickest = float("inf")

    def lag_ms(self, now_ms: float) -> float:
        if not self._sent:
            return 0.0
        usual = 0.0 if self._quickest == float("inf") else self._quickest
        return max(0.0, now_ms - min(self._sent.values()) - usual)
