"""What is wrong with an entry, in the user's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from ehr_prehospital.record.rules import Wrong


def sentence(wrong: str, params: Mapping[str, str]) -> str:
    """The sentence of a code of `Wrong`; the code itself when an older version wrote it."""
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
        Wrong.NOT_A_TIME: _("“%(value)s” is not a time with its offset."),
        Wrong.NOT_A_POSITION: _("“%(value)s” is not a latitude and a longitude."),
        Wrong.REASON_NOT_ALLOWED: _("“%(reason)s” is no possible reason for “%(element)s”."),
        Wrong.GROUP_MISSING: _("“%(element)s” belongs into a group of entries."),
        Wrong.NOT_IN_A_GROUP: _("“%(element)s” stands by itself, in no group of entries."),
        Wrong.IN_FUTURE: _("It happened at %(value)s, which is still to come."),
        Wrong.UNKNOWN_PARENT: _("The entry to replace is not in this record."),
        Wrong.OTHER_ELEMENT: _("The entry to replace is about “%(element)s”."),
    }
    return texts[Wrong(wrong)] % params if wrong in set(Wrong) else wrong
