"""Elina R Macias: the same patient as a NEMSIS document and as the examples of IHE mPSC.

The examples are compared fact by fact (a code with its system, a number, a time, each at its place)
with the resource of ours that has most of them. `DIFFERS` names what is not equal, and why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ehr_prehospital.exchange.fhir.export import resources
from ehr_prehospital.exchange.nemsis.importing import import_document
from tests.rules.nemsis_files import NEMSIS, STANDARDS

STORY = NEMSIS / "compliance-2021-2024-v350" / "2023-EMS-3-Fall-Transport_v350.xml"
EXAMPLES = STANDARDS / "ihe-mpsc" / "examples"
Fact = tuple[str, str]

# Names, notes and references are said in other words; ids and tags are of the example only.
LEFT_OUT = {"id", "text", "display", "reference", "use", "system", "code", "url"}
NOT_ENTERED = {"meta", "resourceType", "subject", "patient", "encounter", "context", "identifier"}

AT_0841 = "the example says 08:41, the NEMSIS case that the patient was reached at 08:46:30"
NO_NAMES = "the NEMSIS case has numbers for people and codes for places, no names"
NOT_IN_CASE = "the NEMSIS case does not say it"
KINDS = ("Observation-Patient", "Device-Patient", "AllergyIntolerance", "Immunization-Patient")
# The examples' name without what all have in common -> why some of their facts are not ours.
DIFFERS: Mapping[str, str] = {
    "Allergies-Apples": "an allergy's kind follows from its code; NEMSIS has one list for all",
    "Allergies-Cats": "an allergy's kind follows from its code; NEMSIS has one list for all",
    "Device-Procedure-Catheterisation-Of-Vein": "a device of its own; the size is an Observation",
    "VitalSigns-BloodPressure-Device": "a device of its own; how it was measured is the method",
    "Location-Destination": "the example calls the hospital an ambulance and a chronic care place",
    "Location-Dispatch": "the station's place is carried; the example swaps its coordinates",
    "MedicationAdministration-Morphine": "the dose is a dose here, a rate without time there",
    "Observation-Ex-LastKnownWell": "an example of another patient",
    "Observation-Activity-Laundry": AT_0841,
    "Observation-BarriersTocare-HearingImpaired": AT_0841,
    "Observation-BarriersTocare-Language": AT_0841,
    "Observation-Last-Known-Well": AT_0841,
    "Observation-Last-Oral-Intake": AT_0841,
    "Observation-Number-of-People": AT_0841,
    "Observation-Possible-Injury": AT_0841,
    "VitalSigns-Blood-Glucose-Level-1": "the example writes mg/dl, which is no UCUM",
    "VitalSigns-BloodPressure-1": "measured by a device, the example says by finger",
    "VitalSigns-BloodPressure-3": "measured by a device, the example says by finger",
    "VitalSigns-BloodPressure-4": "96 in the NEMSIS case, 196 in the example; and by finger",
    "VitalSigns-Carbon-Monoxide-2": "LOINC 19911-7 is another measurement",
    "VitalSigns-Carbon-Monoxide-3": "LOINC 19911-7 is another measurement",
    "VitalSigns-Estimated-Weight-1": "NEMSIS has no time for a weight",
    "VitalSigns-PulseOximetry-1": "94 in the NEMSIS case, 90 in the example",
    "VitalSigns-PulseRhythm-1": "regular in the NEMSIS case, an irregular pulse in the example",
    "VitalSigns-PulseRhythm-3": "regular in the NEMSIS case, an irregular pulse in the example",
    "VitalSigns-PulseRhythm-4": "regular in the NEMSIS case, an irregular pulse in the example",
    "Organization-Paramedicine-Agency-StateID-Assigner": NO_NAMES,
    "Organization-Paramedicine-Agency": NO_NAMES,
    "Patient": NO_NAMES,
    "Practitioner-Chase-Grey": NO_NAMES,
    "Practitioner-Ellen-Costa": NO_NAMES,
    "Practitioner-Randall-M-Sadler": NO_NAMES,
    "Procedure-Catheterisation-Of-Vein": "NEMSIS names the complication, the example does not",
    "Procedure-External-Warming": NOT_IN_CASE,
    "ServiceRequest": "an order that was carried out, not a plan; the priority of an emergency",
}


# Any: JSON.
def facts(value: Any, path: str = "") -> set[Fact]:
    """Every code with its system and every value, at its place without its number."""
    found: set[Fact] = set()
    if isinstance(value, dict):
        if isinstance(value.get("code"), str) and "system" in value:
            found.add((path, f"{value['system']}|{value['code']}"))
        for name, inner in value.items():
            left_out = name in LEFT_OUT and not isinstance(inner, dict | list)
            if not left_out and name not in NOT_ENTERED:
                found |= facts(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            found |= facts(inner, path)
    else:
        found.add((path, str(value)))
    return found


@cache
def ours() -> tuple[tuple[str, frozenset[Fact]], ...]:
    (record,) = import_document(STORY.read_bytes())
    return tuple((one["resourceType"], frozenset(facts(one))) for one in resources(record))


def examples() -> list[Path]:
    return sorted(EXAMPLES.glob("*.json"))


def short_name(path: Path) -> str:
    """`Observation-ex-Patient-Elina-R-Macias-VitalSigns-HeartRate-1` → `VitalSigns-HeartRate-1`."""
    name = path.stem.replace("-ex", "", 1).replace("-Elina-R-Macias", "")
    for prefix in (
        "Observation-Patient-",
        "Device-Patient-",
        "AllergyIntolerance-",
        "Immunization-Patient-",
    ):
        name = name.removeprefix(prefix)
    kind, _dash, rest = name.partition("-")
    return rest if rest.startswith(f"{kind}-") or rest == kind else name


def compared(path: Path) -> tuple[set[Fact], set[Fact]]:
    """(the facts of an example that ours has, those that it has not)."""
    example = json.loads(path.read_text(encoding="utf-8"))
    wanted = facts(example)
    alike = [found for kind, found in ours() if kind == example["resourceType"]]
    best = max(alike, key=lambda found: len(wanted & found), default=frozenset())
    return wanted & best, wanted - best


def values_equal() -> int:
    """How many facts of all the examples are equal."""
    return sum(len(compared(path)[0]) for path in examples())


def values() -> int:
    """How many facts all the examples have."""
    return sum(len(one) for path in examples() for one in compared(path))
