"""Triage: answers in, priority and its reasons out. A file holds the protocol.

Priority 1 is life at risk now, 5 is advice. An answer sets its own priority and
the worst one wins; "unsure" on an arrest question counts as the bad answer.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

PROTOCOL_FILE = Path(__file__).parent.with_name("protocol.toml")


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


ANSWERS = frozenset(Answer)


@dataclass(frozen=True, slots=True)
class Text:
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Question:
    code: str
    text: Text
    priority: Mapping[str, int]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    code: str
    text: Text
    base: int
    needs: tuple[str, ...]
    keywords: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Protocol:
    id: str
    version: str
    source: str
    arrest: tuple[Question, ...]
    complaints: Mapping[str, Complaint]


@dataclass(frozen=True, slots=True)
class Triage:
    """What triage says: priority 1–5, the determinant, why, and what the patient needs."""

    priority: int
    determinant: str
    reasons: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GivenPriority:
    """A priority that an incident brought along (another system's log): never judged again here."""

    priority: int
    protocol_id: str
    protocol_version: str

    @property
    def triage(self) -> Triage:
        """No reasons and no needs: whoever gave the priority did not say them."""
        return Triage(self.priority, f"{self.protocol_id}-{self.priority}", (), ())


class UnknownCode(ValueError):
    """A complaint, question or answer that the protocol does not have."""


@cache
def protocol(path: Path = PROTOCOL_FILE) -> Protocol:
    """Read the protocol file once."""
    with path.open("rb") as file:
        content = tomllib.load(file)
    return Protocol(
        id=content["id"],
        version=content["version"],
        source=content["source"],
        arrest=tuple(
            Question(item["code"], Text(item["en"], item["zh"]), {}) for item in content["arrest"]
        ),
        complaints={
            item["code"]: Complaint(
                code=item["code"],
                text=Text(item["en"], item["zh"]),
                base=item["base"],
                needs=tuple(item.get("needs", ())),
                keywords=item.get("keywords", ""),
                questions=tuple(
                    Question(
                        code=question["code"],
                        text=Text(question["en"], question["zh"]),
                        priority={a: question[a] for a in ("yes", "no") if a in question},
                        needs=tuple(question.get("needs", ())),
                    )
                    for question in item.get("questions", ())
                ),
            )
            for item in content["complaints"]
        },
    )


def triage(*, complaint: str, answers: Mapping[str, str], using: Protocol) -> Triage:
    """Judge the answers; raise UnknownCode for what the protocol does not know."""
    chosen = using.complaints.get(complaint)
    if chosen is None:
        raise UnknownCode(complaint)
    known = {question.code: question for question in (*using.arrest, *chosen.questions)}
    for code, answer in answers.items():
        if code not in known or answer not in ANSWERS:
            raise UnknownCode(f"{code}={answer}")
    needs = {*chosen.needs}
    needs.update(
        *(question.needs for question in chosen.questions if answers.get(question.code) == "yes")
    )
    # Breathing alone can be judged wrongly by a layperson, hence both questions.
    if answers.get("awake") in ("no", "unsure") and answers.get("breathing") in ("no", "unsure"):
        reasons = tuple(f"{code}:{answers[code]}" for code in ("awake", "breathing"))
        return Triage(1, "arrest-1", reasons, tuple(sorted(needs | {"als"})))
    priority, why = _weigh(chosen, answers)
    if priority == 1:
        needs.add("als")
    reasons = (f"complaint:{complaint}", *why)
    return Triage(priority, f"{complaint}-{priority}", reasons, tuple(sorted(needs)))


# What the arrest questions alone mean when only one of them is answered badly.
_ONE_BAD_SIGN = {"awake": 1, "breathing": 2}


def _weigh(chosen: Complaint, answers: Mapping[str, str]) -> tuple[int, list[str]]:
    """The priority that the answers give, with those that moved it."""
    levels = {
        code: level for code, level in _ONE_BAD_SIGN.items() if answers.get(code) == Answer.NO
    }
    for question in chosen.questions:
        level = question.priority.get(answers.get(question.code, ""))
        if level is not None:
            levels[f"{chosen.code}.{question.code}"] = level
    raising = {code: level for code, level in levels.items() if level < chosen.base}
    # A reassuring answer lowers the priority only when nothing raised it.
    moving = raising or {code: level for code, level in levels.items() if level > chosen.base}
    priority = min(moving.values(), default=chosen.base)
    return priority, [f"{code}:{answers[code.rpartition('.')[2]]}" for code in moving]
