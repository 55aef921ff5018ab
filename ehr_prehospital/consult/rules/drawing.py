"""Drawing on a picture: which messages there are, and what is wrong with one. Version 1.

Coordinates are 0…1 of the coded picture, widths in picture heights; `stream` and `seq` name the
very picture that is meant, so that a mark never lands on another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import UUID

VERSION = 1
TOOLS = ("pen", "arrow", "ellipse", "text", "point")
PHASES = ("begin", "move", "end")
COLOURS = ("red", "yellow", "green", "cyan", "white")
KINDS = ("freeze", "unfreeze", "stroke", "undo", "clear", "seen")
# Only the crew's screen says that it showed a picture; only others draw.
OF_CREW = frozenset({"seen"})
MOST_POINTS = 200
LONGEST_TEXT = 80
THICKEST = 0.1
# On a moving picture a mark goes by itself; on a frozen one it stays until it is taken away.
FADES_AFTER_S = 5.0
LONGEST_TTL_S = 60.0
LARGEST_SEQ = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message as it is passed on and kept: nothing in it is the sender's that was not checked."""

    t: str
    stream: UUID | None = None
    seq: int | None = None
    stroke: UUID | None = None
    body: Mapping[str, Any] | None = None  # Any: checked JSON, as it goes out again


class Wrong(ValueError):
    """What is wrong with a message, for the log of whoever wrote the client."""


# Any: what a client sends may be any JSON.
def read(message: Any, *, crew: bool) -> Drawn:
    """The message, checked. Raises Wrong; a side may only say what is its to say."""
    if not isinstance(message, dict) or message.get("v") != VERSION:
        raise Wrong("version")
    t = message.get("t")
    if t not in KINDS:
        raise Wrong("t")
    if crew is not (t in OF_CREW):
        raise Wrong("side")
    if t == "clear":
        return Drawn(t)
    if t == "undo":
        return Drawn(t, stroke=identifier(message.get("id")))
    if t == "unfreeze":
        return Drawn(t, stream=identifier(message.get("stream")))
    stream, seq = identifier(message.get("stream")), number(message.get("seq"))
    if t in ("freeze", "seen"):
        return Drawn(t, stream=stream, seq=seq)
    return Drawn(t, stream, seq, identifier(message.get("id")), stroke(message))


# Any: as above.
def stroke(message: Mapping[str, Any]) -> Mapping[str, Any]:
    tool, phase, colour = message.get("tool"), message.get("phase"), message.get("color")
    if tool not in TOOLS or phase not in PHASES or colour not in COLOURS:
        raise Wrong("stroke")
    text = message.get("text", "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or (tool == "text") is not bool(text):
        raise Wrong("text")
    ttl = message.get("ttl")
    return {
        "tool": tool,
        "phase": phase,
        "color": colour,
        "w": between(message.get("w"), 0, THICKEST),
        "pts": points(message.get("pts")),
        "ttl": None if ttl is None else between(ttl, 0, LONGEST_TTL_S),
        **({"text": text} if text else {}),
    }


# Any: as above.
def points(said: Any) -> Sequence[tuple[float, float]]:
    if not isinstance(said, list) or not 0 < len(said) <= MOST_POINTS:
        raise Wrong("pts")
    found = []
    for one in said:
        if not isinstance(one, list) or len(one) != 2:
            raise Wrong("pts")
        found.append((between(one[0], 0, 1), between(one[1], 0, 1)))
    return found


# Any: as above.
def between(value: Any, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Wrong("number")
    if not least <= value <= most:
        raise Wrong("number")
    return round(float(value), 5)


# Any: as above.
def number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_SEQ:
        raise Wrong("seq")
    return value


# Any: as above.
def identifier(value: Any) -> UUID:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        raise Wrong("id") from None
