"""Open Location Codes ("plus codes"), by the published specification. Pure.

A full code names an area on the earth: 8FVC9G8F+6W. A short one leaves out what everybody
near a place knows: 9G8F+6W with Zürich. https://github.com/google/open-location-code
"""

import math
import re
import unicodedata
from dataclasses import dataclass

_DIGITS = "23456789CFGHJMPQRVWX"
_BASE = len(_DIGITS)
_SEPARATOR_AT = 8
_PAIRS = 10  # digits that come in pairs: latitude, longitude
_ROWS, _COLUMNS = 5, 4  # of the grid that each further digit refines by
_MOST = 15
_EDGE = r"\s,;、\u3400-\u9fff"  # what may stand beside a code: space, comma, Chinese
_CODE = re.compile(
    rf"(?<![^{_EDGE}])([{_DIGITS}0]{{2,8}}\+[{_DIGITS}]{{0,7}})(?![^{_EDGE}])", re.IGNORECASE
)
_FULL = _SEPARATOR_AT


@dataclass(frozen=True, slots=True)
class PlusCode:
    """As typed: `code` in capitals, `locality` what stood beside it, empty when nothing did."""

    code: str
    locality: str

    @property
    def full(self) -> bool:
        return self.code.index("+") == _FULL


def plus_code(text: str) -> PlusCode | None:
    """The code in the text, None when there is none or it breaks the rules of the codes."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _CODE.search(plain)
    if not match or not _valid(match[1].upper()):
        return None
    locality = f"{plain[: match.start()]} {plain[match.end() :]}".strip(" ,;、")
    return PlusCode(match[1].upper(), locality)


def decode(code: str) -> tuple[float, float]:
    """(lat, lon) of the middle of a full code's area, in degrees."""
    digits = code.replace("+", "").rstrip("0")
    south, west, high, wide = -90.0, -180.0, float(_BASE), float(_BASE)
    size_lat, size_lon = high, wide
    for at in range(0, min(len(digits), _PAIRS), 2):
        size_lat, size_lon = 20.0 / _BASE ** (at // 2), 20.0 / _BASE ** (at // 2)
        south += _DIGITS.index(digits[at]) * size_lat
        west += _DIGITS.index(digits[at + 1]) * size_lon
    for digit in digits[_PAIRS:_MOST]:
        size_lat, size_lon = size_lat / _ROWS, size_lon / _COLUMNS
        row, column = divmod(_DIGITS.index(digit), _COLUMNS)
        south += row * size_lat
        west += column * size_lon
    return min(90.0, south + size_lat / 2), west + size_lon / 2


def encode(lat: float, lon: float) -> str:
    """The full code of ten digits, an area of some 14 metres."""
    north = min(max(lat, -90.0), 90.0 - 1e-9) + 90.0
    east = (lon + 180.0) % 360.0
    # Whole steps of the last pair: sums of fractions would drift across an edge.
    rows, columns = math.floor(north * 8000 + 1e-6), math.floor(east * 8000 + 1e-6)
    digits = ""
    for _pair in range(_PAIRS // 2):
        rows, row = divmod(rows, _BASE)
        columns, column = divmod(columns, _BASE)
        digits = _DIGITS[row] + _DIGITS[column] + digits
    return f"{digits[:_SEPARATOR_AT]}+{digits[_SEPARATOR_AT:]}"


def recover(short: str, *, lat: float, lon: float) -> tuple[float, float]:
    """(lat, lon) of the short code's area that is nearest to the reference point."""
    missing = _SEPARATOR_AT - short.index("+")
    step = 20.0 ** (2 - missing / 2)  # degrees of what was left out
    there_lat, there_lon = decode(encode(lat, lon)[:missing] + short)
    there_lat += _towards(there_lat - lat, step)
    there_lon += _towards(there_lon - lon, step)
    if abs(there_lat) > 90:
        there_lat -= math.copysign(step, there_lat)
    return there_lat, (there_lon + 180.0) % 360.0 - 180.0


def _towards(away: float, step: float) -> float:
    """One step nearer when the neighbouring area is the nearer one."""
    return -math.copysign(step, away) if abs(away) > step / 2 else 0.0


def _valid(code: str) -> bool:
    before, _plus, after = code.partition("+")
    if len(before) % 2 or len(after) == 1:
        return False
    padded = before.rstrip("0")
    if "0" in padded or (padded != before and (after or len(before) != _FULL)):
        return False
    if len(padded) % 2 or not padded:
        return False
    # The first digits must be on the earth: nine rows of latitude, eighteen of longitude.
    full = len(before) == _FULL
    return not full or (_DIGITS.index(code[0]) < 9 and _DIGITS.index(code[1]) < 18)
