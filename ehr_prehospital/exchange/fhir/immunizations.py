"""Immunizations: elements of NEMSIS that the record carries, told in FHIR."""

from collections.abc import Iterator
from uuid import UUID

from ehr_prehospital.exchange.canonical import Statement
from ehr_prehospital.exchange.fhir.mapping import Json, coding, concept, table
from ehr_prehospital.exchange.fhir.resources import Frame, Told

KIND, YEAR = "nemsis:eHistory.10", "nemsis:eHistory.11"


def immunizations(frame: Frame) -> Iterator[Told]:
    """Each kind that was said, with its year where there is one."""
    years: dict[UUID | None, str] = {one.group: one.value for one in frame.record.every(YEAR)}
    for said in frame.record.every(KIND):
        if said.value in table().immunizations:
            yield Told("immunization", given(frame, said, years.get(said.group, "")))


def given(frame: Frame, said: Statement, year: str) -> Json:
    when = {"occurrenceDateTime": year} if year else {"occurrenceString": "unknown"}
    return frame.make(
        "Immunization",
        said.group or "",
        said.value,
        status="completed",
        vaccineCode=vaccine(said.value, frame.language),
        patient=frame.patient,
        encounter=frame.encounter,
        **when,
    )


def vaccine(code: str, language: str) -> Json:
    row = table().immunizations[code]
    systems = table().systems
    more = [coding(systems[name], row[name]) for name in ("cvx", "ips") if name in row]
    return concept(*more, coding(systems["nemsis"], code, row["en"]), text=row[language])
