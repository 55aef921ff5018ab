"""The minimal lower layer protocol: a block is VT, the message, FS, CR. Pure."""

START, END = b"\x0b", b"\x1c\r"
MOST_BYTES = 1024 * 1024


class NoFrame(ValueError):
    """Bytes that are no block, or a block without an end."""


def framed(message: bytes) -> bytes:
    return START + message + END


class Blocks:
    """Cuts a stream into blocks, however it is torn."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def in_the_middle(self) -> bool:
        """Whether a block has begun and not ended."""
        return bool(self._buffer.strip())

    def feed(self, piece: bytes) -> list[bytes]:
        """The blocks that are whole now. Raises NoFrame for what is none."""
        self._buffer += piece
        found = []
        while (end := self._buffer.find(END)) >= 0:
            block = bytes(self._buffer[:end]).lstrip(b"\r\n")
            del self._buffer[: end + len(END)]
            if not block.startswith(START):
                raise NoFrame("bytes outside a block")
            found.append(block[len(START) :])
        if len(self._buffer) > MOST_BYTES:
            raise NoFrame("a block without an end")
        return found
