"""HL7 v2 messages: structure by hl7apy at STRICT, and the values that it does not look at.

hl7apy takes "ninety" for a number and a time one field too early; so what stands in a field is
checked here. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.exceptions import HL7apyException
from hl7apy.parser import parse_message

from ehr_prehospital.exchange.hl7v2.messages import STRUCTURES
from ehr_prehospital.exchange.hl7v2.target import MSH_18
from ehr_prehospital.exchange.report import Finding

TIME = re.compile(
    r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d([0-5]\d(\.\d{1,4})?)?"
    r"[+-](0\d|1[0-4])[0-5]\d"
)
DAY = re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# MSH-10 in 2.5.1.
LONGEST_CONTROL_ID = 20
SEXES = frozenset("MFUOAN")
NAME_TYPES = frozenset("LUSADMNCBPTIRV")
IDENTIFIERS = frozenset({"PI", "NI", "PPN", "DL", "BR", "MI", "HC", "MR", "U", "SS", "VN"})
CLASSES = frozenset("EIOPRBCNU")
# Fields that are times, by segment.
TIMES: Mapping[str, tuple[int, ...]] = {
    "MSH": (7,),
    "EVN": (2, 6),
    "PV1": (44, 45),
    "PV2": (8, 9),
    "ORC": (9,),
    "OBR": (7, 22),
    "OBX": (14,),
}
# ORC-1 (table 0119), as far as we write it.
ORDER_CONTROLS = frozenset({"NW", "CA"})
# What a vital sign may be, by its MDC code: far outside of it is no measurement but a mistake.
RANGES: Mapping[str, tuple[str, float, float]] = {
    "147842": ("264864", 0, 350),  # heart rate, /min
    "149530": ("264864", 0, 350),  # pulse rate
    "150456": ("262688", 0, 100),  # SpO2, %
    "150021": ("266016", 0, 320),  # pressure, mmHg
    "150022": ("266016", 0, 250),
    "150023": ("266016", 0, 280),
    "151562": ("264928", 0, 150),  # respiratory rate
    "151708": ("266016", 0, 150),  # end-tidal CO2
    "150364": ("268192", 10, 47),  # temperature, °C
    "160184": ("266866", 0, 60),  # glucose, mmol/L
}

Rows = dict[str, list[list[str]]]


def check(content: bytes, *, encoding: str = "utf-8") -> tuple[Finding, ...]:
    """Everything that is wrong with a message: nothing where it may be sent."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return (Finding("error", "encoding", "not in the encoding of this hospital", "MSH-18"),)
    text = text.replace("\r\n", "\r").replace("\n", "\r")
    found = list(structure(text))
    return (*found, *values(rows_of(text), encoding))


def structure(text: str) -> Iterator[Finding]:
    try:
        parsed: Any = parse_message(text, validation_level=VALIDATION_LEVEL.STRICT)
        parsed.validate()
    except (HL7apyException, ValueError, KeyError, IndexError, AttributeError) as wrong:
        yield Finding("error", "structure", str(wrong) or type(wrong).__name__)


def rows_of(text: str) -> Rows:
    """Segment → its occurrences as fields; field n of MSH at place n as of every other."""
    found: Rows = {}
    for line in text.split("\r"):
        if line:
            fields = line.split("|")
            if fields[0] == "MSH":
                fields.insert(1, "|")
            found.setdefault(fields[0], []).append(fields)
    return found


def values(rows: Rows, encoding: str) -> Iterator[Finding]:
    yield from of_header(rows, encoding)
    yield from of_times(rows)
    for pid in rows.get("PID", []):
        yield from of_patient(pid)
    yield from of_visit(rows)
    yield from of_merge(rows)
    yield from of_orders(rows)
    for obx in rows.get("OBX", []):
        yield from of_observation(obx)


def at(row: list[str], number: int, component: int = 0) -> str:
    """A field, or one component of its first repetition."""
    whole = row[number] if number < len(row) else ""
    if not component:
        return whole
    parts = whole.split("~")[0].split("^")
    return parts[component - 1] if component <= len(parts) else ""


def wrong(rule: str, text: str, where: str) -> Finding:
    return Finding("error", rule, text, where)


def of_header(rows: Rows, encoding: str) -> Iterator[Finding]:
    msh = rows.get("MSH", [[]])[0]
    event, named = at(msh, 9, 2), at(msh, 9, 3)
    known = {str(one): structure for one, structure in STRUCTURES.items()}
    if event in known and named != known[event]:
        yield wrong("structure_name", f"{event} has the structure {known[event]}", "MSH-9")
    if not 1 <= len(at(msh, 10)) <= LONGEST_CONTROL_ID:
        yield wrong("control_id", f"1 to {LONGEST_CONTROL_ID} characters", "MSH-10")
    if at(msh, 11, 1) not in ("P", "T", "D"):
        yield wrong("processing", "P, T or D", "MSH-11")
    said = at(msh, 18)
    if said and said not in MSH_18.values():
        yield wrong("character_set", "no character set that we write", "MSH-18")
    elif said and MSH_18.get(encoding) not in (None, said):  # type: ignore[call-overload]
        yield wrong("character_set", "not the encoding of the bytes", "MSH-18")


def of_times(rows: Rows) -> Iterator[Finding]:
    for segment, numbers in TIMES.items():
        for row in rows.get(segment, []):
            for number in numbers:
                if (said := at(row, number)) and not TIME.fullmatch(said):
                    yield wrong("time", "a time with its zone", f"{segment}-{number}")


def of_patient(pid: list[str]) -> Iterator[Finding]:
    numbers = [one.split("^") for one in at(pid, 3).split("~")]
    if not numbers[0][0]:
        yield wrong("identifier", "a patient without a number", "PID-3")
    for parts in numbers:
        if len(parts) < 5 or parts[4] not in IDENTIFIERS:
            yield wrong("identifier_type", "a type of table 0203", "PID-3.5")
    if at(pid, 5, 7) not in NAME_TYPES:
        yield wrong("name_type", "a type of table 0200", "PID-5.7")
    if (born := at(pid, 7)) and not DAY.fullmatch(born[:8]):
        yield wrong("birth_date", "a day", "PID-7")
    if (sex := at(pid, 8)) and sex not in SEXES:
        yield wrong("sex", "a code of table 0001", "PID-8")


def of_visit(rows: Rows) -> Iterator[Finding]:
    event = at(rows.get("MSH", [[]])[0], 9, 2)
    for pv1 in rows.get("PV1", []):
        if at(pv1, 2) not in CLASSES:
            yield wrong("class", "a code of table 0004", "PV1-2")
        if at(pv1, 43):
            yield wrong("place_of_time", "the time of the admission stands in PV1-44", "PV1-43")
        if event == "A04" and not at(pv1, 44):
            yield wrong("admitted_at", "a registration says when", "PV1-44")
        if event.startswith("A") and not (at(pv1, 5) or at(pv1, 19)):
            yield wrong("visit", "a visit without a number", "PV1-5")


def of_merge(rows: Rows) -> Iterator[Finding]:
    for mrg, pid in zip(rows.get("MRG", []), rows.get("PID", []), strict=False):
        if at(mrg, 1).split("~")[0] in at(pid, 3).split("~"):
            yield wrong("merge", "a patient is not merged with itself", "MRG-1")


def of_orders(rows: Rows) -> Iterator[Finding]:
    for orc in rows.get("ORC", []):
        if at(orc, 1) not in ORDER_CONTROLS:
            yield wrong("order_control", "NW or CA", "ORC-1")
        if not at(orc, 2, 1):
            yield wrong("order_number", "an order without a number", "ORC-2")
    for obr in rows.get("OBR", []):
        if not (at(obr, 4, 1) or at(obr, 4, 2)):
            yield wrong("order_what", "an order of nothing", "OBR-4")


def of_observation(obx: list[str]) -> Iterator[Finding]:
    where = f"OBX[{at(obx, 1)}]"
    kind, said, unit = at(obx, 2), at(obx, 5), at(obx, 6, 1)
    if kind not in ("NM", "SN"):
        return
    if not NUMBER.fullmatch(said):
        yield wrong("number", "OBX-2 says a number", f"{where}-5")
        return
    wanted = RANGES.get(at(obx, 3, 1))
    if wanted is None:
        return
    code, least, most = wanted
    if unit != code:
        yield wrong("unit", f"the unit is {code}", f"{where}-6")
    elif not least <= float(said) <= most:
        yield wrong("range", f"{least:g} to {most:g}", f"{where}-5")
