"""Small things that every block needs: times, marks, values with their doubt."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ehr_prehospital.exchange.pdf.blocks import Label, Mark, Text
from ehr_prehospital.record.catalogue import Kind, elements
from ehr_prehospital.record.printed_groups import PrintedRow, PrintedValue

NOTHING = "—"
# A word of Latin letters that is longer is none; Chinese has no spaces between its words.
LONGEST_WORD = 200


def clock(at: datetime | None) -> str:
    return f"{localtime(at):%H:%M:%S}" if at else NOTHING


def minute(at: datetime | None) -> str:
    return f"{localtime(at):%H:%M}" if at else NOTHING


def moment(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}" if at else NOTHING


def instant(element: str, value: str) -> str:
    """The words of an element that is a time: its day and minute; "" for all others."""
    known = elements().get(element)
    if known is None or known.type is not Kind.TIME:
        return ""
    try:
        return f"{localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    except ValueError:
        return ""  # flagged when it was written; its words are printed


def words_of(value: PrintedValue) -> str:
    if value.moment:
        return f"{localtime(value.moment):%Y-%m-%d %H:%M}"
    return " ".join(readable(word) for word in value.words.split(" "))


def readable(word: str) -> str:
    """A file that came as text is named by its length; nobody reads it on paper."""
    if len(word) <= LONGEST_WORD or not word.isascii():
        return word
    return _("%(begin)s… (%(count)s characters)") % {"begin": word[:16], "count": len(word)}


def said(value: PrintedValue) -> tuple[Text, ...]:
    """A value, and the doubt about it."""
    doubt = (Text(doubtful(), Mark.STRONG),) if value.doubtful else ()
    return (Text(words_of(value)), *doubt)


def doubtful() -> str:
    return _("⚠ in doubt")


def cell(label: str, words: str, span: int = 4) -> Label:
    return Label(label, (Text(words or NOTHING),), span)


def joined(values: Iterable[PrintedValue]) -> tuple[Text, ...]:
    """Several values in one cell: each label small before its words."""
    found: list[Text] = []
    for value in values:
        found += [Text(value.label, Mark.SMALL), *said(value)]
    return tuple(found)


def of(row: PrintedRow, *elements: str) -> list[PrintedValue]:
    """The values of a row, in the order in which the elements are named."""
    return [value for element in elements for value in row.values if value.element == element]


def besides(row: PrintedRow, *elements: str) -> list[PrintedValue]:
    return [value for value in row.values if value.element not in elements]
