"""Why an entry is refused, in the user's language."""

from django.utils.translation import gettext as _

from ehr_prehospital.record.rules import InvalidEntry, Wrong


def sentence(wrong: InvalidEntry) -> str:
    texts = {
        Wrong.UNKNOWN_ELEMENT: _("“%(element)s” is no element of the record."),
        Wrong.UNKNOWN_CODE: _("“%(code)s” is not in the table “%(table)s”."),
        Wrong.VALUE_MISSING: _("“%(element)s” needs a value, or a reason why there is none."),
        Wrong.VALUE_AND_REASON: _("“%(element)s” has a value and a reason for having none."),
        Wrong.NOT_A_NUMBER: _("“%(value)s” is not a number."),
        Wrong.NOT_A_DATE: _("“%(value)s” is not a date."),
        Wrong.TOO_LONG: _("“%(element)s” is longer than %(longest)s characters."),
        Wrong.UNIT_MISSING: _("“%(element)s” needs a unit: %(allowed)s."),
        Wrong.WRONG_UNIT: _("The unit “%(unit)s” is not possible here, only: %(allowed)s."),
        Wrong.WRONG_ROUTE: _("The route “%(route)s” is not possible here, only: %(allowed)s."),
        Wrong.OUT_OF_BOUNDS: _("%(value)s is not between %(low)s and %(high)s."),
    }
    return texts[wrong.wrong] % wrong.params
