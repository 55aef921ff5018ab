"""Random answers on every form and what they give, for the tablet's twin of the forms' engine.

`python -m tests.rules.form_cases` writes the file again.
"""

import json
from pathlib import Path
from random import Random
from typing import Any

from ehr_prehospital.record.form_files import forms, forms_bytes
from ehr_prehospital.record.rules.forms import Form, Item, Type, evaluate_form

FILE = Path(__file__).parent / "cases" / "forms.json"
NUMBERS = ("4", "9", "10", "29", "30", "64", "65", "78", "89", "90", "109", "110", "", "unknown")


def form_cases() -> list[dict[str, Any]]:  # Any: JSON
    random = Random(20)
    return [case(form, answers(form, random)) for form in forms().values() for _ in range(30)]


def answers(form: Form, random: Random) -> dict[str, str]:
    complete = random.random() < 0.6
    calm = random.random() < 0.5
    return {
        item.id: answer(item, random, calm=calm)
        for item in form.items
        if complete or random.random() < 0.8
    }


def answer(item: Item, random: Random, *, calm: bool) -> str:
    if item.type is Type.YES_NO and calm:
        return "no"
    if item.options:
        return random.choice(item.options).code
    return random.choice(NUMBERS)


def case(form: Form, said: dict[str, str]) -> dict[str, Any]:  # Any: JSON
    result = evaluate_form(form, said)
    return {
        "form": form.id,
        "answers": said,
        "result": {
            "complete": result.complete,
            "score": result.score,
            "band": result.band,
            "reasons": result.reasons,
            "missing": result.missing,
            "proposals": result.proposals,
        },
    }


def text() -> str:
    found = {**json.loads(forms_bytes()), "cases": form_cases()}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
