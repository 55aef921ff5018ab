"""One small 12-lead ECG of known heights, written in each format that the centre reads."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
RATE_HZ = 500
Leads = dict[str, NDArray[np.int64]]


def heart(seconds: float = 10, *, rate_hz: int = RATE_HZ, bpm: int = 75) -> Leads:
    """Microvolts of twelve leads that obey Einthoven; R of II is 1000 µV high."""
    at = np.arange(int(seconds * rate_hz)) / rate_hz
    phase = (at * bpm / 60) % 1.0

    def bump(centre: float, width: float, height: float) -> NDArray[np.float64]:
        return height * np.exp(-(((phase - centre) / width) ** 2))

    beat = bump(0.20, 0.03, 0.12) + bump(0.40, 0.012, 1.0) - bump(0.43, 0.012, 0.2)
    beat = beat + bump(0.70, 0.06, 0.28)
    one = np.rint(600 * beat).astype(np.int64)
    two = np.rint(1000 * beat).astype(np.int64)
    chest = {f"V{n}": np.rint((n * 300 - 700) * beat).astype(np.int64) for n in range(1, 7)}
    return {
        "I": one, "II": two, "III": two - one, "aVR": -(one + two) // 2,
        "aVL": one - two // 2, "aVF": two - one // 2, **chest,
    }  # fmt: skip


def as_wfdb(
    leads: Mapping[str, NDArray[np.int64]],
    *,
    gains: Sequence[str] | None = None,
    rate_hz: int = RATE_HZ,
    name: str = "rest",
) -> bytes:
    """A ZIP with header and one signal file of format 16; the integers are the microvolts."""
    table = np.stack(list(leads.values()), axis=1).astype("<i2")
    lines = [f"{name} {len(leads)} {rate_hz} {len(table)}"]
    for number, (lead, samples) in enumerate(leads.items()):
        gain = gains[number] if gains else "1000(0)/mV"
        total = (int(samples.sum()) + 32768) % 65536 - 32768
        lines.append(f"{name}.dat 16 {gain} 16 0 {samples[0]} {total} 0 {lead}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{name}.hea", "\n".join(lines) + "\n")
        archive.writestr(f"{name}.dat", table.tobytes())
    return packed.getvalue()


def as_aecg(leads: Mapping[str, NDArray[np.int64]], *, head: str = "", rate_hz: int = 500) -> bytes:
    sequences = "".join(
        f'<component><sequence><code code="MDC_ECG_LEAD_{lead.upper()}"/>'
        f'<value xsi:type="SLIST_PQ"><origin value="0" unit="uV"/><scale value="2.5" unit="uV"/>'
        f"<digits>{' '.join(map(str, np.rint(samples / 2.5).astype(np.int64)))}</digits></value>"
        "</sequence></component>"
        for lead, samples in leads.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<AnnotatedECG xmlns="urn:hl7-org:v3" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><component><series>'
        '<component><sequenceSet><component><sequence><code code="TIME_ABSOLUTE"/>'
        '<value xsi:type="GLIST_TS"><head value="20261122140140.000"/>'
        f'<increment value="{1 / rate_hz}" unit="s"/></value></sequence></component>'
        f"{sequences}</sequenceSet></component></series></component></AnnotatedECG>"
    ).encode()


def as_dicom(
    leads: Mapping[str, NDArray[np.int64]], *, told_at: datetime | None = None, step_uv: float = 2.5
) -> bytes:
    """12-lead ECG Waveform Storage with one rhythm group."""
    group = Dataset()
    group.WaveformOriginality = "ORIGINAL"
    group.NumberOfWaveformChannels = len(leads)
    group.NumberOfWaveformSamples = len(next(iter(leads.values())))
    group.SamplingFrequency = RATE_HZ
    group.MultiplexGroupLabel = "RHYTHM"
    group.ChannelDefinitionSequence = [_channel(lead, step_uv) for lead in leads]
    group.WaveformBitsAllocated = 16
    group.WaveformSampleInterpretation = "SS"
    table = np.stack([np.rint(s / step_uv) for s in leads.values()], axis=1)
    group.WaveformData = table.astype("<i2").tobytes()
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.9.1.1")
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = (
        meta.MediaStorageSOPClassUID,
        meta.MediaStorageSOPInstanceUID,
    )
    data.Modality = "ECG"
    if told_at:
        data.AcquisitionDateTime = told_at.strftime("%Y%m%d%H%M%S")
    data.WaveformSequence = [group]
    written = io.BytesIO()
    data.save_as(written, enforce_file_format=True)
    return written.getvalue()


def _channel(lead: str, step_uv: float) -> Dataset:
    source, unit, channel = Dataset(), Dataset(), Dataset()
    number = {"III": 61, "aVR": 62, "aVL": 63, "aVF": 64, "I": 1, "II": 2}
    source.CodeValue = f"2:{number.get(lead) or int(lead[1]) + 2}"
    source.CodingSchemeDesignator = "MDC"
    unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = "uV", "UCUM", "microvolt"
    channel.ChannelSourceSequence = [source]
    channel.ChannelSensitivity = step_uv
    channel.ChannelSensitivityUnitsSequence = [unit]
    channel.ChannelSensitivityCorrectionFactor = 1
    channel.ChannelBaseline = 0
    channel.WaveformBitsStored = 16
    return channel
