"""12-lead and general ECG waveforms of DICOM (PS3.3, A.34.3 and A.34.4)."""

from __future__ import annotations

import logging
import warnings
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from ehr_prehospital.ecg.rules import Found, Microvolts, UnreadableEcg, lead_named

if TYPE_CHECKING:
    from pydicom import Dataset

# Its words about a damaged file may quote the file, and a file names its patient.
logging.getLogger("pydicom").setLevel(logging.CRITICAL)

MICROVOLTS = {"uV": 1.0, "mV": 1000.0, "V": 1e6, "nV": 0.001}
# The last number of the lead's code is the same in MDC (2:1) and SCP-ECG (5.6.3-9-1).
BY_NUMBER = {
    1: "I", 2: "II", 3: "V1", 4: "V2", 5: "V3", 6: "V4", 7: "V5", 8: "V6",
    61: "III", 62: "aVR", 63: "aVL", 64: "aVF",
}  # fmt: skip
MOST_VALUES = 12_000_000


def read_dicom(raw: bytes) -> Found:
    """The rhythm group with the most leads. Raises UnreadableEcg."""
    from pydicom import dcmread  # noqa: PLC0415  (slow to load, and read by few processes)

    try:
        with warnings.catch_warnings(action="ignore"):
            data = dcmread(BytesIO(raw))
            groups = list(data.get("WaveformSequence") or ())
            found = [_group(data, index, group) for index, group in enumerate(groups[:8])]
    except UnreadableEcg:
        raise
    # Damaged bytes make the library raise whatever its depths do, with the bytes in the words:
    # the cause is not carried on, because a log must not hold them.
    except Exception:  # noqa: BLE001
        raise UnreadableEcg("damaged") from None
    if not found:
        raise UnreadableEcg("not_an_ecg")
    return max(found, key=lambda one: (len(one.leads), _seconds(one)))


def _seconds(found: Found) -> float:
    return max((len(samples) for samples in found.leads.values()), default=0) / found.rate_hz


def _group(data: Dataset, index: int, group: Dataset) -> Found:
    count = int(group.NumberOfWaveformSamples) * int(group.NumberOfWaveformChannels)
    rate_hz = float(group.SamplingFrequency)
    if not 0 < count <= MOST_VALUES or rate_hz <= 0:
        raise UnreadableEcg("damaged")
    values = np.asarray(data.waveform_array(index), dtype=np.float64)
    leads: dict[str, Microvolts] = {}
    for channel, column in zip(group.ChannelDefinitionSequence, values.T, strict=True):
        lead = _lead(channel)
        if lead is not None and lead not in leads:
            leads[lead] = column * _unit(channel)
    return Found(leads, rate_hz, _told_at(data))


def _lead(channel: Dataset) -> str | None:
    source = channel.ChannelSourceSequence[0]
    for word in (source.get("CodeMeaning"), channel.get("ChannelLabel")):
        if word and (lead := lead_named(str(word))):
            return lead
    code = str(source.get("CodeValue", "")).replace("5.6.3-9-", "").removeprefix("2:")
    return BY_NUMBER.get(int(code)) if code.isdecimal() else None


def _unit(channel: Dataset) -> float:
    units = channel.get("ChannelSensitivityUnitsSequence")
    if not units:
        return 1.0
    factor = MICROVOLTS.get(str(units[0].CodeValue))
    if factor is None:
        raise UnreadableEcg("unknown_unit")
    return factor


def _told_at(data: Dataset) -> datetime | None:
    from pydicom.valuerep import DT  # noqa: PLC0415

    text = str(data.get("AcquisitionDateTime") or "")
    try:
        return DT(text) if text else None
    except ValueError:
        return None
