"""The cases that the tablet's reducers are tested with are those that the rules give today."""

from tests.rules import dosing_cases, form_cases, merging_cases


def test_the_cases_of_merging_are_fresh() -> None:
    assert merging_cases.FILE.read_text(encoding="utf-8") == merging_cases.text(), (
        "run python -m tests.rules.merging_cases"
    )


def test_the_cases_of_the_forms_are_fresh() -> None:
    assert form_cases.FILE.read_text(encoding="utf-8") == form_cases.text(), (
        "run python -m tests.rules.form_cases"
    )


def test_the_cases_of_the_doses_are_fresh() -> None:
    assert dosing_cases.FILE.read_text(encoding="utf-8") == dosing_cases.text(), (
        "run python -m tests.rules.dosing_cases"
    )
