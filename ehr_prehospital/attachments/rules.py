"""What a file is, by its first bytes: a name or a browser's word is not believed."""

MOST_BYTES = 8 * 1024**2
UNKNOWN = "application/octet-stream"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
SOUNDS = frozenset({"audio/webm", "audio/ogg", "audio/mp4"})
# What a browser may show or play; the rest is for saving.
SHOWN = PICTURES | SOUNDS


def media_type(raw: bytes) -> str:
    if raw.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image/webp"
    # A recorder's sound; a file that has pictures, too, is played as sound only.
    if raw.startswith(b"\x1aE\xdf\xa3"):
        return "audio/webm"
    if raw.startswith(b"OggS"):
        return "audio/ogg"
    if raw[4:8] == b"ftyp":
        return "audio/mp4"
    return "application/pdf" if raw.startswith(b"%PDF-") else UNKNOWN
