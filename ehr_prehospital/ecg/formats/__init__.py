"""One module a file format: bytes in, leads in microvolts out. No database, no clock."""

from ehr_prehospital.ecg.formats.aecg import read_aecg
from ehr_prehospital.ecg.formats.dicom import read_dicom
from ehr_prehospital.ecg.formats.record import read_zipped_record
from ehr_prehospital.ecg.rules import Found, UnreadableEcg

__all__ = ["Found", "format_of", "read_ecg"]

READERS = {"dicom": read_dicom, "aecg": read_aecg, "wfdb": read_zipped_record}


def format_of(raw: bytes) -> str:
    """By the bytes themselves, never by the name; "" when they are none of ours."""
    if raw[128:132] == b"DICM":
        return "dicom"
    if raw[:4] == b"PK\x03\x04":
        return "wfdb"
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "aecg"
    return ""


def read_ecg(raw: bytes) -> Found:
    """Raises UnreadableEcg."""
    reader = READERS.get(format_of(raw))
    if reader is None:
        raise UnreadableEcg("unknown_format")
    return reader(raw)
