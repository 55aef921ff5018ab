"""The words for what an attempt came to, in the language of the request."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehr_prehospital.delivery.rules import Outcome

OUTCOMES: Mapping[str, Promise] = {
    Outcome.DELIVERED: pgettext_lazy("delivery", "delivered"),
    Outcome.PENDING: _("taken, not finished yet"),
    Outcome.LATER: _("tried again later"),
    Outcome.REFUSED: pgettext_lazy("delivery", "refused"),
    Outcome.INTERRUPTED: _("interrupted; sent again"),
}
# What stands for itself, whichever kind of partner it is.
CODES: Mapping[str, Promise] = {
    "timeout": _("The partner did not answer in time."),
    "unreachable": _("The partner could not be reached."),
    "cut_off": _("The connection was cut in the middle of the answer."),
    "answer_too_large": _("The answer is larger than any answer should be."),
    "no_adapter": _("Nothing here sends this kind."),
    "credentials_unreadable": _(
        "The credentials were sealed with another secret key: enter them again."
    ),
    "too_late": _("It was an alert, and of no use any more."),
    "fault_of_ours": _("A fault of ours, noted in the log."),
}
HTTP = _("The partner answered with the HTTP status %(status)s.")


def explained(code: str, of_kind: Mapping[str, Promise]) -> str:
    """A sentence for the code of an answer; "" where it has none."""
    if code in of_kind:
        return str(of_kind[code])
    if code.startswith("http_"):
        return str(HTTP) % {"status": code.removeprefix("http_")}
    return str(CODES.get(code, ""))
