"""Printed pages: our fonts only, words as data, the same bytes, everybody's name on each page."""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal
from uuid import UUID

import pytest
from django.utils import translation

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.pdf import typesetting
from ehr_prehospital.exchange.pdf.blocks import Grid, Mark, Paper, Signatures, Spoken, Table, Trend
from ehr_prehospital.exchange.pdf.content import content_in
from ehr_prehospital.exchange.pdf.export import LOCALES, export
from ehr_prehospital.exchange.pdf.paper import Kind, paper, symbol
from ehr_prehospital.exchange.pdf.typesetting import FontsMissing, pictures
from ehr_prehospital.exchange.pdf.words import readable
from ehr_prehospital.handover.words import STATES
from ehr_prehospital.record.content import Named
from ehr_prehospital.record.printable import sheet_of
from tests.rules.full_record import STORY, empty, full, small
from tests.rules.records import at, grouped, record, say

Language = Literal["zh", "en"]
PNG = b"\x89PNG"
HOSTILE = (
    "#set page(width: 1cm) #panic() $x^2$ \\ `raw` *bold* _it_ <label> @ref // comment /* ; ] }",
    "W" * 400,
    "😀🚑 مرحبا بالعالم שלום",
    '"}, "title": "x',
)


def laid_out(of: CanonicalRecord, kind: Kind = Kind.RECORD, language: Language = "en") -> Paper:
    with translation.override(LOCALES[language]):
        sheet = sheet_of(content_in(of), hash_hex="ab" * 32, handover_states=STATES)
        return paper(sheet, kind, language=language)


def streams(pdf: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


def whole(pdf: bytes) -> bytes:
    """The file with what is packed in it, too."""
    return pdf + b"\n".join(streams(pdf))


def fonts_in(pdf: bytes) -> set[str]:
    """The names of all fonts, without the mark of a subset."""
    names = re.findall(rb"/BaseFont\s*/([^\s/<>\[\]]+)", whole(pdf))
    return {name.decode().partition("+")[2] or name.decode() for name in names}


def pages_in(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", whole(pdf)))


def table_of(of: Paper, title: str) -> Table:
    (found,) = [block for block in of.blocks if isinstance(block, Table) and block.title == title]
    return found


def words(of: Paper) -> str:
    return repr(of)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("make", [empty, small, full])
def test_every_record_becomes_a_pdf(
    make: Callable[[], CanonicalRecord], kind: Kind, language: Language
) -> None:
    made = export(make(), language, kind.value)

    assert made.startswith(b"%PDF-1.")
    assert pages_in(made) >= 1


def test_only_our_fonts_are_in_it_and_they_are_embedded() -> None:
    made = export(full(), "zh", "record")

    found = fonts_in(made)
    assert found
    assert {name.partition("-")[0] for name in found} == {"NotoSansSC"}
    assert len(re.findall(rb"/FontFile[23]?\s", whole(made))) >= len(found)


def test_fonts_that_are_not_there_are_an_error_and_no_empty_page(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing):
        typesetting.fonts(tmp_path)


def test_the_same_record_gives_the_same_bytes() -> None:
    assert export(full(), "zh", "record") == export(full(), "zh", "record")


def test_another_value_gives_other_bytes() -> None:
    one, other = (record(say("vital.pain", value, group=UUID(int=3))) for value in ("3", "4"))

    assert export(one, "en", "record") != export(other, "en", "record")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_person_wrote_is_never_an_instruction(text: str) -> None:
    said = record(
        say("identity.name", text), say("narrative.note", text), say("history.allergy", text)
    )

    assert export(said, "en", "record").startswith(b"%PDF")
    (patient, *_rest) = laid_out(said).blocks
    assert isinstance(patient, Grid)
    assert patient.cells[0].words[0].text == text


def test_a_word_without_an_end_stays_on_the_page() -> None:
    wide = pages_in(export(record(say("narrative.note", "W" * 3000)), "en", "record"))
    plain = pages_in(export(record(say("narrative.note", "W W W")), "en", "record"))

    # It is broken over lines; one line of it would leave the sheet, and take no more room.
    assert wide > plain


def test_a_full_record_has_its_head_on_several_pages() -> None:
    made = laid_out(full(), language="zh")
    pages = pictures(made, ppi=40)

    assert len(pages) == 3
    assert all(page.startswith(PNG) for page in pages)
    assert (made.person, made.number) == ("王秀英 · 女 · 68岁", "H03-20261122-0007")
    assert made.seal == "SHA-256 " + "ab" * 32


def test_the_sheet_that_changes_hands_is_one_page() -> None:
    assert [
        len(pictures(laid_out(full(), Kind.HANDOVER, language), ppi=40))
        for language in ("zh", "en")
    ] == [1, 1]


def test_treatment_stands_in_order_of_time() -> None:
    (table,) = [
        b for b in laid_out(full()).blocks if isinstance(b, Table) and "Treatment" in b.title
    ]

    times = [row[0][0].text for row in table.rows]
    assert len(times) == 9
    assert times == sorted(times)


def test_vital_signs_are_a_table_and_a_trend() -> None:
    blocks = laid_out(full()).blocks

    table = table_of(laid_out(full()), "Vital signs")
    assert len(table.rows) == 9
    assert "92/58" in {text.text for row in table.rows for cell in row for text in cell}
    (drawn,) = [b for b in blocks if isinstance(b, Trend)]
    assert len(drawn.series) == 5
    assert all(0 <= p.x <= 1 and 0 <= p.y <= 1 for line in drawn.series for p in line.points)


def test_an_onset_is_told_by_its_own_time_and_not_by_when_it_was_written() -> None:
    (told,) = [b for b in laid_out(full()).blocks if isinstance(b, Spoken)]

    items = {item.label: item.words[0].text for one in told.letters for item in one.items}
    assert items["Onset of symptoms"] == "2026-11-22 11:30"


def test_a_unit_that_is_not_the_columns_is_written_out() -> None:
    said = record(
        *grouped(1, [("vital.glucose", "180", "mg/dL"), ("vital.heart_rate", "80", "/min")])
    )

    (table,) = [
        b for b in laid_out(said).blocks if isinstance(b, Table) and b.title == "Vital signs"
    ]
    cells = {text.text for row in table.rows for cell in row for text in cell}
    assert "80" in cells
    assert "180 mg/dL" in cells


def test_a_replaced_entry_is_struck_through_and_a_conflict_is_in_doubt() -> None:
    base = content_in(
        record(
            say("situation.primary_impression", "angina", 1, id=UUID(int=1)),
            say("situation.primary_impression", "stemi", 2, id=UUID(int=2)),
            say("body.weight", "70", 3, unit="kg", id=UUID(int=3)),
            say("body.weight", "80", 4, unit="kg", id=UUID(int=4)),
        )
    )
    wrong, right, first, second = base.entries
    content = replace(
        base,
        entries=(
            replace(wrong, replaced=True),
            replace(right, replaces=(wrong.id,)),
            first,
            second,
        ),
    )
    with translation.override("en"):
        made = paper(
            sheet_of(content, hash_hex="", handover_states=STATES), Kind.RECORD, language="en"
        )

    line = table_of(made, "Time line")
    marks = {text.text.strip(): text.mark for row in line.rows for cell in row for text in cell}
    assert marks["Angina"] is Mark.STRUCK
    assert marks["ST-elevation myocardial infarction"] is Mark.PLAIN
    assert "⚠ in doubt" in words(made)


def test_a_signature_is_drawn_beside_name_and_time() -> None:
    (signed,) = [b for b in laid_out(full()).blocks if isinstance(b, Signatures)]

    first = signed.boxes[0]
    assert (first.name, first.time) == ("王秀英", "2026-11-22 12:20:00")
    assert 'd="M60,140L90,60' in first.svg


def test_strokes_that_are_no_strokes_are_not_drawn() -> None:
    said = record(
        *grouped(1, [("signature.name", "X", ""), ("signature.image", '"/><script/>', "")])
    )

    (signed,) = [b for b in laid_out(said).blocks if isinstance(b, Signatures)]
    assert signed.boxes[0].svg == ""


def test_the_sheet_has_room_for_two_names_even_when_it_is_empty() -> None:
    (signed,) = [b for b in laid_out(empty(), Kind.HANDOVER).blocks if isinstance(b, Signatures)]

    assert [box.label for box in signed.boxes] == ["Given by", "Received by"]


def test_a_form_is_told_in_the_words_of_its_file() -> None:
    grids = [b for b in laid_out(full(), language="zh").blocks if isinstance(b, Grid)]

    (form,) = [b for b in grids if b.title.startswith("专科表单")]
    assert form.title == "专科表单：胸痛"
    assert ("性质", "压榨、紧缩") in {(cell.label, cell.words[0].text) for cell in form.cells}


def test_nothing_that_was_written_is_lost() -> None:
    told = words(laid_out(full(), language="zh"))

    for said in (
        STORY,
        "硝酸甘油",
        "4000",
        "310101195803040025",
        "沪A·D1207",
        "人民路 18 号",
        "3" * 64,
    ):
        assert said in told


def test_the_symbol_is_made_of_the_number() -> None:
    assert symbol("H03-20261122-0007") != symbol("H03-20261122-0008")
    assert symbol("H03-20261122-0007").startswith("<svg")


def test_what_dispatch_says_is_in_its_place() -> None:
    content = content_in(full())

    assert content.mission.destination == Named("East Hospital", "东方医院", "H03")
    assert [member.seat for member in content.mission.crew] == ["lead", "attendant", "driver"]
    assert content.mission.moments[0].at == at(0).isoformat()
    assert {entry.element for entry in content.entries}.isdisjoint({"dispatch.reason", "crew.role"})


def test_a_file_that_came_as_text_is_named_by_its_length_and_a_story_is_not() -> None:
    story = "患者诉胸痛" * 60

    assert readable("A" * 6000) == "AAAAAAAAAAAAAAAA… (6000 characters)"
    assert readable(story) == story
