"""What makes leads a 12-lead ECG, which can be derived, and when amplitudes are in doubt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
BY_FOLDED_NAME = {lead.upper(): lead for lead in LEADS}
MEASURED = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")  # the others follow from these

SHORTEST_S = 1.0
LONGEST_S = 120.0
RATES_HZ = (50.0, 4000.0)
MOST_SAMPLES = 120_000  # a lead
MISSING = -32768  # in the packed samples
LARGEST_UV = 32_000

Microvolts = NDArray[np.float64]


class UnreadableEcg(ValueError):
    """The file is no 12-lead ECG that can be shown; `code` says why, without any value."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader took out of a file. NaN where a sample is missing.

    `told_at` is the device's own time, aware or not, None when it says none. `raw_steps`
    holds the unscaled integers where the format has one gain a lead.
    """

    leads: Mapping[str, Microvolts]
    rate_hz: float
    told_at: datetime | None = None
    raw_steps: Mapping[str, Microvolts] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ecg12:
    """Twelve leads of one length in the order of LEADS, little-endian int16 microvolts."""

    rate_hz: float
    samples: bytes
    count: int  # of each lead
    told_at: datetime | None
    notes: tuple[str, ...]


def lead_named(text: str) -> str | None:
    """The lead that a file's words mean: "MDC_ECG_LEAD_AVR", "Lead aVR", "avr"."""
    word = text.strip().upper().removeprefix("MDC_ECG_LEAD_").removeprefix("LEAD").strip(" _-")
    return BY_FOLDED_NAME.get(word.split(" ", maxsplit=1)[0])


def twelve(found: Found) -> Ecg12:
    """Judge and complete what was read. Raises UnreadableEcg."""
    if not RATES_HZ[0] <= found.rate_hz <= RATES_HZ[1]:
        raise UnreadableEcg("rate_out_of_bounds")
    leads, notes = dict(found.leads), list(found.notes)
    count = min((len(samples) for samples in leads.values()), default=0)
    if count < SHORTEST_S * found.rate_hz:
        raise UnreadableEcg("too_short")
    if count > min(LONGEST_S * found.rate_hz, MOST_SAMPLES):
        raise UnreadableEcg("too_long")
    leads = {lead: samples[:count] for lead, samples in leads.items()}
    if found.raw_steps is not None and _gains_contradict(leads, found.raw_steps, count):
        leads = {lead: samples[:count].copy() for lead, samples in found.raw_steps.items()}
        notes.append("gains_contradict")
    if not set(MEASURED) <= leads.keys():
        raise UnreadableEcg("too_few_leads")
    if derived := _derived(leads):
        leads |= derived
        notes.append("leads_derived")
    if any(np.isnan(samples).any() for samples in leads.values()):
        notes.append("samples_missing")
    if _implausible(leads):
        notes.append("amplitude_doubtful")
    packed = b"".join(_packed(leads[lead]) for lead in LEADS)
    return Ecg12(found.rate_hz, packed, count, found.told_at, tuple(dict.fromkeys(notes)))


def _gains_contradict(
    scaled: Mapping[str, Microvolts], raw: Mapping[str, Microvolts], count: int
) -> bool:
    """Does I + III = II hold for the integers and not for the values by the header's gains?

    So it is with files whose header was written lead by lead to fill a range (LUDB does):
    each lead then has a gain of its own, and every height is wrong. The integers of one
    converter share one step; that it is 1 µV is LUDB's, and the note says so.
    """
    wrong, right = _einthoven(scaled, count), _einthoven(raw, count)
    return wrong is not None and right is not None and wrong > 0.1 and right < 0.02


def _einthoven(leads: Mapping[str, Microvolts], count: int) -> float | None:
    """How far I + III is from II, as a part of II's own height."""
    if not {"I", "II", "III"} <= leads.keys():
        return None
    one, two, three = (
        leads[name][:count] - np.nanmedian(leads[name][:count]) for name in ("I", "II", "III")
    )
    height = float(np.nanstd(two))
    return float(np.nanstd(one + three - two)) / height if height > 0 else None


def _derived(leads: Mapping[str, Microvolts]) -> dict[str, Microvolts]:
    """The limb leads that are missing, by Einthoven and Goldberger."""
    one, two = leads["I"], leads["II"]
    whole = {
        "III": two - one,
        "aVR": -(one + two) / 2,
        "aVL": one - two / 2,
        "aVF": two - one / 2,
    }
    return {lead: samples for lead, samples in whole.items() if lead not in leads}


def _implausible(leads: Mapping[str, Microvolts]) -> bool:
    """No lead above 50 µV, or one whose middle 99 % spans more than 20 mV: no heart does that."""
    heights = [
        float(np.nanpercentile(samples, 99.5) - np.nanpercentile(samples, 0.5))
        for samples in leads.values()
        if not np.isnan(samples).all()
    ]
    return not heights or max(heights) < 50 or max(heights) > 20_000


def _packed(samples: Microvolts) -> bytes:
    """Microvolts as int16. An electrode's own voltage beyond that range is taken off."""
    if np.nanmax(np.abs(samples), initial=0.0) > LARGEST_UV:
        samples = samples - np.nanmedian(samples)
    steps = np.clip(np.rint(np.nan_to_num(samples)), -LARGEST_UV, LARGEST_UV)
    steps[np.isnan(samples)] = MISSING
    return steps.astype("<i2").tobytes()
