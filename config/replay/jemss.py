"""Durations from the call generator of a JEMSS model (an XML file with distributions in days)."""

import re
from math import prod
from pathlib import Path
from xml.etree import ElementTree

from config.replay.durations import Always, Assumptions, Duration, Exponential, Normal

DAY_S = 86_400.0
CALL = re.compile(r"\s*(\w+)\(\s*(.*?)\s*\)\s*")


class BadModel(ValueError):
    """The file is not a call generator's, or has a distribution that is not known here."""


def read_model(path: Path, assumed: Assumptions) -> Assumptions:
    """The assumptions with what the model says: delay, time on scene, transport, handover.

    JEMSS has one delay from the call to the dispatch and none for turning out, reaching
    the patient or leaving; what it has no word for takes no time, as in JEMSS itself.
    """
    try:
        # The file is the operator's own, named on the command line.
        root = ElementTree.parse(path).getroot()  # noqa: S314
    except (OSError, ElementTree.ParseError) as wrong:
        raise BadModel(f"{path}: {wrong}") from wrong
    found = root.find(".//callDistributions")
    if found is None:
        raise BadModel(f"{path}: no <callDistributions>; is it a JEMSS call generator?")
    said = {one.tag: (one.text or "").strip() for one in found}
    missing = [
        name
        for name in ("dispatchDelay", "onSceneDuration", "transport", "handoverDuration")
        if name not in said
    ]
    if missing:
        raise BadModel(f"{path}: <callDistributions> has no {', '.join(missing)}")
    none = Always(0)
    return assumed.with_sources(
        f"JEMSS, {path.name}",
        answer=none,
        interview=duration(said["dispatchDelay"]),
        decide=none,
        turn_out=none,
        turn_out_on_road=none,
        to_patient=none,
        at_patient=duration(said["onSceneDuration"]),
        to_leave=none,
        hand_over=duration(said["handoverDuration"]),
        turn_around=none,
        transported=share(said["transport"]),
    )


def duration(text: str) -> Duration:
    """`Exponential(7.6/60/24)` is a mean of 7.6 minutes; JEMSS counts in days."""
    name, values = _parts(text)
    match name, values:
        case "Exponential", [mean] if mean > 0:
            return Exponential(mean * DAY_S)
        case "Normal", [mean, 0.0]:
            return Always(mean * DAY_S)
        case "Normal", [mean, deviation]:
            return Normal(mean * DAY_S, deviation * DAY_S)
    raise BadModel(f"unknown distribution: {text}")


def share(text: str) -> float:
    name, values = _parts(text)
    match name, values:
        case "Bernoulli", [chance] if 0 <= chance <= 1:
            return chance
    raise BadModel(f"unknown distribution: {text}")


def _parts(text: str) -> tuple[str, list[float]]:
    found = CALL.fullmatch(text)
    if not found:
        raise BadModel(f"unknown distribution: {text}")
    try:
        return found[1], [_number(part) for part in found[2].split(",")]
    except (ValueError, ZeroDivisionError) as wrong:
        raise BadModel(f"unknown distribution: {text}") from wrong


def _number(text: str) -> float:
    """A number, or numbers joined by `*` and `/`, as the models write a unit."""
    first, *below = text.split("/")
    top, *under = (prod(float(factor) for factor in part.split("*")) for part in (first, *below))
    return top / prod(under)
