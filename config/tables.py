"""The state machines and who sees what, as Markdown: printed from the rules, never typed.

`python manage.py print_tables` writes the page, tests/rules/test_docs_are_fresh.py compares it.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from config.env import ROOT
from dispatch.fleet import rules as mission
from ehr_prehospital.access import rules as access
from ehr_prehospital.consult.rules import calls, orders
from ehr_prehospital.handover import rules as handover

PAGE: Path = ROOT / "docs" / "mission_states.md"

HEAD = """\
# States

Printed from the code by `python manage.py print_tables`; a test fails when this page is stale.
Do not edit it: edit the rules.
"""


def page() -> str:
    """The whole page. The same rules give the same text."""
    return "\n".join([HEAD, *mission_part(), *handover_part(), *consult_part(), *access_part()])


# --- the mission ----------------------------------------------------------------


def mission_part() -> list[str]:
    rows = [
        (
            code(state),
            codes(to for to in mission.TRANSITIONS[state] if to not in mission.COMMANDS),
            codes(to for to in mission.TRANSITIONS[state] if to in mission.COMMANDS),
            "ends" if state in mission.ENDS else "",
            mission.NEMSIS_TIMES.get(state, ""),
        )
        for state in mission.State
    ]
    posting = [
        (code(state), codes(mission.POSTING[state]))
        for state in mission.State
        if mission.POSTING[state] != mission.TRANSITIONS[state]
    ]
    doubts = [
        (code(doubt), "yes" if doubt in mission.COUNTED else "no")
        for doubt in mission.Contradiction
        if doubt
    ]
    return [
        "## Mission",
        "",
        "From `dispatch/fleet/rules.py`: `TRANSITIONS`, `WAY`, `ENDS`, `COMMANDS`, `NEMSIS_TIMES`.",
        "The crew is offered the facts; the dispatcher may give the commands, and a command that",
        "the table does not have is refused. A fact is never refused: one that does not fit is",
        "stored and flagged. The state is the furthest of the facts that count, in the order of",
        "the table; every end but `available` outranks the way itself.",
        "",
        *table(("State", "Facts from here", "Commands from here", "", "NEMSIS"), rows),
        "",
        "A posting (relocation, standby) goes the same way up to its waiting point; the unit stays",
        "free all the time, and an emergency ends it. A patient on it is flagged. It differs at",
        "(`POSTING`):",
        "",
        *table(("State", "Facts and commands from here"), posting),
        "",
        "Why a fact is flagged (`Contradiction`, judged by `judge`):",
        "",
        *table(("Flag", "Counts towards the state"), doubts),
        "",
        f"- A fact may be undone for {seconds(mission.UNDO_WITHIN)}.",
        f"- A clock may differ by {seconds(mission.CLOCK_TOLERANCE)} before a fact is flagged.",
        f"- A position is quarantined when it is older than {seconds(mission.FIX_LATE)}, more than",
        f"  {seconds(mission.FIX_FUTURE)} in the future, not newer than the last believed one,",
        "  at no possible place, or a jump: farther from the last believed one than",
        f"  {mission.JUMP_SLACK_M:g} m plus {mission.JUMP_M_PER_S:g} m for each second between.",
        "",
    ]


# --- the handover ---------------------------------------------------------------


def handover_part() -> list[str]:
    steps = handover.TRANSITIONS[handover.State.SENT]
    rows = [
        (
            code(state),
            codes(handover.IMPLIES.get(state, ())),
            "every step below" if handover.TRANSITIONS[state] == steps else steps_of(state),
        )
        for state in handover.State
    ]
    limits = ", ".join(seconds(limit) for limit in handover.UNCONFIRMED_AFTER)
    return [
        "## Handover",
        "",
        "From `ehr_prehospital/handover/rules.py`: `TRANSITIONS`, `IMPLIES`, `UNCONFIRMED_AFTER`.",
        "The state is the furthest step that has a time. An earlier step stays possible and does",
        "not move it back: a late confirmation of a patient who has arrived is worth recording.",
        "Only an arrival that the crew undoes is taken away again.",
        "",
        *table(("State", "Taking it also takes", "Steps still possible"), rows),
        "",
        f"- The steps: {steps_of(handover.State.SENT)}.",
        f"- Without a named person's word the alarm rises one level after {limits}.",
        "",
    ]


def steps_of(state: handover.State) -> str:
    return codes(to for to in handover.State if to in handover.TRANSITIONS[state])


# --- the consult ----------------------------------------------------------------


def consult_part() -> list[str]:
    parties = [(code(of), code(step), code(to)) for (of, step), to in calls.TRANSITIONS.items()]
    words = [
        (code(of), code(step), code(to), "fact" if step in orders.FACTS else "command")
        for (of, step), to in orders.TRANSITIONS.items()
    ]
    return [
        "## Consult",
        "",
        "From `ehr_prehospital/consult/rules/calls.py`: `TRANSITIONS`. A step taken twice changes",
        "nothing. The consult is what its parties are: it waits, rings, talks, has ended.",
        "",
        *table(("Party", "Step", "Then"), parties),
        "",
        f"- It rings for {seconds(calls.RING_FOR)}, then at the next physician on call.",
        f"- A page is called silent after {seconds(calls.SILENT_AFTER)}, and lost after",
        f"  {seconds(calls.LOST_AFTER)}: its sight of the patient closes.",
        f"- At most {calls.MOST_PARTIES} talk at once.",
        "",
        "An order, from `ehr_prehospital/consult/rules/orders.py`: `TRANSITIONS`. A fact that is",
        "not in the table is kept and flagged: what was given was given.",
        "",
        *table(("Order", "Step", "Then", ""), words),
        "",
    ]


# --- who sees what --------------------------------------------------------------


def access_part() -> list[str]:
    rows = [
        (code(role), code(relation), code(level))
        for (role, relation), level in access.TABLE.items()
    ]
    return [
        "## Who sees a patient",
        "",
        "From `ehr_prehospital/access/rules.py`: `TABLE`. Whoever is not here sees nothing.",
        "",
        *table(("Role", "Through", "Level"), rows),
        "",
        f"- A crew keeps sight for {hours(access.CREW_COMPLETES_RECORD)} after its mission.",
        "- A hospital has sight from the alert on, and after the transfer of care for another",
        f"  {hours(access.HOSPITAL_AFTER_HANDOVER)}; a redirect or a cancellation ends it at once.",
        "- Who was called to a consult has sight from answering until leaving it.",
        "- A control room has sight until the incident is closed.",
        "",
    ]


# --- words ------------------------------------------------------------------------


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [line(head), line(["---"] * len(head)), *(line(row) for row in rows)]


def line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def code(word: str) -> str:
    return f"`{word}`"


def codes(words: Iterable[str]) -> str:
    return ", ".join(code(word) for word in words) or "–"


def seconds(limit: timedelta) -> str:
    return f"{limit.total_seconds():g} s"


def hours(limit: timedelta) -> str:
    return f"{limit.total_seconds() / 3600:g} h"
