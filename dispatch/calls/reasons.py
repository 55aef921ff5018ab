"""Why a priority: the answers of the triage as sentences in the language of the request."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.calls.rules.duplicates import Reason, Sign
from dispatch.calls.rules.triage import protocol
from dispatch.people.models import in_language

SIGNS: dict[Sign, Promise] = {
    Sign.SAME_PLACE: _("same place"),
    Sign.AWAY_BY_ROAD: _("%(metres)s m by road"),
    Sign.AGO: _("%(ago)s apart"),
    Sign.SAME_COMPLAINT: _("same complaint"),
    Sign.LIKE_COMPLAINT: _("may be the same complaint"),
    Sign.SAME_WORDS: _("the same words"),
}


def sign(reason: Reason) -> str:
    """What speaks for one event, as a clause; durations as minutes:seconds."""
    seconds = int(reason.params.get("ago_s", 0))
    ago = f"{seconds // 60}:{seconds % 60:02d}"
    return str(SIGNS[reason.sign]) % {**reason.params, "ago": ago}


ANSWERS = {"yes": _("yes"), "no": _("no"), "unsure": _("unsure")}


def sentence(code: str) -> str:
    """`complaint:chest_pain`, `awake:no` or `chest_pain.sweating:yes` in words."""
    subject, _colon, value = code.partition(":")
    using = protocol()
    if subject == "complaint":
        complaint = using.complaints.get(value)
        return in_language(complaint.text.en, complaint.text.zh) if complaint else value
    where, _dot, name = subject.rpartition(".")
    asked = using.complaints[where].questions if where in using.complaints else using.arrest
    text = next((question.text for question in asked if question.code == name), None)
    shown = in_language(text.en, text.zh) if text else name
    return f"{shown} {ANSWERS.get(value, value)}"
