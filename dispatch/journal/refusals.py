"""Refused: the base of every expected refusal, with a code and a sentence for the user."""

from django.utils.functional import Promise


class Refused(Exception):
    """An action that the rules do not allow. `detail` is in the user's language."""

    code = "refused"

    def __init__(self, detail: str | Promise, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code


class NotAllowed(Refused):
    """This person may not do this."""

    code = "not_allowed"


class BadInput(Refused):
    """What was sent cannot be understood; the sentence says what is wrong."""

    code = "bad_input"
