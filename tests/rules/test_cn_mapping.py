"""The Chinese fields: no identifier that was not read, no statement lost, units of the forms."""

import csv
import json
import re
from typing import Any

import pytest

from config.env import ROOT
from ehr_prehospital.exchange.cn.export import export
from ehr_prehospital.exchange.cn.mapping import State, table
from ehr_prehospital.record.catalogue import elements
from tests.rules.records import grouped, record, say

SEEN = ROOT.parent / "shared" / "standards" / "cn" / "cn_prehospital_fields.csv"
IDENTIFIER = re.compile(r"DE\d\d\.\d\d\.\d\d\d\.\d\d")
# Any: JSON.
Row = dict[str, Any]


def fields(*statements: Any) -> list[Row]:
    found: list[Row] = json.loads(export(record(*statements)))["fields"]
    return found


def one(*statements: Any) -> Row:
    (row,) = fields(*statements)
    return row


def test_every_verified_identifier_was_seen() -> None:
    if not SEEN.exists():
        pytest.skip("the list of seen fields is not on this machine")
    with SEEN.open(encoding="utf-8", newline="") as file:
        seen = {
            identifier
            for row in csv.DictReader(file)
            if (row["confidence"] or "").startswith("id seen")
            for identifier in IDENTIFIER.findall(row["de_id"])
        }
    assert len(seen) > 60

    verified = {row.id for rows in table().fields.values() for row in rows if row.id}

    assert len(verified) > 40
    assert verified <= seen


def test_what_is_not_verified_has_no_identifier() -> None:
    for rows in table().fields.values():
        for row in rows:
            assert bool(row.id) == (row.state is State.VERIFIED), row.name


def test_every_row_names_an_element_and_its_units_are_possible() -> None:
    for element, rows in table().fields.items():
        known = elements()[element]
        for row in rows:
            assert set(row.units) <= set(known.units)
            assert set(row.among) <= set(elements()[row.of].codes if row.of else ())
            assert not row.codes or row.codes in table().sets


def test_every_element_of_the_catalogue_comes_out() -> None:
    said = [say(element, "1") for element in elements()]

    found = {row["element"] for row in fields(*said)}

    assert found == set(elements())


def test_sex_is_a_national_code_beside_its_label() -> None:
    row = one(say("identity.sex", "female"))

    assert (row["identifier"], row["state"]) == ("DE02.01.040.00", "verified")
    assert (row["value"], row["label"], row["code_set"]) == ("2", "女", "GB/T 2261.1")


def test_glucose_is_told_in_millimoles() -> None:
    row = one(say("vital.glucose", "180", unit="mg/dL"))

    assert (row["value"], row["unit"], row["written"]) == ("10.0", "mmol/L", "180")


def test_temperature_bears_the_sign_of_the_forms() -> None:
    row = one(say("vital.temperature", "38.6", unit="Cel"))

    assert (row["value"], row["unit"], row["label"]) == ("38.6", "℃", "38.6 ℃")


def test_a_diagnosis_has_its_code_and_its_name() -> None:
    code, name = fields(say("situation.primary_impression", "stemi"))

    assert (code["identifier"], name["identifier"]) == ("DE05.01.024.00", "DE05.01.025.00")
    assert code["value"].startswith("I21")
    assert name["value"] == "ST段抬高型心肌梗死"


def test_a_finding_goes_to_the_field_of_its_region() -> None:
    rows = fields(*grouped(1, [("exam.region", "abdomen", ""), ("exam.finding", "guarding", "")]))

    assert {row["field"] for row in rows} == {"检查部位", "腹部检查结果"}


def test_a_code_that_was_never_read_is_not_invented() -> None:
    row = one(say("medication.route", "iv"))

    assert (row["value"], row["label"]) == ("", "静脉注射")
    assert (row["code_set"], row["code_state"]) == ("CV06.00.102", "to be confirmed")


def test_times_are_told_in_the_national_form_and_zone() -> None:
    row = one(say("situation.onset", "2026-11-22T04:05:06+00:00"))

    assert row["value"] == "20261122T120506"


def test_a_reason_for_no_value_is_told() -> None:
    row = one(say("history.allergy", pertinent_negative="no_known_allergy"))

    assert (row["value"], row["reason"]) == ("", "无已知药物过敏")


def test_an_element_of_another_standard_is_kept() -> None:
    row = one(say("nemsis:eOther.03", "x"))

    assert (row["field"], row["identifier"], row["value"]) == ("nemsis:eOther.03", None, "x")
