"""Vital signs: one table of what monitors measured and the crew wrote, and their trend."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehr_prehospital.exchange.pdf.blocks import Mark, Point, Series, Table, Text, Tick, Trend
from ehr_prehospital.exchange.pdf.words import NOTHING, besides, joined, minute, of, words_of
from ehr_prehospital.record.catalogue import code_lists, elements
from ehr_prehospital.record.printable import Sheet
from ehr_prehospital.record.printed_groups import PrintedRow, PrintedValue

PRESSURE = ("vital.systolic", "vital.diastolic")
COMA = ("vital.gcs_eye", "vital.gcs_verbal", "vital.gcs_motor")
SINGLE = (
    "vital.heart_rate",
    "vital.pulse_rate",
    "vital.respiratory_rate",
    "vital.spo2",
    "vital.etco2",
    "vital.temperature",
    "vital.glucose",
    "vital.pain",
)
IN_COLUMNS = frozenset(
    {*PRESSURE, *COMA, *SINGLE, "vital.gcs_total", "vital.avpu", "vital.taken_at"}
)
LOWEST_TREND_TOP = 200.0
STEP = 50


@dataclass(frozen=True, slots=True)
class Set:
    """One set of vital signs; `numbers` are by element, `said` is what was written."""

    at: datetime
    source: str
    cells: Mapping[str, tuple[Text, ...]]
    numbers: Mapping[str, float] = field(default_factory=dict)
    rest: tuple[Text, ...] = ()


def sets_of(sheet: Sheet) -> list[Set]:
    """Oldest first: the monitor's columns and the crew's groups."""
    return sorted([*measured(sheet), *written(sheet)], key=lambda one: (one.at, one.source))


def measured(sheet: Sheet) -> Iterator[Set]:
    by_reading = {one.reading: code for code, one in elements().items() if one.reading}
    for number, at in enumerate(sheet.vitals.times):
        cells: dict[str, tuple[Text, ...]] = {}
        numbers: dict[str, float] = {}
        for row in sheet.vitals.rows:
            if found := row.cells[number]:
                code = by_reading.get(row.code, row.code)
                doubt = (Text(found.quality, Mark.SMALL),) if found.quality else ()
                cells[code] = (Text(found.value), *doubt)
                if not found.quality:
                    numbers[code] = float(found.value)
        mean = cells.pop("vital.mean_pressure", ())
        rest = (Text(_("mean pressure"), Mark.SMALL), *mean) if mean else ()
        yield Set(at, _("monitor"), cells, numbers, rest)


def written(sheet: Sheet) -> Iterator[Set]:
    for group in sheet.groups:
        if group.code == "vital":
            yield from (set_in(row, row.at) for row in group.rows if row.at)


def set_in(row: PrintedRow, at: datetime) -> Set:
    cells: dict[str, tuple[Text, ...]] = {}
    numbers: dict[str, float] = {}
    for value in row.values:
        if value.element in IN_COLUMNS and value.element not in cells:
            doubt = (Text("⚠", Mark.STRONG),) if value.doubtful else ()
            cells[value.element] = (Text(short(value)), *doubt)
            if not value.doubtful and (number := number_in(value)) is not None:
                numbers[value.element] = number
    taken = next((value.moment for value in of(row, "vital.taken_at")), None)
    return Set(taken or at, _("crew"), cells, numbers, joined(besides(row, *IN_COLUMNS)))


def short(value: PrintedValue) -> str:
    """The bare number where it is in the column's unit; the words where it is not.

    Of the coma scale its number, which is its code.
    """
    if value.element in COMA and value.value:
        return value.value.upper()
    units = elements()[value.element].units
    if not units or not value.value:
        return words_of(value)
    term = code_lists()["unit"].get(next(iter(units)))
    usual = {f"{value.value} {term.en}".strip(), f"{value.value} {term.zh}".strip()} if term else ()
    return value.value if value.words in usual else words_of(value)


def number_in(value: PrintedValue) -> float | None:
    try:
        return float(short(value))
    except ValueError:
        return None


def heads() -> dict[str, str]:
    return {
        "vital.heart_rate": pgettext("column", "HR /min"),
        "vital.pulse_rate": pgettext("column", "Pulse /min"),
        "vital.respiratory_rate": pgettext("column", "RR /min"),
        "vital.spo2": pgettext("column", "SpO₂ %"),
        "vital.etco2": pgettext("column", "EtCO₂ mmHg"),
        "vital.temperature": pgettext("column", "Temp. °C"),
        "vital.glucose": pgettext("column", "Glucose mmol/L"),
        "vital.pain": pgettext("column", "Pain 0–10"),
    }


def signs_table(sheet: Sheet, *, newest: int = 0) -> Table | None:
    """All sets, or the `newest` ones; only columns in which anything stands."""
    sets = sets_of(sheet)[-newest:] if newest else sets_of(sheet)
    if not sets:
        return None
    columns: list[tuple[str, list[tuple[Text, ...]]]] = []
    for code, head in heads().items():
        columns.append((head, [one.cells.get(code, ()) for one in sets]))
    pressure = pgettext("column", "BP mmHg")
    columns.insert(2, (pressure, [paired(one) for one in sets]))
    columns.append((pgettext("column", "GCS (E V M)"), [coma(one) for one in sets]))
    columns.append((pgettext("column", "AVPU"), [one.cells.get("vital.avpu", ()) for one in sets]))
    shown = [column for column in columns if any(column[1])]
    rest = [one.rest for one in sets]
    times = [(Text(minute(one.at), Mark.STRONG),) for one in sets]
    sources = [(Text(one.source, Mark.SMALL),) for one in sets]
    more = [(_("Remarks"), rest)] if any(rest) else []
    whole = [(_("Time"), times), (_("Source"), sources), *shown, *more]
    return Table(
        title=_("Vital signs"),
        heads=tuple(head for head, _cells in whole),
        widths=(*(0.0,) * 2, *(1.0,) * len(shown), *(2.6,) * len(more)),
        rows=tuple(zip(*(cells for _head, cells in whole), strict=True)),
    )


def paired(one: Set) -> tuple[Text, ...]:
    """120/80, as it is said."""
    upper, lower = (one.cells.get(code, ()) for code in PRESSURE)
    if not upper and not lower:
        return ()
    first = upper[0].text if upper else NOTHING
    second = lower[0].text if lower else NOTHING
    return (Text(f"{first}/{second}"), *upper[1:], *lower[1:])


def coma(one: Set) -> tuple[Text, ...]:
    """15 (4 5 6): the total as it was written, the parts beside it."""
    total = one.cells.get("vital.gcs_total", ())
    parts = [one.cells.get(code, ()) for code in COMA]
    if not any(parts):
        return total
    told = " ".join(part[0].text if part else NOTHING for part in parts)
    return (*total, Text(f"({told})"))


SERIES = (
    ("vital.heart_rate", "dot"),
    ("vital.systolic", "down"),
    ("vital.diastolic", "up"),
    ("vital.spo2", "ring"),
    ("vital.respiratory_rate", "cross"),
)


def trend(sheet: Sheet) -> Trend | None:
    """Drawn from two points in time on; doubtful values are not in it."""
    sets = [one for one in sets_of(sheet) if one.numbers.keys() & {code for code, _mark in SERIES}]
    if len({one.at for one in sets}) < 2:
        return None
    first, last = sets[0].at, sets[-1].at
    length = (last - first).total_seconds()
    highest = max(one.numbers.get(code, 0) for one in sets for code, _mark in SERIES)
    top = LOWEST_TREND_TOP
    while top < highest:
        top += STEP
    lines = []
    for code, mark in SERIES:
        points = tuple(
            Point((one.at - first).total_seconds() / length, one.numbers[code] / top)
            for one in sets
            if code in one.numbers
        )
        if points:
            lines.append(Series(legend()[code], mark, points))
    return Trend(
        title=_("Trend"),
        series=tuple(lines),
        times=tuple(ticks(first, last)),
        values=tuple(Tick(value / top, str(value)) for value in range(0, int(top) + 1, STEP)),
    )


def legend() -> dict[str, str]:
    return {
        "vital.heart_rate": _("heart rate /min"),
        "vital.systolic": _("systolic mmHg"),
        "vital.diastolic": _("diastolic mmHg"),
        "vital.spo2": _("SpO₂ %"),
        "vital.respiratory_rate": _("respiratory rate /min"),
    }


def ticks(first: datetime, last: datetime) -> Iterator[Tick]:
    """Six times at equal distances, the first and the last among them."""
    for number in range(6):
        part = number / 5
        yield Tick(part, minute(first + (last - first) * part))
