"""Which files of a folder make one ECG, and its pieces for the wire.

What an ECG says is the centre's to judge: here nothing is opened but a WFDB header, to know
which files belong to it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from ambulance_agent.formats.wfdb import read_header
from ambulance_agent.protocol import MAX_FILE_BYTES, FileKind, FilePiece

ALONE = {".dcm", ".dicom", ".xml", ".zip"}
HEADER = ".hea"
BESIDE = {".dat", ".mat", ".xyz", ".atr"}  # may come before the header that names them
PIECE_BYTES = 32 * 1024


def files_of(header: Path) -> list[Path]:
    """The header first, then its signal files. Raises DamagedRecord, OSError."""
    said = read_header(header.read_text(encoding="utf-8", errors="replace"))
    names = dict.fromkeys(signal.file for signal in said.signals)
    return [header, *(header.parent / Path(name).name for name in names)]


def bundle(files: list[Path]) -> bytes:
    """Several files as one: the same files give the same bytes, wherever and whenever."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes())
    return packed.getvalue()


def pieces_of(raw: bytes, *, name: str, found_at: datetime) -> Iterator[FilePiece]:
    """The file's id comes from its bytes: sent again after a power cut it is the same file."""
    if not 0 < len(raw) <= MAX_FILE_BYTES:
        raise ValueError("a file that the wire does not take")
    digest = sha256(raw).digest()
    parts = -(-len(raw) // PIECE_BYTES)
    for part in range(parts):
        yield FilePiece(
            file_id=UUID(bytes=digest[:16], version=4),
            kind=FileKind.ECG12,
            name=name[-120:],
            found_at=found_at,
            sha256=digest,
            size=len(raw),
            part=part,
            parts=parts,
            content=raw[part * PIECE_BYTES : (part + 1) * PIECE_BYTES],
        )
