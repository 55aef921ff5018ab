"""The sentences for how a hospital's system answered."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CODES: Mapping[str, Promise] = {
    "AA": _("Accepted."),
    "CA": _("Accepted."),
    "AE": _("The hospital's system had an error; it is tried again."),
    "CE": _("The hospital's system had an error; it is tried again."),
    "AR": _("The hospital's system rejects the message."),
    "CR": _("The hospital's system rejects the message."),
    "no_code": _("The answer does not say whether the message was accepted."),
    "no_ack": _("No acknowledgement came in time."),
    "cut_in_answer": _("The connection was cut in the middle of the answer."),
    "cut_off": _("The connection was cut before the answer."),
    "wrong_control_id": _("The answer belongs to another message."),
    "unreadable": _("The answer is no HL7 message."),
    "not_trusted": _("The certificate of the hospital's system is not trusted."),
    "no_message": _("What waits is no HL7 message."),
    "invalid_message": _("The message breaks a rule of HL7 and was not sent."),
}
