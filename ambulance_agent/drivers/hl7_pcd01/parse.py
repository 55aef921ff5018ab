"""One HL7 v2 message → values, what was set aside, and the answer it deserves.

Bytes in, values out. Nothing that was sent disappears: what is no value of ours is
set aside with its bytes and a reason, for whoever must write the next mapping row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import isfinite

import hl7  # type: ignore[import-untyped]

from ambulance_agent.drivers.hl7_pcd01.tables import Tables
from ambulance_agent.protocol import Quality, VitalCode

# HL7 table 0211 as senders write it → the codec.
ENCODINGS = {
    "ASCII": "ascii",
    "8859/1": "latin-1",
    "UNICODE UTF-8": "utf-8",
    "UNICODE": "utf-8",
    "GB 18030-2000": "gb18030",
    "GB18030": "gb18030",
    "GB2312": "gb18030",
}
VERSIONS = ("2.3", "2.4", "2.5", "2.6", "2.7", "2.8")
# No value: the words and numbers with which monitors say so. None of the numbers is a reading
# of any vital sign.
ABSENT = {"", '""', "NA", "N/A", "NAN", "NULL", "---", "--", "-?-", "-999", "-9999", "-100"}
# OBX-11 (HL7 table 0085): how final a result is. What is missing here says that none exists.
STATUSES = {
    "": Quality.GOOD,
    **dict.fromkeys("FRCUVAB", Quality.GOOD),
    **dict.fromkeys("PS", Quality.QUESTIONABLE),
    **dict.fromkeys("DW", Quality.INVALID),  # to be deleted; wrong
}
# OBX-8, measurement validity (IHE PCD technical framework 2, appendix B.8).
VALIDITIES = {
    "INV": Quality.INVALID,
    "QUES": Quality.QUESTIONABLE,
    "CAL": Quality.QUESTIONABLE,
    "TEST": Quality.INVALID,
    "DEMO": Quality.INVALID,
}
WORST_FIRST = (Quality.INVALID, Quality.QUESTIONABLE, Quality.GOOD)


class Reason(StrEnum):
    UNKNOWN_CODE = "unknown_code"
    UNCONFIRMED_CODE = "unconfirmed_code"
    NO_VITAL = "no_vital"
    NOT_A_NUMBER = "not_a_number"
    OTHER_TYPE = "other_type"
    WRONG_UNIT = "wrong_unit"
    ABSENT = "absent"
    NO_TIME = "no_time"
    WRONG_ENCODING = "wrong_encoding"
    NO_MESSAGE = "no_message"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"


# Kept raw as well as counted; an empty field and a known other matter are only counted.
WORTH_KEEPING = frozenset(Reason) - {Reason.ABSENT, Reason.NO_VITAL}


class Verdict(StrEnum):
    """HL7 table 0008, application acknowledgement."""

    ACCEPT = "AA"
    ERROR = "AE"
    REJECT = "AR"


@dataclass(frozen=True, slots=True)
class Value:
    """`told_at` is the device's own clock; None when it said no time of its own."""

    vital: VitalCode
    value: float
    quality: Quality
    told_at: datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    reason: Reason
    what: str  # code and system, never a value: this is counted and logged
    raw: bytes


@dataclass(slots=True)
class Message:
    verdict: Verdict = Verdict.ACCEPT
    error: str = ""  # HL7 table 0357
    where: str = ""  # ERR-2
    control_id: str = ""
    sender: tuple[str, str] = ("", "")  # MSH-3, MSH-4
    receiver: tuple[str, str] = ("", "")
    version: str = "2.6"
    accept_when: str = ""  # MSH-15
    answer_when: str = ""  # MSH-16
    sent_at: datetime | None = None
    values: list[Value] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)

    def refuse(self, verdict: Verdict, error: str, where: str) -> Message:
        self.verdict, self.error, self.where = verdict, error, where
        return self


def parse(raw: bytes, *, tables: Tables, encoding: str = "utf-8", unconfirmed: bool) -> Message:
    """Understand what can be understood. Raises nothing for whatever bytes."""
    message = Message()
    head = raw.lstrip(b"\r\n \t")
    if not head.startswith(b"MSH") or len(head) < 8:
        message.set_aside.append(SetAside(Reason.NO_MESSAGE, "", raw))
        return message.refuse(Verdict.REJECT, "100", "MSH")
    text = _text(head, encoding, message)
    try:
        parsed = hl7.parse("\r".join(line for line in text.splitlines() if line))
        msh = parsed.segment("MSH")
    except (hl7.HL7Exception, KeyError, IndexError, ValueError):
        message.set_aside.append(SetAside(Reason.NO_MESSAGE, "", raw))
        return message.refuse(Verdict.ERROR, "100", "MSH")
    _read_header(msh, message)
    if _refused(msh, message):
        message.set_aside.append(SetAside(Reason.REFUSED, message.error, raw))
        return message
    reader = _Reader(tables, message, unconfirmed=unconfirmed, encoding=encoding)
    reader.read(parsed)
    if not reader.orders or not reader.observations:
        message.set_aside.append(SetAside(Reason.REFUSED, "100", raw))
        return message.refuse(Verdict.ERROR, "100", "OBX" if reader.orders else "OBR")
    return message


def _text(head: bytes, default: str, message: Message) -> str:
    """By MSH-18 where it names a codec. Wrong letters cost the letters, not the numbers."""
    fields = head.split(b"\r", 1)[0].split(head[3:4])
    named = fields[17].split(b"~")[0].decode("latin-1").strip().upper() if len(fields) > 17 else ""
    codec = ENCODINGS.get(named, default)
    text = head.decode(codec, errors="replace")
    if (named and named not in ENCODINGS) or "\ufffd" in text:
        message.set_aside.append(SetAside(Reason.WRONG_ENCODING, named[:30], head))
    return text


def _read_header(msh: hl7.Segment, message: Message) -> None:
    message.control_id = part(msh, 10)
    message.sender = (field_of(msh, 3), field_of(msh, 4))
    message.receiver = (field_of(msh, 5), field_of(msh, 6))
    message.version = part(msh, 12) or "2.6"
    message.accept_when = part(msh, 15).upper()
    message.answer_when = part(msh, 16).upper()
    message.sent_at = moment(part(msh, 7))


def _refused(msh: hl7.Segment, message: Message) -> bool:
    """What is not for us is refused by its header, before anything of it is used."""
    if part(msh, 9) != "ORU":
        message.refuse(Verdict.REJECT, "200", "MSH^1^9^1^1")
    elif part(msh, 9, 2) != "R01":
        message.refuse(Verdict.REJECT, "201", "MSH^1^9^1^2")
    elif not message.version.startswith(VERSIONS):
        message.refuse(Verdict.REJECT, "203", "MSH^1^12")
    elif part(msh, 11) not in ("P", ""):
        # Training and debugging: never a patient's.
        message.refuse(Verdict.REJECT, "202", "MSH^1^11")
    elif not message.control_id:
        message.refuse(Verdict.ERROR, "101", "MSH^1^10")
    return message.verdict is not Verdict.ACCEPT


class _Reader:
    def __init__(
        self, tables: Tables, message: Message, *, unconfirmed: bool, encoding: str
    ) -> None:
        self._tables = tables
        self._message = message
        self._unconfirmed = unconfirmed
        self._encoding = encoding
        self._told_at: datetime | None = message.sent_at
        self.orders = self.observations = 0

    def read(self, parsed: hl7.Message) -> None:
        for segment in parsed:
            match part(segment, 0):
                case "OBR":
                    self.orders += 1
                    self._told_at = moment(part(segment, 7)) or self._message.sent_at
                case "OBX":
                    self.observations += 1
                    self._observe(segment)

    def _observe(self, obx: hl7.Segment) -> None:
        kind, value = part(obx, 2).upper(), field_of(obx, 5).strip()
        if not kind and not value:
            return  # a device, a system or a channel: the frame around the values
        what = "^".join((part(obx, 3), part(obx, 3, 3)))[:60]
        found = self._meaning(obx)
        if found is None or isinstance(found, Reason):
            self._put_aside(found or Reason.UNKNOWN_CODE, what, obx)
        elif kind not in ("NM", "SN", "ST"):
            self._put_aside(Reason.OTHER_TYPE, what, obx)
        else:
            self._take(found, value, what, obx)

    def _meaning(self, obx: hl7.Segment) -> VitalCode | Reason | None:
        """The first of the identifier and its alternate that a table knows."""
        reason: Reason | None = None
        for first in (1, 4):
            code, name, system = (part(obx, 3, first + step) for step in range(3))
            if not code:
                continue
            meaning = self._tables.meaning(code=code, name=name, system=system)
            if meaning is None:
                continue
            if meaning.vital is None:
                reason = Reason.NO_VITAL
            elif meaning.confirmed or self._unconfirmed:
                return meaning.vital
            else:
                reason = Reason.UNCONFIRMED_CODE
        return reason

    def _take(self, vital: VitalCode, text: str, what: str, obx: hl7.Segment) -> None:
        quality = judged(part(obx, 11), field_of(obx, 8))
        if text.upper() in ABSENT or quality is None:
            self._put_aside(Reason.ABSENT, what, obx)
            return
        number = numbered(text)
        if number is None:
            self._put_aside(Reason.NOT_A_NUMBER, what, obx)
            return
        names = [name for step in (1, 2, 4, 5) if (name := part(obx, 6, step))]
        value = self._tables.in_our_unit(number, vital, names)
        told_at = moment(part(obx, 14)) or self._told_at
        if value is None:
            self._put_aside(Reason.WRONG_UNIT, what, obx)
        elif told_at is None:
            self._put_aside(Reason.NO_TIME, what, obx)
        else:
            self._message.values.append(Value(vital, value, quality, told_at))

    def _put_aside(self, reason: Reason, what: str, obx: hl7.Segment) -> None:
        raw = str(obx).encode(self._encoding, errors="replace")
        self._message.set_aside.append(SetAside(reason, what, raw))


def judged(status: str, flags: str) -> Quality | None:
    """The worse of OBX-11 and OBX-8; None when the device says that there is no value."""
    found = [STATUSES.get(status.upper())]
    for flag in _pieces(flags.upper()):
        if flag == "NAV":
            return None
        found.append(VALIDITIES.get(flag, Quality.GOOD))
    if None in found:
        return None
    return next(quality for quality in WORST_FIRST if quality in found)


def numbered(text: str) -> float | None:
    """A number as HL7's NM or SN writes it; "<60" and "1e999" are none."""
    try:
        number = float(text.removeprefix("=^") if text.startswith("=^") else text)
    except ValueError:
        return None
    return number if isfinite(number) and abs(number) <= 1e6 and "_" not in text else None


def moment(text: str) -> datetime | None:
    """With or without an offset, as it was sent; None when it is no time to the second."""
    if len(text) < 12 or not text[:12].isdecimal():
        return None
    try:
        found = hl7.parse_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if isinstance(found, datetime) else None


def part(segment: hl7.Segment, number: int, component: int = 1) -> str:
    """One component of the first repetition, "" where there is none."""
    text = field_of(segment, number).split("~")[0]
    parts = text.split("^")
    return parts[component - 1].strip() if len(parts) >= component else ""


def field_of(segment: hl7.Segment, number: int) -> str:
    try:
        return str(segment[number])
    except IndexError:
        return ""


def _pieces(text: str) -> Iterator[str]:
    for repetition in text.split("~"):
        yield from (piece.strip() for piece in repetition.split("^"))
