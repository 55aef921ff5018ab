"""A WFDB record with its signal files in one ZIP, as the vehicle bundles it."""

import zipfile
from io import BytesIO
from pathlib import PurePosixPath

import numpy as np

from ambulance_agent.formats.wfdb import MISSING, Channel, DamagedRecord, Record, read_record
from ehr_prehospital.ecg.rules import Found, Microvolts, UnreadableEcg, lead_named

MOST_FILES = 32
MOST_BYTES = 16 * 1024 * 1024  # unpacked
MICROVOLTS = {"mv": 1000.0, "uv": 1.0, "v": 1e6, "nv": 0.001}


def read_zipped_record(raw: bytes) -> Found:
    """Raises UnreadableEcg."""
    files = unpacked(raw)
    headers = [name for name in files if name.endswith(".hea")]
    # A record of segments has a header of its own, which names the others.
    first = min(headers, key=lambda name: (b"/" not in files[name][:64].split(b" ")[0], name),
                default="")  # fmt: skip
    if not first:
        raise UnreadableEcg("not_an_ecg")

    def opened(name: str) -> bytes:
        if name not in files:
            raise DamagedRecord("a file is not in the bundle")
        return files[name]

    try:
        return _found(read_record(first.removesuffix(".hea"), opened))
    except DamagedRecord as error:
        raise UnreadableEcg("damaged") from error


def unpacked(raw: bytes) -> dict[str, bytes]:
    """Bounded: what a ZIP says of its size is not believed."""
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise UnreadableEcg("too_large")
            for entry in entries:
                with archive.open(entry) as packed:
                    content = packed.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise UnreadableEcg("too_large")
                files[PurePosixPath(entry.filename).name] = content
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, NotImplementedError) as error:
        raise UnreadableEcg("damaged") from error
    except (ValueError, KeyError, zipfile.LargeZipFile) as error:
        if isinstance(error, UnreadableEcg):
            raise
        raise UnreadableEcg("damaged") from error
    return files


def _found(record: Record) -> Found:
    leads: dict[str, Microvolts] = {}
    raw: dict[str, Microvolts] = {}
    notes: list[str] = []
    rate_hz = 0.0
    for channel in record.channels:
        lead = lead_named(channel.name)
        factor = MICROVOLTS.get(channel.unit.lower())
        if lead is None or lead in leads or factor is None:
            continue
        if rate_hz not in (0.0, channel.rate_hz):
            raise UnreadableEcg("damaged")
        rate_hz = channel.rate_hz
        steps = _steps(channel)
        leads[lead] = (steps - channel.baseline) / channel.gain * factor
        raw[lead] = steps
        notes += [] if channel.whole else ["checksum_wrong"]
        notes += [] if channel.calibrated else ["not_calibrated"]
    if not leads:
        raise UnreadableEcg("too_few_leads")
    return Found(leads, rate_hz, None, raw, tuple(notes))


def _steps(channel: Channel) -> Microvolts:
    steps = np.array(channel.samples, dtype=np.float64)
    steps[steps == MISSING] = np.nan
    return steps
