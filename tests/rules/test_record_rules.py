"""What an entry may say, that the coded tables are whole, and the chain of versions."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehr_prehospital.record.rules import (
    GENESIS,
    InvalidEntry,
    Statement,
    Wrong,
    check,
    plain,
    version_hash,
)
from ehr_prehospital.record.rules import number_in as number
from ehr_prehospital.record.terms import tables

TABLES = tables()


@pytest.mark.parametrize(
    "said",
    [
        Statement("complaint", "chest_pain"),
        Statement("complaint", "胸口像压了块石头"),
        Statement("impression", "stemi"),
        Statement("treatment.iv_access"),
        Statement("treatment.oxygen_mask", "10", "L/min"),
        Statement("drug.aspirin", "300", "mg", "oral"),
        Statement("drug.adrenaline", "0.1", "ug/kg/min"),
        Statement("drug.aspirin", pertinent_negative="contraindicated"),
        Statement("observation.gcs_total", "3"),
        Statement("observation.avpu", "verbal"),
        Statement("observation.blood_glucose", "5.6", "mmol/L"),
        Statement("allergy", "青霉素"),
        Statement("allergy", pertinent_negative="no_known_allergy"),
        Statement("note", "家属在场"),
        Statement("identity.name", ""),
        Statement("identity.age_years", "61"),
        Statement("impression", not_value="not_recorded"),
    ],
)
def test_what_makes_sense_is_taken(said: Statement) -> None:
    assert check(said) == said


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (Statement("mood", "fine"), Wrong.UNKNOWN_ELEMENT),
        (Statement("drug", "aspirin"), Wrong.UNKNOWN_ELEMENT),
        (Statement("note.private", "x"), Wrong.UNKNOWN_ELEMENT),
        (Statement("identity.weight", "80"), Wrong.UNKNOWN_ELEMENT),
        (Statement("identity.weight"), Wrong.UNKNOWN_ELEMENT),
        (Statement("drug.snake_oil", "1", "mg"), Wrong.UNKNOWN_CODE),
        (Statement("impression", "bad_luck"), Wrong.UNKNOWN_CODE),
        (Statement("note", "x", not_value="because"), Wrong.UNKNOWN_CODE),
        (Statement("drug.aspirin"), Wrong.VALUE_MISSING),
        (Statement("impression"), Wrong.VALUE_MISSING),
        (Statement("note", "  "), Wrong.VALUE_MISSING),
        (Statement("note", "x", not_value="not_recorded"), Wrong.VALUE_AND_REASON),
        (Statement("drug.aspirin", "300"), Wrong.UNIT_MISSING),
        (Statement("drug.aspirin", "300", "g"), Wrong.WRONG_UNIT),
        (Statement("drug.aspirin", "300", "mg", "iv"), Wrong.WRONG_ROUTE),
        (Statement("drug.aspirin", "3000", "mg"), Wrong.OUT_OF_BOUNDS),
        (Statement("drug.aspirin", "0", "mg"), Wrong.OUT_OF_BOUNDS),
        (Statement("drug.aspirin", "-1", "mg"), Wrong.OUT_OF_BOUNDS),
        (Statement("drug.aspirin", "0,3", "mg"), Wrong.NOT_A_NUMBER),
        (Statement("drug.aspirin", "NaN", "mg"), Wrong.NOT_A_NUMBER),
        (Statement("drug.aspirin", "Infinity", "mg"), Wrong.NOT_A_NUMBER),
        (Statement("observation.gcs_total", "2"), Wrong.OUT_OF_BOUNDS),
        (Statement("observation.blood_glucose", "101", "mg/dL"), Wrong.WRONG_UNIT),
        (Statement("identity.birth_date", "3.2.58"), Wrong.NOT_A_DATE),
        (Statement("identity.sex", "yes"), Wrong.UNKNOWN_CODE),
        (Statement("identity.age_years", "131"), Wrong.OUT_OF_BOUNDS),
        (Statement("allergy", "x" * 201), Wrong.TOO_LONG),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(said: Statement, wrong: Wrong) -> None:
    with pytest.raises(InvalidEntry) as refused:
        check(said)

    assert refused.value.wrong is wrong


def test_a_value_is_tidied_and_an_amount_needs_its_unit() -> None:
    assert check(Statement("drug.aspirin", " 300.00 ", "mg")).value == "300"
    assert plain(number("1E+2")) == "100"


@settings(max_examples=50)
@given(st.sampled_from(sorted(TABLES["drug"])), st.data())
def test_every_dose_up_to_the_limit_is_taken_and_none_beyond(
    code: str, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from(sorted(TABLES["drug"][code].amounts)))
    most = TABLES["drug"][code].amounts[unit]
    dose = data.draw(st.decimals(min_value="0.001", max_value=str(most), places=3))

    check(Statement(f"drug.{code}", str(dose), unit))
    with pytest.raises(InvalidEntry):
        check(Statement(f"drug.{code}", str(float(most) * 1.01), unit))


@settings(max_examples=50)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=10), st.text(max_size=10))
def test_whatever_is_typed_is_taken_or_refused_but_never_breaks(
    element: str, value: str, unit: str, route: str
) -> None:
    for name in (element, "note", f"drug.{element}", "drug.aspirin", "identity.birth_date"):
        with suppress(InvalidEntry):
            check(Statement(name, value, unit, route))


def test_every_term_has_both_languages_and_known_units_and_routes() -> None:
    for name, table in TABLES.items():
        for code, term in table.items():
            assert (term.en and term.zh) or (name, code) == ("unit", "1")
            assert {*term.amounts, *term.units} <= set(TABLES["unit"]), (name, code)
            assert set(term.routes) <= set(TABLES["route"]), (name, code)
            assert not term.choices or term.choices in TABLES, (name, code)
    assert all(term.amounts and term.routes for term in TABLES["drug"].values())


@pytest.mark.parametrize("system", ["icd10", "snomed", "rxnorm"])
def test_no_foreign_code_stands_for_two_terms_of_a_table(system: str) -> None:
    for table in TABLES.values():
        codes = [term.codes[system] for term in table.values() if system in term.codes]
        assert len(codes) == len(set(codes))


def test_the_lists_are_long_enough_to_work_with() -> None:
    assert all(len(TABLES[name]) >= 25 for name in ("impression", "treatment", "drug"))


@settings(max_examples=50)
@given(st.lists(st.text(), min_size=2, max_size=5), st.integers(0, 4))
def test_changing_one_version_changes_every_hash_after_it(texts: list[str], place: int) -> None:
    def chain(contents: list[str]) -> list[bytes]:
        hashes = [GENESIS]
        for content in contents:
            hashes.append(version_hash(previous=hashes[-1], content=content))
        return hashes[1:]

    place %= len(texts)
    changed = [*texts[:place], texts[place] + "!", *texts[place + 1 :]]

    before, after = chain(texts), chain(changed)

    assert before[:place] == after[:place]
    assert all(old != new for old, new in zip(before[place:], after[place:], strict=True))
