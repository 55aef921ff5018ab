"""What a file is, by its first bytes: a name or a browser's word is not believed."""

MOST_BYTES = 8 * 1024**2
UNKNOWN = "application/octet-stream"
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


def media_type(raw: bytes) -> str:
    if raw.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image/webp"
    return "application/pdf" if raw.startswith(b"%PDF-") else UNKNOWN
