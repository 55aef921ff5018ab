"""Stored recommendations, replayed by command and shown on a page."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from dispatch.calls.models import Incident
from dispatch.decision.actions.units import choose_unit, recommend_units
from dispatch.decision.models import PolicyReplay, Recommendation
from dispatch.fleet.models import Ambulance
from dispatch.journal.models import Entry
from dispatch.people.models import User
from tests.town import NOW, Town, person

DAY = ["--day", NOW.date().isoformat(), "--days", "2"]


@pytest.fixture
def sent(
    chest_pain: Incident, a1: Ambulance, medic_wang: User, medic_other: User, dispatcher_li: User
) -> Recommendation:
    """A1, advanced, goes though A2, basic, is nearer."""
    stored, _ranking = recommend_units(incident=chest_pain, actor=dispatcher_li, now=NOW)
    choose_unit(
        incident=chest_pain,
        ambulance=a1,
        recommendation=stored,
        override_reason="",
        actor=dispatcher_li,
        now=NOW,
        mission_id=uuid4(),
    )
    return stored


def replayed(*options: str) -> str:
    out = StringIO()
    call_command("replay_decisions", *DAY, *options, stdout=out)
    return out.getvalue()


def test_a_day_is_replayed_from_what_was_stored(sent: Recommendation) -> None:
    same, other = replayed("--json", "--policy", "standard", "--policy", "nearest").splitlines()

    assert json.loads(same)["cases"] == []
    (case,) = json.loads(other)["cases"]
    assert (case["decided"]["call_sign"], case["replayed"]["call_sign"]) == ("A1", "A2")
    assert json.loads(other)["decided"]["decisions"] == 1
    assert PolicyReplay.objects.count() == 2
    assert Entry.objects.filter(kind="policy.replayed").count() == 2
    assert "1 cases differ" in replayed("--policy", "nearest")


def test_inputs_that_nobody_can_read_any_more_are_counted(sent: Recommendation) -> None:
    unread = Recommendation.objects.get(pk=sent.pk)
    unread.pk = uuid4()
    unread.inputs = {"scene": [120, 31]}
    unread.save(force_insert=True)

    assert json.loads(replayed("--json", "--policy", "standard"))["skipped"] == 1


@pytest.mark.parametrize("wrong", [["--policy", "best"], ["--policy", "standard", "--centre", "X"]])
def test_what_cannot_be_replayed_is_answered_in_a_sentence(
    sent: Recommendation, wrong: list[str]
) -> None:
    with pytest.raises(CommandError):
        replayed(*wrong)
    assert not PolicyReplay.objects.exists()


def test_a_day_without_decisions_is_refused_and_leaves_nothing(town: Town) -> None:
    with pytest.raises(CommandError):
        replayed("--policy", "standard")
    assert not PolicyReplay.objects.exists()


def test_the_pages_are_the_supervisors_in_both_languages(
    sent: Recommendation, town: Town, dispatcher_li: User, stranger: User
) -> None:
    replayed("--policy", "nearest")
    stored = PolicyReplay.objects.get()
    client = Client()
    for outsider in (dispatcher_li, stranger):
        client.force_login(outsider)
        assert client.get("/replays/").status_code == 403
    client.force_login(person("zhao", "supervisor", town.centre))

    every, one = client.get("/replays/"), client.get(f"/replays/{stored.pk}/")
    client.cookies["django_language"] = "zh-hans"
    chinese = client.get(f"/replays/{stored.pk}/")

    assert "Nearest free unit" in every.content.decode()
    assert sent.incident.number in one.content.decode()
    assert "最近的空闲单元" in chinese.content.decode()
