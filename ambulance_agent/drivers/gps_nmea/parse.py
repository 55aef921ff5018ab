"""NMEA 0183 sentences and gpsd reports → Position, or a counted reason why not.

A position is only what the receiver measured: no fix, no position, and an
estimated one (dead reckoning) is no fix.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time

import msgspec
import pynmea2  # type: ignore[import-untyped]

from ambulance_agent.protocol import Position

KNOTS_TO_MPS = 1852 / 3600
# Horizontal dilution times the usual error of a single-frequency receiver.
METRES_PER_HDOP = 3.0
ESTIMATED_QUALITIES = {0, 6, 7, 8}  # GGA: none, dead reckoning, manual, simulator
ESTIMATED_MODES = {"E", "M", "N", "S"}  # RMC mode indicator, same meanings


class NmeaReader:
    """Feeds on lines. RMC makes the position; the GGA of the same second adds its quality."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._gga_at: time | None = None
        self._hdop: float | None = None
        self._satellites: int | None = None
        self._gga_estimated = False

    def feed(self, line: str) -> Position | None:
        line = line.strip("\x00 \r\n\t")
        if not line:
            return None
        try:
            sentence = pynmea2.parse(line, check=True)
        except pynmea2.ChecksumError:
            self.counts["checksum"] += 1
            return None
        except (pynmea2.ParseError, ValueError):
            self.counts["garbage"] += 1
            return None
        try:
            match sentence.sentence_type:
                case "GGA":
                    self._take_quality(sentence)
                case "RMC":
                    return self._position(sentence)
        except (ValueError, TypeError, AttributeError):
            # The check sum was right, the content is not: a receiver's fault.
            self.counts["garbage"] += 1
        return None

    def _take_quality(self, gga: pynmea2.GGA) -> None:
        self._gga_at = gga.timestamp
        self._gga_estimated = int(gga.gps_qual or 0) in ESTIMATED_QUALITIES
        self._hdop = float(gga.horizontal_dil) if gga.horizontal_dil else None
        self._satellites = int(gga.num_sats) if gga.num_sats else None

    def _position(self, rmc: pynmea2.RMC) -> Position | None:
        same_second = self._gga_at is not None and self._gga_at == rmc.timestamp
        mode = rmc.mode_indicator if "mode_indicator" in rmc.name_to_idx else ""
        if len(rmc.data) <= rmc.name_to_idx.get("mode_indicator", 99):
            mode = ""
        # A receiver too old to say its mode, and that sends RMC before GGA: its last GGA counts.
        estimated = mode in ESTIMATED_MODES or (self._gga_estimated and (same_second or not mode))
        if rmc.status != "A" or estimated or not rmc.lat or not rmc.lon:
            self.counts["no_fix"] += 1
            return None
        if rmc.datestamp is None or rmc.timestamp is None:
            self.counts["no_time"] += 1
            return None
        fix_at = datetime.combine(rmc.datestamp, rmc.timestamp.replace(tzinfo=UTC))
        hdop = self._hdop if same_second else None
        return checked(
            Position(
                fix_at=fix_at,
                lat=rmc.latitude,
                lon=rmc.longitude,
                heading_deg=_heading(float(rmc.true_course) if rmc.true_course else None),
                speed_mps=(float(rmc.spd_over_grnd) * KNOTS_TO_MPS if rmc.spd_over_grnd else None),
                accuracy_m=hdop * METRES_PER_HDOP if hdop is not None else None,
                satellites=self._satellites if same_second else None,
            )
        )


class _Report(msgspec.Struct, tag_field="class", tag="TPV"):
    """gpsd's time-position-velocity report; metres, metres a second, degrees."""

    mode: int = 0
    status: int = 0
    time: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    speed: float | None = None
    track: float | None = None
    eph: float | None = None


class _Class(msgspec.Struct):
    kind: str = msgspec.field(name="class", default="")
    uSat: int | None = None  # noqa: N815 - gpsd's name


GPSD_ESTIMATED = {5, 7, 8}  # dead reckoning, surveyed-in time only, simulated
GPSD_2D = 2


class GpsdReader:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._satellites: int | None = None

    def feed(self, line: bytes) -> Position | None:
        try:
            head = msgspec.json.decode(line, type=_Class)
            if head.kind == "SKY":
                self._satellites = head.uSat
            if head.kind != "TPV":
                return None
            report = msgspec.json.decode(line, type=_Report)
            return self._position(report)
        except (msgspec.DecodeError, ValueError):
            self.counts["garbage"] += 1
            return None

    def _position(self, report: _Report) -> Position | None:
        if report.mode < GPSD_2D or report.status in GPSD_ESTIMATED:
            self.counts["no_fix"] += 1
            return None
        if report.lat is None or report.lon is None:
            self.counts["no_fix"] += 1
            return None
        if report.time is None or report.time.tzinfo is None:
            self.counts["no_time"] += 1
            return None
        return checked(
            Position(
                fix_at=report.time,
                lat=report.lat,
                lon=report.lon,
                heading_deg=_heading(report.track),
                speed_mps=report.speed,
                accuracy_m=report.eph,
                satellites=self._satellites,
            )
        )


def checked(position: Position) -> Position:
    """Holds a device to the bounds of the wire; raises ValueError (msgspec.ValidationError)."""
    return msgspec.convert(msgspec.to_builtins(position), Position)


def _heading(degrees: float | None) -> float | None:
    return None if degrees is None else degrees % 360 % 360
