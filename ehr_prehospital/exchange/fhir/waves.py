"""Waves as Observations with SampledData: a component for each lead, coded by ISO/IEEE 11073."""

from collections.abc import Iterator

from ehr_prehospital.exchange.canonical import Trace, Waves
from ehr_prehospital.exchange.fhir.mapping import OWN, Json, coding, concept, table
from ehr_prehospital.exchange.fhir.resources import Frame, Told
from ehr_prehospital.exchange.fhir.values import instant

CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
TITLES = {
    "twelve_lead": {"en": "12-lead ECG", "zh": "12导联心电图"},
    "strip": {"en": "ECG strip of the monitor", "zh": "监护心电图条"},
}


def waves(frame: Frame) -> Iterator[Told]:
    for one in frame.record.waves:
        yield Told("enclosure", observed(frame, one))


def observed(frame: Frame, one: Waves) -> Json:
    name = "twelve_lead" if one.twelve_lead else "strip"
    title = TITLES[name][frame.language]
    row = table().waves
    codes = [coding(table().systems["mdc"], row["any_lead"])]
    if one.twelve_lead:
        codes.append(coding(table().systems["loinc"], row["twelve_lead"]))
    return frame.make(
        "Observation",
        one.id,
        "waves",
        status="final",
        category=[concept(coding(CATEGORY, "procedure"))],
        code=concept(*codes, coding(f"{OWN}wave", name, TITLES[name]["en"]), text=title),
        subject=frame.patient,
        encounter=frame.encounter,
        effectiveDateTime=instant(one.started_at),
        performer=[frame.performer],
        component=[
            {"code": lead_code(trace.lead), "valueSampledData": sampled(trace)}
            for trace in one.traces
        ],
    )


def lead_code(lead: str) -> Json:
    """The lead's MDC code, and always its name."""
    code = table().leads.get(lead)
    codes = [coding(table().systems["mdc"], code)] if code else []
    return concept(*codes, coding(f"{OWN}lead", lead), text=lead)


def sampled(trace: Trace) -> Json:
    """Values are steps: times `factor` they are microvolts. E is a sample that did not come."""
    return {
        "origin": {
            "value": 0,
            "unit": "µV",
            "system": table().systems["ucum"],
            "code": "uV",
        },
        "period": 1000 / trace.rate_hz,
        "factor": trace.scale_uv,
        "dimensions": 1,
        "data": " ".join("E" if step is None else str(step) for step in trace.samples),
    }
