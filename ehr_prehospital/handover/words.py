"""The labels of the handover's states."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.handover.rules import State

STATES: Mapping[str, Promise] = {
    State.SENT: _("sent"),
    State.DELIVERED: _("delivered"),
    State.SEEN: _("seen"),
    State.CONFIRMED: _("confirmed"),
    State.READY: _("ready"),
    State.ARRIVED: _("arrived"),
    State.OFFLOADING: _("being handed over"),
    State.HANDED_OVER: _("handed over"),
    State.REDIRECTED: _("redirected"),
    State.CANCELLED: _("cancelled"),
}


def state_label(state: str) -> str:
    return str(STATES.get(state, state))
