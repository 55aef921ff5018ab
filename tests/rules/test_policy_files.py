"""Policies and run cards: every shipped file can be used, a bad one says where and why."""

from pathlib import Path

import pytest

from dispatch.calls.rules.triage import protocol
from dispatch.decision.policy_file import BadPolicy, policy_named, policy_names, read_policy
from dispatch.fleet.rules import HOLDS


@pytest.mark.parametrize("name", policy_names())
def test_a_shipped_policy_names_itself_its_source_and_both_languages(name: str) -> None:
    policy = policy_named(name)

    assert policy.version
    assert policy.source
    assert policy.text.en
    assert policy.text.zh
    assert set(policy.gates.equipment) <= set(HOLDS["equipment"])


def test_run_cards_speak_of_known_complaints_and_equipment_and_leave_nobody_out() -> None:
    cards = policy_named("standard").run_cards
    complaints = protocol().complaints

    assert cards.source
    for card in cards.cards:
        assert card.complaints <= complaints.keys()
        assert card.equipment <= set(HOLDS["equipment"])
    assert all(cards.card(code, priority).levels for code in complaints for priority in range(1, 6))


def test_every_bypass_names_its_source() -> None:
    for rule in policy_named("standard").hospitals.bypass.values():
        assert any(sign.isdigit() for sign in rule.source), "a guideline has a year"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gates = 3", "missing"),
        ('based_on = "standard"\nturnout = 1', "turnout"),
        ('based_on = "standard"\n[response]\ntarget_s = { 1 = 60 }', "from 1 to 5"),
        ("id = ", "policy.toml"),
        ('based_on = "standard"\n[relocation]\nmode = "guess"', "one of off"),
        ('based_on = "standard"\n[relocation]\nbusy = 1.0', "between 0 and 1"),
        ('based_on = "standard"\n[relocation]\nmode = "table"', "table is empty"),
        ('based_on = "standard"\n[relocation.table]\n1 = ["S1", "S2"]', "1 free units"),
        ('based_on = "standard"\n[relocation]\ngraded = []', "graded"),
    ],
)
def test_a_bad_policy_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)

    with pytest.raises(BadPolicy, match=says):
        read_policy(path)


def test_a_policy_may_hold_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('based_on = "standard"\nid = "ours"\n[gates]\nleast_crew = 2\n')

    policy = read_policy(path)

    assert policy.name == "ours-1.0"
    assert policy.gates.least_crew == 2
    assert policy.response == policy_named("standard").response


def test_an_unknown_policy_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadPolicy, match="standard"):
        policy_named("fastest-ever")
