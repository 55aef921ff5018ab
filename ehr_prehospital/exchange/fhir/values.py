"""Statements as FHIR data types: quantities, codes, times, and reasons for no value."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from ehr_prehospital.exchange.canonical import Statement
from ehr_prehospital.exchange.fhir.mapping import OWN, Json, coding, concept, table
from ehr_prehospital.record.catalogue import Kind, code_lists, elements
from ehr_prehospital.record.rules.statements_of import words_of

CODED = re.compile(r"(nemsis|icd10|snomed|rxnorm):(.+)")
BOOLEAN = {"yes": True, "no": False}
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def label(said: Statement, language: str) -> str:
    """The value in words of a language."""
    english = language == "en"
    named = said.en if english else said.zh
    if named:
        return named
    if said.element in elements():
        en, zh = words_of(said.element, said.value, said.unit)
        return en if english else zh
    return f"{said.value} {said.unit}".strip()


def value_of(said: Statement, language: str) -> Json:
    """`valueX` of an Observation or a component; {} for nothing said."""
    if not said.value:
        return {}
    known = elements().get(said.element)
    kind = known.type if known else Kind.TEXT
    if kind is Kind.NUMBER:
        return measured(said)
    if kind is Kind.CODE:
        if known and known.table.startswith("yes_no") and said.value in BOOLEAN:
            return {"valueBoolean": BOOLEAN[said.value]}
        number = table().integers.get(said.element, {}).get(said.value)
        if number is not None:
            return {"valueInteger": number}
        return {"valueCodeableConcept": concept_of(said, language)}
    if kind in (Kind.TIME, Kind.DATE) and (moment := time_of(said.value)):
        return {"valueDateTime": moment}
    return {"valueString": said.value}


def measured(said: Statement) -> Json:
    """A number with its UCUM unit; a count is an integer."""
    number = decimal(said.value)
    if number is None:
        return {"valueString": said.value}
    if said.unit in ("", "1"):
        whole = number == number.to_integral_value()
        return (
            {"valueInteger": int(number)} if whole else {"valueQuantity": {"value": float(number)}}
        )
    return {"valueQuantity": quantity(said)}


def quantity(said: Statement) -> Json:
    number = decimal(said.value)
    code = table().ucum.get(said.unit, said.unit)
    whole = number is not None and number == number.to_integral_value()
    return {
        "value": int(number or 0) if whole else float(number or 0),
        "unit": said.unit,
        "system": table().systems["ucum"],
        "code": code,
    }


def decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def concept_of(said: Statement, language: str) -> Json:
    """The codes of a value in every system that has one, and its words."""
    known = elements().get(said.element)
    name = known.table if known else ""
    if found := CODED.fullmatch(said.value):
        codings = [coding(table().systems[found[1]], found[2])]
        if said.value in table().more:
            codings.append(coding(table().systems["snomed"], table().more[said.value]))
        return concept(*codings, text=label(said, language))
    term = code_lists().get(name, {}).get(said.value) if name else None
    if term is None:
        return concept(text=label(said, language))
    codings = [
        coding(table().systems[system], code)
        for system, code in term.codes.items()
        if system in table().systems and not code.startswith("eExam")
    ]
    more = table().snomed.get(name, {}).get(said.value, [])
    codes = [more] if isinstance(more, str) else more
    codings.extend(coding(table().systems["snomed"], code) for code in codes)
    codings.append(coding(f"{OWN}{name}", said.value, term.en))
    return concept(*codings, text=label(said, language))


def time_of(text: str) -> str:
    """A dateTime; "" for what is none."""
    if DAY.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return instant(moment) if moment.tzinfo else ""


def instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds" if not moment.microsecond else "milliseconds")


def why_not(said: Statement) -> Json:
    """`dataAbsentReason` of a statement without a value; an absent finding is a value."""
    if said.value or not (reason := said.not_value or said.pertinent_negative):
        return {}
    code = table().absent.get(reason)
    if code is None:
        text = code_lists()["pertinent_negative"][reason].en
        return {"valueCodeableConcept": concept(coding(f"{OWN}pertinent_negative", reason, text))}
    return {"dataAbsentReason": concept(coding(ABSENT, code))}


def negated(said: Statement) -> Json:
    """A finding that was looked for and is not there."""
    if not (said.value and said.pertinent_negative):
        return {}
    return {"interpretation": [concept(coding(INTERPRETATION, "NEG"))]}
