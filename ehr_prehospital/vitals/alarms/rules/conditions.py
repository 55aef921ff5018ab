"""What is wrong now: with the patient, or with the signal. No clock, no database.

Times are seconds by the vehicle's clock, because delays run on what was measured; only
silence is judged by ours. A value that cannot be believed is never replaced by the last one
that could: it becomes a message of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from ehr_prehospital.vitals.alarms.rules.settings import Group, Limit, Priority, Settings
from ehr_prehospital.vitals.scores.inputs import NOTHING_FOUND, Findings

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
FRESH_S = 10.0
JOINED_S = 6.0  # further apart, two values do not tell of the time between them
CUFF_FRESH_S = 600.0
INTERMITTENT = frozenset({"nibp_systolic", "nibp_diastolic", "nibp_mean", "glucose"})
# PhysioNet/CinC Challenge 2015: below the limit over 5 beats, above it over 17.
SLOW_BEATS, FAST_BEATS = 5, 17
PULSES = (20.0, 220.0)
BEFORE_S = 60.0
NO_DATA = "no_data"
OFF = frozenset({"off", "leads_off", "probe_off"})
OFF_CODES = {
    "ecg": "ecg_leads_off",
    "spo2": "spo2_probe_off",
    "temperature": "temperature_probe_off",
}


class Sample(NamedTuple):
    """One number: when by the vehicle's clock, what, and whether its device believes it."""

    at_s: float
    value: float
    good: bool


Series = Mapping[str, Sequence[Sample]]


@dataclass(frozen=True, slots=True)
class Ecg:
    """What the windows of the ECG came to. `silent_s` is None without a whole window."""

    fibrillates: bool = False
    crosses: bool = False
    noisy: bool = False
    silent_s: float | None = None
    until_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Bedside:
    """All that is known of one patient's signals. `devices` maps a sensor to its state."""

    series: Series = field(default_factory=dict)
    ecg: Ecg | None = None
    devices: Mapping[str, str] = field(default_factory=dict)
    # Sensors that have given something on this mission: before that, nothing is missing.
    was_on: frozenset[str] = frozenset()
    silent_for_s: float = 0.0
    findings: Findings = NOTHING_FOUND
    # Judged once a look: five rules ask for the same series.
    judged: dict[str, list[Sample]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def now_s(self) -> float:
        newest = [rows[-1].at_s for rows in self.series.values() if rows]
        return max([*newest, self.ecg.until_s if self.ecg else 0.0])


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that an alarm tells of, and since when by the vehicle's clock."""

    code: str
    priority: Priority
    since_s: float
    vital: str = ""
    value: float | None = None
    limit: float | None = None


def conditions(bedside: Bedside, settings: Settings) -> list[Condition]:
    """Everything that holds now and has held long enough."""
    group = settings.group_of(bedside.findings.age)
    found = [*_technical(bedside, settings)]
    if bedside.silent_for_s >= settings.signal.silent_after_s:
        return found  # what was last known is not what is
    found += _rhythm(bedside, settings)
    named = {one.code for one in found}
    if not named & {"asystole", "vf", "check_leads"}:
        found += _rates(bedside, group, settings)
    found += [*_limits(bedside, group, settings, skip={one.vital for one in found})]
    found += [*_tube(bedside, settings)]
    found += [*_trends(bedside, settings)]
    return found


# --- what can be believed ----------------------------------------------------------


def believed(bedside: Bedside, code: str, settings: Settings) -> list[Sample]:
    """The samples of a code that no artefact rule rejects, oldest first."""
    if code not in bedside.judged:
        bedside.judged[code] = _believed(bedside, code, settings)
    return bedside.judged[code]


def _believed(bedside: Bedside, code: str, settings: Settings) -> list[Sample]:
    rows = bedside.series.get(code, ())
    if code in ("spo2", "pulse_rate") and bedside.devices.get("spo2", "on") != "on":
        return []
    good = [row for row in rows if row.good]
    return [*_spo2(bedside, good, settings)] if code == "spo2" else good


def _spo2(bedside: Bedside, rows: Sequence[Sample], settings: Settings) -> Iterator[Sample]:
    rule = settings.artefact
    weak = {
        round(row.at_s)
        for row in bedside.series.get("perfusion_index", ())
        if row.value < rule.perfusion_index_below
    }
    differs = _differing(bedside, rule.pulse_differs_by, rule.pulse_differs_for_s)
    before: Sample | None = None
    for row in rows:
        jumped = (
            before is not None
            and row.at_s - before.at_s <= 1.5
            and abs(row.value - before.value) > rule.spo2_jump
        )
        before = row
        if not jumped and round(row.at_s) not in weak and not _inside(row.at_s, differs):
            yield row


def _differing(bedside: Bedside, by: float, for_s: float) -> list[tuple[float, float]]:
    """The stretches in which finger and ECG count differently for too long to be chance."""
    heart = {round(row.at_s): row.value for row in bedside.series.get("heart_rate", ()) if row.good}
    found: list[tuple[float, float]] = []
    began: float | None = None
    for row in bedside.series.get("pulse_rate", ()):
        other = heart.get(round(row.at_s))
        if row.good and other is not None and abs(row.value - other) > by:
            began = row.at_s if began is None else began
            if row.at_s - began >= for_s:
                found = [one for one in found if one[0] != began] + [(began + for_s, row.at_s)]
        else:
            began = None
    return found


def _inside(at_s: float, stretches: Sequence[tuple[float, float]]) -> bool:
    return any(first <= at_s <= last + 1 for first, last in stretches)


def fresh(bedside: Bedside, code: str, settings: Settings) -> Sample | None:
    """The newest believed sample, unless it is too old to be the patient's state now."""
    rows = believed(bedside, code, settings)
    oldest = CUFF_FRESH_S if code in INTERMITTENT else FRESH_S
    return rows[-1] if rows and bedside.now_s - rows[-1].at_s <= oldest else None


# --- limits ------------------------------------------------------------------------


def _limits(
    bedside: Bedside, group: Group, settings: Settings, *, skip: set[str]
) -> Iterator[Condition]:
    for code in group.limits:
        if code in skip or fresh(bedside, code, settings) is None:
            continue
        limit = limit_for(code, group, settings, bedside.findings)
        rows = believed(bedside, code, settings)
        side = "low" if limit.low is not None and rows[-1].value < limit.low else "high"
        since = _beyond_since(rows, limit, side)
        if since is None or rows[-1].at_s - since < settings.delay_s.get(code, 0.0):
            continue
        priority = LOW if code == "temperature" else MEDIUM
        yield Condition(
            f"{code}_{side}",
            priority,
            since,
            code,
            rows[-1].value,
            limit.low if side == "low" else limit.high,
        )


def limit_for(code: str, group: Group, settings: Settings, findings: Findings) -> Limit:
    """The limit that holds for this patient; a clinician's choice of scale 2 lowers SpO2's."""
    return settings.spo2_scale_2 if code == "spo2" and findings.scale_2 else group.limits[code]


def _beyond_since(rows: Sequence[Sample], limit: Limit, side: str) -> float | None:
    """Since when the values have been beyond one side of a limit without a break."""
    since: float | None = None
    for row in reversed(rows):
        beyond = (
            limit.low is not None and row.value < limit.low
            if side == "low"
            else limit.high is not None and row.value > limit.high
        )
        if not beyond or (since is not None and since - row.at_s > JOINED_S):
            break
        since = row.at_s
    return since


def _rates(bedside: Bedside, group: Group, settings: Settings) -> Iterator[Condition]:
    """What cannot wait for a delay: extreme rates, no breath, almost no oxygen."""
    heart, limit = believed(bedside, "heart_rate", settings), group.extreme.get("heart_rate")
    if heart and limit and fresh(bedside, "heart_rate", settings):
        newest = heart[-1]
        for side, edge, beats in (("low", limit.low, SLOW_BEATS), ("high", limit.high, FAST_BEATS)):
            since = _beyond_since(heart, limit, side)
            if edge and since is not None and newest.at_s - since >= beats * 60 / edge:
                code = "extreme_bradycardia" if side == "low" else "extreme_tachycardia"
                yield Condition(code, HIGH, since, "heart_rate", newest.value, edge)
    oxygen, lowest = fresh(bedside, "spo2", settings), group.extreme.get("spo2")
    if oxygen and lowest and lowest.low is not None and oxygen.value < lowest.low:
        yield Condition("spo2_very_low", HIGH, oxygen.at_s, "spo2", oxygen.value, lowest.low)
    breath = fresh(bedside, "respiratory_rate", settings)
    if breath and breath.value == 0:
        # A monitor says 0 when it has found no breath for its own 20 s.
        yield Condition("apnoea", HIGH, breath.at_s, "respiratory_rate", 0, 0)


def _tube(bedside: Bedside, settings: Settings) -> Iterator[Condition]:
    rows = believed(bedside, "etco2", settings)
    if not bedside.findings.tube or not rows or fresh(bedside, "etco2", settings) is None:
        return
    since = _beyond_since(rows, Limit(settings.tube_etco2_below, None), "low")
    if since is not None and rows[-1].at_s - since >= settings.tube_for_s:
        yield Condition(
            "tube_or_arrest", HIGH, since, "etco2", rows[-1].value, settings.tube_etco2_below
        )


# --- rhythm ------------------------------------------------------------------------


def _rhythm(bedside: Bedside, settings: Settings) -> list[Condition]:
    """Fibrillation and standstill; a finger that pulses at the heart's rate says "check leads"."""
    ecg = bedside.ecg
    if bedside.devices.get("ecg", "on") != "on":
        return []
    zero = fresh(bedside, "heart_rate", settings)
    still = zero is not None and zero.value == 0
    if ecg is not None and bedside.now_s - ecg.until_s > FRESH_S:
        ecg = None
    silent_s = ecg.silent_s if ecg and ecg.silent_s is not None else 0.0
    found: list[Condition] = []
    if ecg and ecg.fibrillates:
        found = [Condition("vf", HIGH, ecg.until_s, "ecg")]
    elif silent_s >= settings.asystole_s or still:
        found = [Condition("asystole", HIGH, bedside.now_s - silent_s, "ecg")]
    elif ecg and ecg.crosses:
        return [Condition("rhythm_check", MEDIUM, ecg.until_s, "ecg")]
    if found and _pulse_goes_on(bedside, settings):
        return [Condition("check_leads", MEDIUM, found[0].since_s, "ecg")]
    return found


def _pulse_goes_on(bedside: Bedside, settings: Settings) -> bool:
    """Compressions pulse in the finger, too: while they are given the finger proves nothing."""
    if bedside.findings.cpr:
        return False
    pulse, oxygen = fresh(bedside, "pulse_rate", settings), fresh(bedside, "spo2", settings)
    if pulse is None or oxygen is None or not PULSES[0] <= pulse.value <= PULSES[1]:
        return False
    heart = [row.value for row in believed(bedside, "heart_rate", settings) if row.value > 0]
    before = [
        row.value
        for row in believed(bedside, "heart_rate", settings)
        if row.value > 0 and row.at_s >= bedside.now_s - BEFORE_S
    ]
    rates = [*heart[-1:], *([median(before)] if before else [])]
    return any(abs(rate - pulse.value) <= settings.pulse_agrees_within for rate in rates)


# --- the signal itself ---------------------------------------------------------------


def _technical(bedside: Bedside, settings: Settings) -> Iterator[Condition]:
    now_s = bedside.now_s
    if bedside.was_on and bedside.silent_for_s >= settings.signal.silent_after_s:
        yield Condition(NO_DATA, MEDIUM, now_s)
        return
    for sensor, state in bedside.devices.items():
        if state in OFF and sensor in bedside.was_on:
            yield Condition(OFF_CODES.get(sensor, "probe_off"), LOW, now_s, sensor)
        elif state in ("fault", "low_battery"):
            yield Condition(f"device_{state}", LOW, now_s, sensor)
    if "spo2" in bedside.was_on and bedside.devices.get("spo2", "on") == "on":
        rows = believed(bedside, "spo2", settings)
        last = rows[-1].at_s if rows else _first(bedside, "spo2")
        if now_s - last >= settings.signal.poor_after_s:
            yield Condition("spo2_poor_signal", LOW, last, "spo2")
    if "ecg" in bedside.was_on and bedside.devices.get("ecg", "on") == "on" and bedside.ecg:
        stopped = now_s - bedside.ecg.until_s >= settings.signal.poor_after_s
        if bedside.ecg.noisy or stopped:
            yield Condition("ecg_poor_signal", LOW, bedside.ecg.until_s, "ecg")


def _first(bedside: Bedside, code: str) -> float:
    rows = bedside.series.get(code, ())
    return rows[0].at_s if rows else bedside.now_s - 1e6


def poor(bedside: Bedside, settings: Settings) -> dict[str, str]:
    """Vital → why its newest value must not be shown."""
    found: dict[str, str] = {}
    for code in ("spo2", "pulse_rate"):
        rows = bedside.series.get(code, ())
        state = bedside.devices.get("spo2", "on")
        if state != "on":
            found[code] = state
        elif rows and (not (seen := believed(bedside, code, settings)) or seen[-1] != rows[-1]):
            found[code] = "poor_signal"
    if (state := bedside.devices.get("ecg", "on")) != "on":
        found |= {"heart_rate": state, "ecg": state}
    elif bedside.ecg and bedside.ecg.noisy:
        found["ecg"] = "poor_signal"
    if (state := bedside.devices.get("temperature", "on")) != "on":
        found["temperature"] = state
    return found


# --- trends ------------------------------------------------------------------------


def _trends(bedside: Bedside, settings: Settings) -> Iterator[Condition]:
    rule = settings.trend
    for vital, least, code in (
        ("nibp_systolic", -rule.systolic_fall, "systolic_falling"),
        ("heart_rate", rule.heart_rate_rise, "heart_rate_rising"),
        ("spo2", -rule.spo2_fall, "spo2_falling"),
    ):
        rows = believed(bedside, vital, settings)
        change = change_over(rows, rule.over_s, rule.least_values)
        if change is not None and change / least >= 1:
            yield Condition(code, LOW, rows[-1].at_s, "", round(change, 1), least)


MOST_VALUES = 24


def change_over(rows: Sequence[Sample], over_s: float, least_values: int) -> float | None:
    """Theil-Sen slope times the time: robust against single wrong values."""
    recent = [row for row in rows if rows[-1].at_s - row.at_s <= over_s] if rows else []
    if len(recent) > MOST_VALUES:
        recent = recent[:: -(-len(recent) // MOST_VALUES)]
    if len(recent) < least_values or recent[-1].at_s - recent[0].at_s < over_s / 4:
        return None
    slopes = [
        (late.value - early.value) / (late.at_s - early.at_s)
        for place, early in enumerate(recent)
        for late in recent[place + 1 :]
        if late.at_s > early.at_s
    ]
    return median(slopes) * (recent[-1].at_s - recent[0].at_s) if slopes else None
