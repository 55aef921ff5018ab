"""What an entry of the first elements may say: `drug.aspirin`, `treatment.cpr`, `note`, identity.

They go on being read for ever; the catalogue's elements are judged in judging.py. Every
element may carry a reason for having no value instead of a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ehr_prehospital.record.terms import Term, tables

LONGEST_TEXT = {"note": 4000, "allergy": 200, "complaint": 200}
LONGEST_IDENTITY = {"name": 120, "id_number": 40, "phone": 30}
OLDEST_AGE = 130


class Wrong(StrEnum):
    """Why an entry makes no sense; the sentences are in record/sentences.py."""

    UNKNOWN_ELEMENT = "unknown_element"
    UNKNOWN_CODE = "unknown_code"
    VALUE_MISSING = "value_missing"
    VALUE_AND_REASON = "value_and_reason"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    TOO_LONG = "too_long"
    UNIT_MISSING = "unit_missing"
    WRONG_UNIT = "wrong_unit"
    WRONG_ROUTE = "wrong_route"
    OUT_OF_BOUNDS = "out_of_bounds"
    NOT_A_TIME = "not_a_time"
    NOT_A_POSITION = "not_a_position"
    REASON_NOT_ALLOWED = "reason_not_allowed"
    GROUP_MISSING = "group_missing"
    NOT_IN_A_GROUP = "not_in_a_group"
    IN_FUTURE = "in_future"
    UNKNOWN_PARENT = "unknown_parent"
    OTHER_ELEMENT = "other_element"


class InvalidEntry(ValueError):
    """The entry cannot be stored; `wrong` says why, `params` which value and what is allowed."""

    def __init__(self, wrong: Wrong, **params: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.params = params


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody wants to write: an element with value and unit, or a reason for none."""

    element: str
    value: str = ""
    unit: str = ""
    route: str = ""
    not_value: str = ""
    pertinent_negative: str = ""

    @property
    def says_why(self) -> bool:
        """There is no value, and a reason for that."""
        return not self.value and bool(self.not_value or self.pertinent_negative)


def check(said: Statement) -> Statement:
    """Return the statement with a tidy value, or raise InvalidEntry."""
    known_code("not_value", said.not_value)
    known_code("pertinent_negative", said.pertinent_negative)
    value = said.value.strip()
    table, _dot, code = said.element.partition(".")
    judge = JUDGES.get(table)
    if judge is None or bool(code) != (table in CODED):
        raise InvalidEntry(Wrong.UNKNOWN_ELEMENT, element=said.element)
    if said.not_value and value:
        raise InvalidEntry(Wrong.VALUE_AND_REASON, element=said.element)
    said = replaced(said, value=value)
    return judge(said, code)


def replaced(said: Statement, *, value: str) -> Statement:
    return Statement(
        said.element, value, said.unit, said.route, said.not_value, said.pertinent_negative
    )


def needed(said: Statement) -> str:
    if not said.value:
        raise InvalidEntry(Wrong.VALUE_MISSING, element=said.element)
    return said.value


def known_code(table: str, code: str) -> None:
    if code and code not in tables()[table]:
        raise InvalidEntry(Wrong.UNKNOWN_CODE, table=table, code=code)


def term_of(table: str, code: str) -> Term:
    term = tables()[table].get(code)
    if term is None:
        raise InvalidEntry(Wrong.UNKNOWN_CODE, table=table, code=code)
    return term


def judge_drug(said: Statement, code: str) -> Statement:
    """A drug has a dose with a unit; the route may be missing but not be a wrong one."""
    term = term_of("drug", code)
    if said.route and said.route not in term.routes:
        raise InvalidEntry(Wrong.WRONG_ROUTE, route=said.route, allowed=", ".join(term.routes))
    if said.says_why:
        return said
    needed(said)
    return amount(said, term.amounts)


def judge_treatment(said: Statement, code: str) -> Statement:
    """A treatment is said by its element alone; some have an amount."""
    term = term_of("treatment", code)
    if said.route:
        raise InvalidEntry(Wrong.WRONG_ROUTE, route=said.route, allowed="")
    if not said.value:
        return said
    return amount(said, term.amounts)


def amount(said: Statement, largest: Mapping[str, float]) -> Statement:
    """A number above zero in one of the units, not beyond what is typed on purpose."""
    allowed = ", ".join(largest)
    if not said.unit:
        raise InvalidEntry(Wrong.UNIT_MISSING, element=said.element, allowed=allowed)
    if said.unit not in largest:
        raise InvalidEntry(Wrong.WRONG_UNIT, unit=said.unit, allowed=allowed)
    number = number_in(said.value)
    if not 0 < number <= Decimal(str(largest[said.unit])):
        raise InvalidEntry(
            Wrong.OUT_OF_BOUNDS,
            value=said.value,
            low="0",
            high=f"{largest[said.unit]:g} {said.unit}",
        )
    return replaced(said, value=plain(number))


def judge_observation(said: Statement, code: str) -> Statement:
    term = term_of("observation", code)
    if said.says_why:
        return said
    needed(said)
    if term.choices:
        known_code(term.choices, said.value)
        return said
    if (said.unit or "1") not in term.units:
        raise InvalidEntry(Wrong.WRONG_UNIT, unit=said.unit, allowed=", ".join(term.units))
    number = number_in(said.value)
    low, high = Decimal(str(term.low)), Decimal(str(term.high))
    if not low <= number <= high:
        raise InvalidEntry(Wrong.OUT_OF_BOUNDS, value=said.value, low=str(low), high=str(high))
    return replaced(said, value=plain(number))


def judge_impression(said: Statement, code: str) -> Statement:
    if not said.says_why:
        term_of("impression", needed(said))
    return said


def judge_text(said: Statement, code: str) -> Statement:
    if not said.value and not said.says_why:
        raise InvalidEntry(Wrong.VALUE_MISSING, element=said.element)
    return short_enough(said, LONGEST_TEXT[said.element])


def short_enough(said: Statement, longest: int) -> Statement:
    if len(said.value) > longest:
        raise InvalidEntry(Wrong.TOO_LONG, element=said.element, longest=str(longest))
    return said


def judge_identity(said: Statement, code: str) -> Statement:
    """Identity may be emptied: a wrong name is replaced by none."""
    if not said.value:
        if code not in IDENTITY:
            raise InvalidEntry(Wrong.UNKNOWN_ELEMENT, element=said.element)
        return said
    match code:
        case "sex" | "id_type":
            known_code(code, said.value)
        case "birth_date":
            date_in(said.value)
        case "age_years":
            number = number_in(said.value)
            if number != number.to_integral_value() or not 0 <= number <= OLDEST_AGE:
                raise InvalidEntry(
                    Wrong.OUT_OF_BOUNDS, value=said.value, low="0", high=str(OLDEST_AGE)
                )
        case "name" | "id_number" | "phone":
            return short_enough(said, LONGEST_IDENTITY[code])
        case _:
            raise InvalidEntry(Wrong.UNKNOWN_ELEMENT, element=said.element)
    return said


IDENTITY = ("name", "sex", "birth_date", "age_years", "id_type", "id_number", "phone")
CODED = frozenset({"identity", "treatment", "drug", "observation"})
JUDGES = {
    "identity": judge_identity,
    "complaint": judge_text,
    "impression": judge_impression,
    "treatment": judge_treatment,
    "drug": judge_drug,
    "observation": judge_observation,
    "allergy": judge_text,
    "note": judge_text,
}


def number_in(text: str) -> Decimal:
    """A finite number as people type it; a decimal comma is not guessed at."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise InvalidEntry(Wrong.NOT_A_NUMBER, value=text) from None
    if not number.is_finite() or abs(number) > 10**9:
        raise InvalidEntry(Wrong.NOT_A_NUMBER, value=text)
    return number


def date_in(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidEntry(Wrong.NOT_A_DATE, value=text) from None


def plain(number: Decimal) -> str:
    """Without exponent and without trailing zeros: 1E+2 → 100, 0.50 → 0.5."""
    return format(number.normalize(), "f")
