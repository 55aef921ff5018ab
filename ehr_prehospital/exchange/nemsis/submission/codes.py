"""The status codes of the web service: what each is for us, and its words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.delivery.rules import Outcome

# By the WSDL's types. What is not named here and not 0 or 10 is a refusal: the partner has read
# the request and will say the same the next time.
DELIVERED = frozenset({1, 2, 3, 4, 5, 6})
PENDING = frozenset({0, 10})
# Trouble of the server's own.
LATER = frozenset({-20, -21, -22, -50})
# What it has already has been sent before: by us, whose answer was lost.
ALREADY_THERE = -11
# RetrieveStatus: the handle is not known, or its result is no longer kept.
NO_RESULT = frozenset({-40, -41, -42, -43})

STATUSES: Mapping[str, Promise] = {
    "1": _("Imported."),
    "2": _("Imported, with errors by the official rules."),
    "3": _("Imported, with warnings by the official rules."),
    "4": _("Imported, with warnings when it was loaded."),
    "5": _("Imported, with warnings of the partner's evaluation."),
    "6": _("Imported in part: some of it breaks official rules."),
    "0": _("The partner is still working on it."),
    "10": _("The document is valid; the partner is still working on it."),
    "-1": _("The partner does not know this user name or password."),
    "-2": _("The partner does not allow us this operation."),
    "-3": _("The partner does not allow us to report for this organisation."),
    "-4": _("The partner does not accept a value of the request."),
    "-5": _("The partner does not accept this combination of values in the request."),
    "-11": _("The partner has this document already."),
    "-12": _("Refused: the document does not fit the official schema."),
    "-13": _("Refused: the document breaks a fatal official rule."),
    "-14": _("Refused: the document has errors by the official rules."),
    "-15": _("Refused when it was loaded: a critical rule of the partner."),
    "-16": _("Refused: a critical rule of the partner's evaluation."),
    "-20": _("The partner's server has a fault."),
    "-21": _("The partner's database has a fault."),
    "-22": _("The partner's storage or network has a fault."),
    "-30": _("Refused: the message is larger than the partner accepts."),
    "-40": _("The partner no longer knows what became of it: it is sent again."),
    "-41": _("The partner has forgotten what became of it: it is sent again."),
    "-42": _("The partner does not understand its own handle: it is sent again."),
    "-43": _("The partner never gave this handle: it is sent again."),
    "-50": _("The partner is too busy."),
    "-51": _("The partner cannot say how much it accepts."),
    "incomplete": _("Values that NEMSIS demands are missing from the record."),
    "soap_fault": _("The partner's web service answered with a fault."),
    "unreadable": _("The answer cannot be read safely."),
    "no_answer_in_it": _("The answer is none of the NEMSIS web service."),
}
CUSTOM_SUCCESS = 100


def outcome_of(code: int) -> Outcome:
    """Codes of a state's own: above 100 a success, below -100 a refusal."""
    if code in DELIVERED or code > CUSTOM_SUCCESS or code == ALREADY_THERE:
        return Outcome.DELIVERED
    if code in PENDING:
        return Outcome.PENDING
    return Outcome.LATER if code in LATER else Outcome.REFUSED
