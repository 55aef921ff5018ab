"""Forms: each edge of each band, and never a result from what nobody answered."""

import pytest

from ehr_prehospital.record.catalogue import elements
from ehr_prehospital.record.form_files import forms
from ehr_prehospital.record.rules.forms import FormResult, evaluate_form

RACE = {"side": "right", "face": "none", "arm": "none", "leg": "none", "gaze": "no"}
TRAUMA = {item.id: "no" if item.options else "" for item in forms()["field_triage"].items}
CALM = {"age": "40", "sbp": "120", "hr": "80", "rr": "16", "spo2_air": "97", "motor_gcs": "6"}


def judge(form: str, answers: dict[str, str]) -> FormResult:
    return evaluate_form(forms()[form], answers)


@pytest.mark.parametrize(
    ("form", "answers", "score", "band"),
    [
        ("race", {**RACE, "aphasia": "both"}, 0, "negative"),
        ("race", {**RACE, "face": "severe", "arm": "severe", "aphasia": "both"}, 4, "negative"),
        ("race", {**RACE, "face": "severe", "arm": "severe", "aphasia": "one"}, 5, "positive"),
        (
            "race",
            {
                "side": "left",
                **dict.fromkeys(("face", "arm", "leg"), "severe"),
                "gaze": "yes",
                "agnosia": "none",
                "aphasia": "none",
            },
            9,
            "positive",
        ),
        ("g_fast", {"gaze": "yes", "face": "yes", "arm": "no", "speech": "no"}, 2, "negative"),
        ("g_fast", {"gaze": "yes", "face": "yes", "arm": "yes", "speech": "no"}, 3, "positive"),
        ("lams", {"face": "yes", "arm": "severe", "grip": "none"}, 3, "negative"),
        ("lams", {"face": "yes", "arm": "severe", "grip": "some"}, 4, "positive"),
        ("lams", {"face": "yes", "arm": "severe", "grip": "severe"}, 5, "positive"),
    ],
)
def test_a_stroke_scale_has_its_published_cut(
    form: str, answers: dict[str, str], score: int, band: str
) -> None:
    result = judge(form, answers)

    assert (result.complete, result.score, result.band) == (True, score, band)
    assert ("vital.stroke_score", str(score)) in result.proposals
    assert ("vital.stroke_result", band) in result.proposals


@pytest.mark.parametrize(("speech", "band"), [("some", "negative"), ("severe", "positive")])
def test_fast_ed_is_positive_from_four(speech: str, band: str) -> None:
    said = {"face": "palsy", "arm": "some", "speech": speech, "gaze": "none", "neglect": "none"}

    assert judge("fast_ed", said).band == band


@pytest.mark.parametrize("said", ["", "unknown", "no such option"])
def test_what_is_not_known_makes_a_sum_incomplete(said: str) -> None:
    result = judge("race", {**RACE, "aphasia": "both", "gaze": said})

    assert (result.complete, result.score, result.band) == (False, None, "")
    assert result.missing == ("gaze",)
    assert result.proposals == ()
    assert judge("race", {**RACE, "side": said}).missing == ("side",)


@pytest.mark.parametrize(
    ("numbers", "met"),
    [
        ({"rr": "10"}, ()),
        ({"rr": "9"}, ("breathing_slow",)),
        ({"rr": "29"}, ()),
        ({"rr": "30"}, ("breathing_fast",)),
        ({"spo2_air": "90"}, ()),
        ({"spo2_air": "89"}, ("spo2",)),
        ({"motor_gcs": "5"}, ("motor",)),
        ({"age": "9", "sbp": "88"}, ()),
        ({"age": "9", "sbp": "87"}, ("sbp_child",)),
        ({"age": "9", "sbp": "100", "hr": "150"}, ()),
        ({"age": "10", "sbp": "90"}, ()),
        ({"age": "10", "sbp": "89"}, ("sbp_adult",)),
        ({"age": "64", "sbp": "109"}, ()),
        ({"age": "65", "sbp": "110"}, ()),
        ({"age": "65", "sbp": "109"}, ("sbp_old",)),
        ({"sbp": "120", "hr": "120"}, ()),
        ({"sbp": "120", "hr": "121"}, ("hr_over_sbp",)),
    ],
)
def test_the_numbers_of_field_triage_have_their_edges(
    numbers: dict[str, str], met: tuple[str, ...]
) -> None:
    result = judge("field_triage", {**TRAUMA, **CALM, **numbers})

    assert (result.complete, result.reasons) == (True, met)
    assert result.band == ("red" if met else "none")


def test_one_red_criterion_is_enough_whatever_is_missing() -> None:
    result = judge("field_triage", {"penetrating": "yes"})

    assert (result.complete, result.band, result.missing) == (True, "red", ())
    assert result.proposals == (("injury.high_risk", "penetrating"),)


def test_a_yellow_one_stands_while_a_red_one_is_not_excluded() -> None:
    open_ = judge("field_triage", {**TRAUMA, **CALM, "ejection": "yes", "spo2_air": "unknown"})
    closed = judge("field_triage", {**TRAUMA, **CALM, "ejection": "yes"})

    assert (open_.complete, open_.band, open_.missing) == (False, "yellow", ("spo2_air",))
    assert (closed.complete, closed.band) == (True, "yellow")
    assert judge("field_triage", {}).band == ""


@pytest.mark.parametrize(
    ("ones", "score", "band"),
    [(3, 7, "reassuring"), (4, 6, "moderate"), (5, 5, "moderate")],
)
def test_apgar_counts_five_signs(ones: int, score: int, band: str) -> None:
    signs = ("appearance", "pulse", "grimace", "activity", "respiration")
    said = {sign: "one" if at < ones else "two" for at, sign in enumerate(signs)}

    assert (judge("apgar", said).score, judge("apgar", said).band) == (score, band)
    zeros = {**said, "appearance": "zero", "pulse": "zero", "grimace": "zero", "activity": "one"}
    assert judge("apgar", {**zeros, "respiration": "two"}).band == "low"
    assert judge("apgar", {**zeros, "activity": "two", "respiration": "two"}).band == "moderate"


def test_what_forms_propose_is_in_the_catalogue() -> None:
    for form in forms().values():
        proposed = [(one.element, one.code) for one in form.criteria if one.element]
        proposed += [pair for band in form.bands for pair in band.proposes]

        assert [pair for pair in proposed if pair[1] not in elements()[pair[0]].codes] == []
        assert {item.origin for item in form.items} - {"", "age_years"} <= set(elements())
        assert all(one.en and one.zh for one in form.items)
        assert all(one.en and one.zh for one in form.criteria)
        assert all(one.advice_en and one.advice_zh for one in form.bands)


@pytest.mark.parametrize(
    ("form", "answers", "band"),
    [
        ("chest_pain", {"ecg_stemi": "yes"}, "red"),
        ("chest_pain", {"sbp": "89"}, "red"),
        ("chest_pain", {"character": "pressure", "radiation": "yes"}, "yellow"),
        ("chest_pain", {"spo2": "89"}, "yellow"),
        ("obstetric", {"sbp": "160"}, "red"),
        ("obstetric", {"dbp": "110"}, "red"),
        ("obstetric", {"fit": "yes", "crowning": "yes"}, "red"),
        ("obstetric", {"push": "yes"}, "birth"),
        ("obstetric", {"weeks": "36"}, "yellow"),
        ("paediatric_triangle", {"appearance": "yes", "breathing": "yes"}, "red"),
        ("paediatric_triangle", {"appearance": "yes", "circulation": "yes"}, "red"),
        ("paediatric_triangle", {"breathing": "yes"}, "yellow"),
        ("psychiatric", {"glucose": "3.9"}, "red"),
        ("psychiatric", {"suicidal": "yes"}, "yellow"),
        ("psychiatric", {"suicidal": "yes", "plan": "yes"}, "red"),
    ],
)
def test_one_criterion_that_is_met_is_enough(form: str, answers: dict[str, str], band: str) -> None:
    assert evaluate_form(forms()[form], answers).band == band


@pytest.mark.parametrize(
    ("form", "answers"),
    [
        (
            "chest_pain",
            {
                "ecg_stemi": "no",
                "sbp": "90",
                "character": "burning",
                "radiation": "no",
                "sweating": "no",
                "spo2": "90",
            },
        ),
        ("paediatric_triangle", {"appearance": "no", "breathing": "no", "circulation": "no"}),
        (
            "obstetric",
            dict.fromkeys(("cord", "fit", "bleeding", "crowning", "push"), "no")
            | {"sbp": "159", "dbp": "109", "weeks": "37"},
        ),
        (
            "psychiatric",
            dict.fromkeys(("weapon", "suicidal", "plan", "others"), "no")
            | {"glucose": "4", "spo2": "90", "agitation": "0"},
        ),
    ],
)
def test_at_the_edges_nothing_is_met_and_one_unknown_leaves_it_open(
    form: str, answers: dict[str, str]
) -> None:
    last = list(answers)[-1]

    assert evaluate_form(forms()[form], answers).band == "none"
    assert not evaluate_form(forms()[form], answers | {last: "unknown"}).complete
    assert evaluate_form(forms()[form], answers | {last: "unknown"}).band == ""
