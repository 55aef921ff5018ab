"""The catalogue is whole: every element bilingual, every table there, every code as published."""

import json
import re
from collections.abc import Iterator

import pytest

from config.env import ROOT
from dispatch.terms import tables as dispatch_tables
from ehr_prehospital.record.catalogue import Kind, Level, Occurs, code_lists, elements, groups
from ehr_prehospital.record.published import catalogue_bytes, catalogue_etag
from ehr_prehospital.record.rulebook import Must, cases, rules, texts
from ehr_prehospital.record.terms import tables
from ehr_prehospital.vitals.rules import SPECS

NEMSIS = ROOT.parent / "shared" / "standards" / "nemsis"
CODE = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z0-9]+(_[a-z0-9]+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Names that are written alike everywhere.
ALIKE = {"NEWS2"}


def rows(name: str) -> Iterator[list[str]]:
    """A table of the published dictionary, cell by cell."""
    file = NEMSIS / "dictionary" / name
    if not file.exists():
        pytest.skip("the published dictionary is not on this machine")
    for line in file.read_text(encoding="utf-8-sig", errors="replace").splitlines():
        if line.strip():
            yield [cell.strip("'") for cell in line.rstrip("|").strip().split("'|'")]


def test_there_is_the_whole_core_data_set() -> None:
    assert len(elements()) >= 130
    assert {"vital", "medication", "procedure", "exam", "arrest_event", "signature"} <= {
        group.code for group in groups().values() if group.repeats
    }


@pytest.mark.parametrize("code", sorted(elements()))
def test_an_element_is_named_in_both_languages_and_says_what_it_is(code: str) -> None:
    one = elements()[code]

    assert CODE.fullmatch(code)
    assert len(code) <= 60
    assert one.en
    assert CHINESE.search(one.zh) or one.zh in ALIKE
    assert bool(one.table) == (one.type is Kind.CODE)
    assert bool(one.units) == (one.type is Kind.NUMBER)
    assert not one.table or one.codes
    assert all(low < high for low, high in one.units.values())
    assert set(one.units) <= set(tables()["unit"])
    assert set(one.nv) <= set(tables()["not_value"])
    assert set(one.pn) <= set(tables()["pertinent_negative"])
    assert (one.occurs is Occurs.GROUP) == groups()[one.group].repeats
    assert not one.when or one.when in cases()
    assert not one.reading or one.reading in SPECS
    assert one.filled_from
    assert not one.nemsis or re.fullmatch(r"e[A-Z][A-Za-z]+\.\d\d", one.nemsis)


def test_every_code_has_both_labels_and_no_table_hides_another_of_dispatch() -> None:
    for name, table in code_lists().items():
        for code, term in table.items():
            assert term.zh or code == "1", (name, code)
            assert term.en or code == "1", (name, code)

    # A page is given both; the sexes are the same in both.
    assert set(tables()) & set(dispatch_tables()) == {"sex"}


def test_a_mandatory_element_carries_no_reason_for_none() -> None:
    assert [
        one.code for one in elements().values() if one.level is Level.MANDATORY and one.pn
    ] == []


def test_every_nemsis_number_level_and_code_is_published() -> None:
    head, *details = rows("EMSDataSet_ElementDetails_Full.txt")
    number, usage = head.index("ElementNumber"), head.index("Usage")
    published = {row[number]: row[usage].lower() for row in details}
    codes: dict[str, set[str]] = {}
    for row in rows("EMSDataSet_ElementEnumerations.txt"):
        codes.setdefault(row[1], set()).add(row[3])

    for one in elements().values():
        if not one.nemsis:
            continue
        assert one.nemsis in published, one.code
        if one.level in (Level.MANDATORY, Level.REQUIRED):
            assert one.level == published[one.nemsis], one.code
        named = {term.codes["nemsis"] for term in one.codes.values() if "nemsis" in term.codes}
        if one.nemsis in codes and one.table not in ("exam_region", "sex"):
            assert named <= codes[one.nemsis], one.code


def test_a_rule_names_elements_and_values_that_there_are() -> None:
    for rule in rules():
        assert rule.when in cases(), rule.id
        one = elements()[rule.element]
        assert set(rule.values) | set(rule.against) <= set(one.codes), rule.id
        assert not rule.other or elements()[rule.other].type is Kind.TIME
        assert bool(rule.other) == (rule.must is Must.NOT_BEFORE)
        en, zh = texts(rule)
        assert "{" not in en + zh
        assert CHINESE.search(zh)
    for name, case in cases().items():
        for condition in (condition for every in case for condition in every):
            known = elements()[condition.element]
            assert set(condition.among) | set(condition.not_among) <= set(known.codes), name


def test_rules_called_official_say_what_the_schematron_says() -> None:
    file = NEMSIS / "schematron" / "EMSDataSet.sch"
    if not file.exists():
        pytest.skip("the published rules are not on this machine")
    text = file.read_text(encoding="utf-8")
    official = [rule for rule in rules() if rule.official]
    assert len(official) > 50

    for rule in official:
        found = re.search(rf'<sch:assert id="{rule.id}"[^>]*>(.*?)</sch:assert>', text, re.DOTALL)
        assert found, rule.id
        said = re.sub(r"\s+", " ", re.sub(r"<sch:value-of[^>]*>", "\0", found[1])).strip()
        said = said.replace("&amp;", "&").replace(" \0", "\0").replace("\0 ", "\0")
        ours = re.sub(r" ?\{[^}]+\} ?", "\0", rule.en)
        assert said.startswith(ours.rstrip(".")), (rule.id, said, ours)


def test_the_tablet_gets_all_of_it_as_data() -> None:
    item = json.loads(catalogue_bytes())

    assert set(item["elements"]) == set(elements())
    assert len(item["rules"]) == len(rules())
    assert item["tables"]["rhythm"]["asystole"] == {"en": "Asystole", "zh": "心搏停止"}
    assert item["elements"]["medication.dose"]["units"]["mg"] == [0, 50000]
    assert catalogue_etag() == catalogue_etag()
