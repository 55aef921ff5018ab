"""The clinical tables as words for a page, in the language of the request."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.people.models import in_language
from ehr_prehospital.record.catalogue import code_lists, elements, groups
from ehr_prehospital.record.rules import IDENTITY
from ehr_prehospital.record.terms import tables

ELEMENTS: Mapping[str, Promise] = {
    "complaint": _("complaint"),
    "impression": _("impression"),
    "treatment": _("treatment"),
    "drug": _("drug"),
    "observation": _("observation"),
    "allergy": _("allergy"),
    "note": _("note"),
    "identity": _("identity"),
}
IDENTITY_PARTS: Mapping[str, Promise] = {
    "name": _("name"),
    "sex": _("sex"),
    "birth_date": _("date of birth"),
    "age_years": _("age"),
    "id_type": _("type of document"),
    "id_number": _("document number"),
    "phone": _("telephone"),
}


def labels(table: str) -> dict[str, str]:
    """Code → label of one coded table."""
    return {code: in_language(term.en, term.zh) for code, term in code_lists()[table].items()}


def label(table: str, code: str) -> str:
    """The label of a code, or the code itself when the table does not have it."""
    term = code_lists().get(table, {}).get(code)
    return in_language(term.en, term.zh) if term else code


def choices_of(element: str) -> str:
    """The table that an element's value is a code of; "" for a number or a text."""
    if known := elements().get(element):
        return known.table
    if element in ("complaint", "impression"):
        return element
    table, _dot, code = element.partition(".")
    term = tables().get(table, {}).get(code)
    return term.choices if term else ""


def element_label(element: str) -> str:
    """The name of an element as people read it: drug.aspirin → Aspirin."""
    table, _dot, code = element.partition(".")
    if table == "identity" and code in IDENTITY:
        return str(IDENTITY_PARTS[code])
    if known := elements().get(element):
        return in_language(known.en, known.zh)
    if code:
        return label(table, code)
    return str(ELEMENTS.get(element, element))


def group_label(element: str) -> str:
    """The name of an element's group: Vital signs; of the first elements, the kind itself."""
    kind = element.partition(".")[0]
    known = groups().get(kind)
    return in_language(known.en, known.zh) if known else str(ELEMENTS.get(kind, kind))


Options = dict[str, dict[str, dict[str, list[str]]]]


def entry_options() -> Options:
    """What the tablet offers for each coded element: its units and its routes."""
    return {
        table: {
            code: {
                "units": [*term.amounts, *term.units],
                "routes": list(term.routes),
                "choices": list(tables()[term.choices]) if term.choices else [],
            }
            for code, term in tables()[table].items()
        }
        for table in ("drug", "treatment", "observation")
    }
