"""What was done and found: treatment in time order, examination, forms, the other groups."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from dispatch.people.models import in_language
from ehr_prehospital.exchange.pdf.blocks import Grid, Label, Mark, Table, Text
from ehr_prehospital.exchange.pdf.words import NOTHING, besides, clock, joined, minute, of, said
from ehr_prehospital.record.catalogue import FORM
from ehr_prehospital.record.form_files import forms
from ehr_prehospital.record.printable import Sheet, SheetEntry
from ehr_prehospital.record.printed_groups import PrintedGroup, PrintedRow
from ehr_prehospital.record.rules.forms import Form, Item

# group -> what was done, and the time that people gave it.
TREATMENT = {
    "medication": (
        ("medication.drug", "medication.dose", "medication.route"),
        "medication.given_at",
    ),
    "procedure": (("procedure.kind", "procedure.amount"), "procedure.done_at"),
    "airway": (("airway.device",), "airway.confirmed_at"),
    "arrest_event": (("arrest_event.kind",), ""),
    "lab": (("lab.test", "lab.result"), "lab.taken_at"),
}
FINDING = ("exam.region", "exam.side")
STORY = ("situation", "narrative", "history", "injury", "arrest")
# Shown elsewhere on the page.
ELSEWHERE = frozenset({*TREATMENT, *STORY, "vital", "exam", "signature"})
NEVER = datetime.max.replace(tzinfo=UTC)


def treatment(sheet: Sheet) -> Table | None:
    """Drugs, procedures, airways and the resuscitation in one sequence of time."""
    found = [
        (at_of(group, row), group, row)
        for group in sheet.groups
        if group.code in TREATMENT
        for row in group.rows
    ]
    if not found:
        return None
    found.sort(key=lambda one: one[0] or NEVER)
    return Table(
        title=_("Treatment in order of time"),
        heads=(_("Time"), _("Kind"), _("Drug or procedure"), _("Details")),
        widths=(0.0, 0.0, 1.0, 1.3),
        rows=tuple(treated(at, group, row) for at, group, row in found),
    )


def at_of(group: PrintedGroup, row: PrintedRow) -> datetime | None:
    _main, time = TREATMENT[group.code]
    return next((one.moment for one in of(row, time) if one.moment), row.at)


def treated(
    at: datetime | None, group: PrintedGroup, row: PrintedRow
) -> tuple[tuple[Text, ...], ...]:
    main, time = TREATMENT[group.code]
    words: list[Text] = []
    for number, value in enumerate(of(row, *main)):
        first, *doubt = said(value)
        words += [Text(first.text, Mark.PLAIN if number else Mark.STRONG), *doubt]
    return (
        (Text(clock(at)),),
        (Text(group.label, Mark.SMALL),),
        tuple(words),
        joined(besides(row, *main, time)),
    )


def examination(sheet: Sheet) -> Table | None:
    rows = [row for group in sheet.groups if group.code == "exam" for row in group.rows]
    if not rows:
        return None
    return Table(
        title=_("Examination"),
        heads=(_("Time"), _("Region"), _("Finding")),
        widths=(0.0, 0.6, 2.0),
        rows=tuple(
            (
                (Text(minute(row.at)),),
                tuple(Text(text.text, text.mark or Mark.STRONG) for one in of(row, *FINDING)
                      for text in said(one)),
                (*(text for one in of(row, "exam.finding") for text in said(one)),
                 *joined(besides(row, *FINDING, "exam.finding", "exam.area"))),
            )
            for row in rows
        ),
    )  # fmt: skip


def story(sheet: Sheet) -> Iterator[Grid]:
    """What happened and what was known before, in the order in which a doctor reads it."""
    by_code = {group.code: group for group in sheet.groups}
    for code in STORY:
        if group := by_code.get(code):
            yield Grid(group.label, tuple(cell for row in group.rows for cell in merged(row)))


def groups(sheet: Sheet) -> Iterator[Grid | Table]:
    """Every other group of the catalogue: lists as tables, single values in one grid."""
    cells: list[Label] = []
    for group in sheet.groups:
        if group.code in ELSEWHERE:
            continue
        if len(group.rows) == 1 and group.rows[0].at is None:
            cells += [
                replace(one, label=f"{group.label} · {one.label}") for one in merged(group.rows[0])
            ]
        else:
            yield Table(
                title=group.label,
                heads=(_("Time"), _("Details")),
                widths=(0.0, 1.0),
                rows=tuple(((Text(minute(row.at)),), joined(row.values)) for row in group.rows),
            )
    if cells:
        yield Grid(_("Further statements"), tuple(cells))


def merged(row: PrintedRow) -> Iterator[Label]:
    """One cell an element: those of a list stand in it one after the other."""
    labels: dict[str, str] = {}
    words: dict[str, list[Text]] = {}
    for value in row.values:
        labels[value.element] = value.label
        seen = words.setdefault(value.element, [])
        if seen:
            seen.append(Text("·", Mark.SMALL))
        seen += said(value)
    for element, texts in words.items():
        yield Label(labels[element], tuple(texts), wide(labels[element], texts))


def wide(label: str, texts: list[Text]) -> int:
    """Columns of twelve; Chinese takes twice the room of a letter."""
    room = sum(2 if ord(sign) > 0x2E80 else 1 for one in texts for sign in one.text)
    head = sum(2 if ord(sign) > 0x2E80 else 1 for sign in label)
    return 12 if room > 64 else 6 if room > 26 or head > 24 else 3


def answered(sheet: Sheet) -> Iterator[Grid]:
    """The answers of the tablet's forms that stand, each form as a grid."""
    by_form: dict[str, list[SheetEntry]] = {}
    for entry in sheet.entries:
        if entry.element.startswith(FORM) and not entry.replaced:
            by_form.setdefault(entry.element.split(".")[1], []).append(entry)
    for entries in by_form.values():
        cells = []
        for entry in entries:
            label, value = answer(entry)
            words = " ".join(filter(None, (value, entry.unit, entry.reason)))
            texts = [Text(words or NOTHING), *(Text(p, Mark.STRONG) for p in entry.problems)]
            cells.append(Label(label, tuple(texts), wide(label, texts)))
        yield Grid(_("Form: %(name)s") % {"name": kind_of(entries[0])}, tuple(cells))


def answer(entry: SheetEntry) -> tuple[str, str]:
    """An entry's label and value; those of a form's item from the form."""
    form, item = item_of(entry)
    if form is None or item is None:
        return entry.label, entry.value
    option = next((one for one in item.options if one.code == entry.value), None)
    value = in_language(option.en, option.zh) if option else entry.value
    return in_language(item.en, item.zh), value


def kind_of(entry: SheetEntry) -> str:
    form, _item = item_of(entry)
    return in_language(form.en, form.zh) if form else entry.kind


def item_of(entry: SheetEntry) -> tuple[Form | None, Item | None]:
    """The form and the item that an entry `form.<form>.<item>` answers, where they are known."""
    head, _dot, rest = entry.element.partition(".")
    code, _dot, name = rest.partition(".")
    form = forms().get(code) if f"{head}." == FORM else None
    item = next((one for one in form.items if one.id == name), None) if form else None
    return form, item
