"""Kinds and states of orders in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehr_prehospital.handover.orders.rules import OrderKind, OrderState

KINDS: Mapping[str, Promise] = {
    OrderKind.BLOOD: _("Blood"),
    OrderKind.IMAGING: _("Imaging"),
    OrderKind.THEATRE: _("Operating theatre"),
    OrderKind.LABORATORY: _("Laboratory"),
}
STATES: Mapping[str, Promise] = {
    OrderState.PREPARED: pgettext_lazy("order", "prepared"),
    OrderState.RELEASED: pgettext_lazy("order", "released"),
    OrderState.WITHDRAWN: pgettext_lazy("order", "withdrawn"),
}
