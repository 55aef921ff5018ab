"""ATMIST and ISBAR say nothing that is not in the record, in either language."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ehr_prehospital.record.catalogue import Kind, Occurs, code_lists, elements
from ehr_prehospital.record.content import (
    Content,
    EntryPart,
    MissionPart,
    Moment,
    Named,
    PatientPart,
    VitalPart,
)
from ehr_prehospital.record.rules.handover_text import (
    SCHEMES,
    SOURCES,
    Scheme,
    sections,
    suggested,
    text,
)
from ehr_prehospital.record.rules.judging import judge
from ehr_prehospital.record.rules.statements import Statement

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def entry(number: int, element: str, value: str = "", **more: object) -> EntryPart:
    at = (NOON + timedelta(minutes=number)).isoformat(timespec="seconds")
    said = EntryPart(
        id=str(UUID(int=number + 1)),
        element=element,
        value=value,
        unit="",
        route="",
        not_value="",
        pertinent_negative="",
        occurred_at=at,
        entered_at=at,
        author=None,
        source="crew",
        replaced=False,
    )
    return replace(said, **more)  # type: ignore[arg-type]


def content(*entries: EntryPart, vitals: tuple[VitalPart, ...] = ()) -> Content:
    name = Named("Centre", "中心", "C1")
    return Content(
        record_id=str(UUID(int=7)),
        version=0,
        closed_at="",
        mission=MissionPart(
            number="M-1",
            incident_number="I-1",
            centre=name,
            station=name,
            call_sign="A1",
            plate="P",
            capability="als",
            crew=(),
            complaint="chest_pain",
            determinant="",
            priority=1,
            place_label="Street 4",
            place_detail="",
            moments=(Moment("at_patient", "eTimes.07", NOON.isoformat(timespec="seconds")),),
            destination=Named("East Hospital", "东方医院", "H1"),
            state="on_board",
        ),
        patient=PatientPart("U-7", "", "male", "", 61, "", "", ""),
        vitals=vitals,
        entries=entries,
        handover=None,
    )


GROUP = str(UUID(int=500))
CASE = content(
    entry(1, "identity.age_years", "61", unit="years"),
    entry(2, "situation.possible_injury", "yes"),
    entry(3, "injury.cause", "fall_height"),
    entry(4, "exam.region", "chest", group=GROUP),
    entry(4, "exam.finding", "contusion", group=GROUP, id=str(UUID(int=90))),
    entry(5, "drug.aspirin", "300", unit="mg", route="oral"),
    entry(6, "vital.heart_rate", "118", unit="/min", group=str(UUID(int=501)), source="device"),
    entry(7, "history.allergy", pertinent_negative="no_known_allergy"),
    entry(8, "mood", "fine"),
    vitals=(
        VitalPart("spo2", 91.0, "%", NOON.isoformat(), "good", "monitor"),
        VitalPart("heart_rate", 99.0, "/min", NOON.isoformat(), "good", "monitor"),
        VitalPart("temperature", 30.0, "Cel", NOON.isoformat(), "invalid", "monitor"),
    ),
)


def test_a_fall_told_as_atmist() -> None:
    said = text(sections(CASE, Scheme.ATMIST), chinese=False)

    assert suggested(CASE) is Scheme.ATMIST
    assert said.splitlines() == [
        "A  Age and person",
        "   Age in years: 61 years [12:01, crew]",
        "T  Time",
        "   At the patient: 12:00 [12:00, clock]",
        "M  Mechanism",
        "   Reason for the call: Chest pain [dispatch]",
        "   Cause of injury: Fall from a height [12:03, crew]",
        "I  Injuries and impression",
        "   Chest: Contusion [12:04, crew]",
        "S  Signs",
        "   Heart rate: 118 /min [12:06, device]",
        "   Oxygen saturation: 91 % [12:00, device]",
        "T  Treatment",
        "   Allergy: No known drug allergy [12:07, crew]",
        "   Drug: Aspirin 300 mg Oral [12:05, crew]",
    ]


def test_the_same_in_chinese() -> None:
    said = text(sections(CASE, Scheme.ISBAR), chinese=True)

    assert "   药物：阿司匹林 300 毫克 口服 [12:05, 车组]" in said
    assert "   心率：118 次/分 [12:06, 设备]" in said
    assert "   送达医院：东方医院 [调度]" in said


def test_nothing_recorded_says_so_under_every_letter() -> None:
    bare = replace(CASE, entries=(), vitals=())

    found = text(sections(bare, Scheme.ATMIST), chinese=False)

    assert found.count("   –") == 4
    assert suggested(bare) is Scheme.ISBAR


def test_what_is_in_doubt_says_so() -> None:
    two = content(
        entry(1, "situation.acuity", "lower"),
        entry(2, "situation.acuity", "critical"),
    )

    assert "Critical (red) [12:02, crew] ⚠ in doubt" in text(
        sections(two, Scheme.ISBAR), chinese=False
    )


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_scheme_names_elements_that_there_are(scheme: Scheme) -> None:
    for part in SCHEMES[scheme]:
        named = [*part.newest, *part.every, *(code for _n, codes in part.groups for code in codes)]
        assert set(named) <= set(elements())
        assert all(elements()[code].occurs is not Occurs.GROUP for code in part.every)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    codes = sorted(elements())
    rows = []
    for number in range(draw(st.integers(0, 6))):
        one = elements()[draw(st.sampled_from(codes))]
        unit = draw(st.sampled_from(sorted(one.units))) if one.units else ""
        value = (
            draw(st.sampled_from(sorted(one.codes)))
            if one.codes
            else str(draw(st.integers(0, 50)))
            if one.type is Kind.NUMBER
            else NOON.isoformat()
            if one.type is Kind.TIME
            else draw(st.sampled_from(["seven", "x"]))
        )
        rows.append(
            entry(
                number,
                one.code,
                value,
                unit=unit,
                group=GROUP if one.occurs is Occurs.GROUP else "",
            )
        )
    return content(*rows)


@given(contents(), st.sampled_from(list(Scheme)))
@example(
    content(
        entry(1, "procedure.kind", "airway_opening", group=GROUP),
        entry(2, "procedure.success", "no", group=GROUP),
    ),
    Scheme.ATMIST,
)
def test_every_number_and_label_in_the_text_is_in_the_record(of: Content, scheme: Scheme) -> None:
    found = sections(of, scheme)
    labels = {
        (term.en, term.zh)
        for part in of.entries
        for table, code in (
            (elements()[part.element].table, part.value),
            ("unit", part.unit),
        )
        if (term := code_lists().get(table, {}).get(code))
    }
    own = {part.value for part in of.entries} | {
        of.mission.call_sign,
        of.mission.number,
        of.mission.place_label,
        of.patient.temporary_number,
        "East Hospital",
        "东方医院",
        *(one for pair in labels for one in pair),
        *(
            label
            for element, code in (("dispatch.reason", of.mission.complaint),)
            for label in (
                elements()[element].codes[code].en,
                elements()[element].codes[code].zh,
            )
        ),
        *(moment.at for moment in of.mission.moments),
    }
    yes_or_no = {
        name
        for one in elements().values()
        if one.table.startswith("yes_no")
        for name in (f"({one.en}: ", f"（{one.zh}：", ")", "）")
    }

    for section in found:
        for one in section.items:
            rest = {"en": one.line.en, "zh": one.line.zh}
            for language, words in rest.items():
                left = words
                for known in sorted(filter(None, own | yes_or_no), key=len, reverse=True):
                    left = left.replace(known, "")
                assert left.strip() == "", (language, words, left)
            assert one.line.source in SOURCES
    numbers = set(NUMBER.findall(" ".join([*own, *(part.occurred_at for part in of.entries)])))
    numbers |= set(NUMBER.findall(" ".join(one.en + one.zh for one in elements().values())))
    clocks = {part.occurred_at[11:13] for part in of.entries} | {"12"}
    clocks |= {part.occurred_at[14:16] for part in of.entries} | {"00"}
    for chinese in (False, True):
        said = NUMBER.findall(text(found, chinese=chinese))
        assert set(said) <= numbers | clocks


@given(contents())
def test_the_same_content_gives_the_same_text(of: Content) -> None:
    shuffled = replace(of, entries=tuple(reversed(of.entries)))

    for scheme in Scheme:
        assert sections(shuffled, scheme) == sections(of, scheme)


def test_the_judge_and_the_case_agree() -> None:
    assert all(
        not judge(Statement(part.element, part.value, part.unit), group=None).problems
        for part in CASE.entries
        if part.element.startswith(("situation", "injury"))
    )
