"""A record's signals → the wire's leads and vital signs, as far as they say what they are."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from ambulance_agent.formats.wfdb import MISSING, Channel, DamagedRecord, Record
from ambulance_agent.protocol import Lead, Quality, VitalCode

# What PhysioNet's records call their leads. "V", "MCL1" and "ECG" say too little and need the
# settings' word.
LEADS = {
    "I": Lead.ECG_I, "II": Lead.ECG_II, "III": Lead.ECG_III, "AVR": Lead.ECG_AVR,
    "AVL": Lead.ECG_AVL, "AVF": Lead.ECG_AVF, "V1": Lead.ECG_V1, "V2": Lead.ECG_V2,
    "V3": Lead.ECG_V3, "V4": Lead.ECG_V4, "V5": Lead.ECG_V5, "V6": Lead.ECG_V6,
}  # fmt: skip
NOT_ECG = {"PLETH", "RESP", "ABP", "ART", "CVP", "PAP", "CO2", "ICP", "VX", "VY", "VZ"}
MICROVOLTS = {"mv": 1000.0, "uv": 1.0, "v": 1e6, "nv": 0.001}
NUMBERS = {
    "HR": VitalCode.HEART_RATE,
    "PULSE": VitalCode.PULSE_RATE,
    "RESP": VitalCode.RESPIRATORY_RATE,
    "RESPRATE": VitalCode.RESPIRATORY_RATE,
    "SPO2": VitalCode.SPO2,
    "NBPSYS": VitalCode.NIBP_SYSTOLIC,
    "NBPDIAS": VitalCode.NIBP_DIASTOLIC,
    "NBPMEAN": VitalCode.NIBP_MEAN,
    "NISYSABP": VitalCode.NIBP_SYSTOLIC,
    "NIDIASABP": VitalCode.NIBP_DIASTOLIC,
    "NIMAP": VitalCode.NIBP_MEAN,
    "TEMP": VitalCode.TEMPERATURE,
}
# A record repeats the last reading of the cuff until the next one: only a new one is a reading.
CUFF = {VitalCode.NIBP_SYSTOLIC, VitalCode.NIBP_DIASTOLIC, VitalCode.NIBP_MEAN}


@dataclass(frozen=True, slots=True)
class Led:
    """A lead to play: its samples above the baseline are steps of `scale_uv`."""

    lead: Lead
    rate_hz: float
    scale_uv: float
    baseline: int
    samples: array[int]


@dataclass(frozen=True, slots=True)
class Charted:
    """A number and when it was taken, in seconds from the record's start."""

    at_s: float
    code: VitalCode
    value: float
    quality: Quality


def is_ecg(channel: Channel) -> bool:
    return channel.unit.lower() in MICROVOLTS and channel.name.upper() not in NOT_ECG


def leads_of(record: Record, said: Sequence[Lead | None], most: int) -> list[Led]:
    """By the settings' word, else by the signals' own names. Raises DamagedRecord."""
    signals = [channel for channel in record.channels if is_ecg(channel)]
    if said:
        if len(said) > len(signals):
            raise DamagedRecord(f"{len(said)} leads for {len(signals)} ECG signals")
        pairs = [(lead, c) for lead, c in zip(said, signals, strict=False) if lead]
    else:
        pairs = [(LEADS[c.name.upper()], c) for c in signals if c.name.upper() in LEADS]
        if not pairs:
            names = ", ".join(channel.name or "?" for channel in signals) or "none"
            raise DamagedRecord(f"the signals ({names}) name no lead: say which in `leads`")
    return [_led(lead, channel) for lead, channel in pairs[:most]]


def _led(lead: Lead, channel: Channel) -> Led:
    scale_uv = MICROVOLTS[channel.unit.lower()] / channel.gain
    if not (isfinite(scale_uv) and 0 < scale_uv <= 1000):
        raise DamagedRecord("a gain that no lead has")
    return Led(lead, channel.rate_hz, scale_uv, channel.baseline, channel.samples)


def numbers_of(record: Record) -> list[Charted]:
    """Oldest first. A zero is doubtful: these records write it where nothing was measured."""
    found = [
        charted
        for channel in record.channels
        if (code := NUMBERS.get(channel.name.upper().replace(" ", ""))) is not None
        for charted in _charted(channel, code)
    ]
    return sorted(found, key=lambda charted: charted.at_s)


def _charted(channel: Channel, code: VitalCode) -> Iterator[Charted]:
    last: int | None = None
    for place, sample in enumerate(channel.samples):
        repeated = code in CUFF and sample == last
        last = sample
        if sample == MISSING or repeated:
            continue
        value = (sample - channel.baseline) / channel.gain
        quality = Quality.GOOD if value else Quality.QUESTIONABLE
        yield Charted(place / channel.rate_hz, code, round(value, 2), quality)


def table_of(text: str) -> list[Charted]:
    """Charted values of the Challenge 2012: "Time,Parameter,Value", times as hours:minutes."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "Time,Parameter,Value":
        raise DamagedRecord("no table of Time,Parameter,Value")
    found = []
    for number, line in enumerate(lines[1:], 2):
        try:
            time, parameter, said = line.split(",")
            hours, minutes = time.split(":")
            value, at_s = float(said), int(hours) * 3600.0 + int(minutes) * 60.0
        except ValueError as error:
            raise DamagedRecord(f"line {number} of the table cannot be read") from error
        code = NUMBERS.get(parameter.upper())
        # -1 is this table's word for a value that is not known.
        if code is not None and value >= 0 and isfinite(value):
            found.append(
                Charted(at_s, code, value, Quality.GOOD if value else Quality.QUESTIONABLE)
            )
    return sorted(found, key=lambda charted: charted.at_s)
