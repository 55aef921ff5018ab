"""The settings of hospitals' own systems on the page of partners: what may be chosen, what was."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.people.models import Organisation
from ehr_prehospital.exchange.hl7v2.target import EVENTS, Encoding, Event

ENCODINGS = ((Encoding.UTF8, "UTF-8"), (Encoding.GB18030, "GB18030"))
ACCEPTS = (
    (Event.PENDING_ADMIT, _("A14, pending admission")),
    (Event.PRE_ADMIT, _("A05, pre-admission")),
    ("none", _("nothing")),
)
TOLD_OF: Mapping[Event, Promise] = {
    Event.REGISTER: _("on board, registered"),
    Event.UPDATE: _("corrections"),
    Event.CANCEL_PRE_ADMIT: _("pre-admission cancelled"),
    Event.CANCEL_VISIT: _("visit cancelled"),
    Event.MERGE: _("unknown patient merged"),
    Event.MOVE_VISIT: _("merge taken back"),
    Event.ARRIVE: _("arrived at the door"),
    Event.ORDER: _("orders released"),
}
PLAIN = ("application", "facility", "encoding", "accept", "language", "ack_s")
LONGEST = 60
# Of a channel to people: the sender's address, push services, files instead of messages.
OF_CHANNELS = ("from", "services", "outbox")
LONGEST_OF_CHANNELS = 400


# Any: a template's context.
def hospital_choices(centre: Organisation) -> dict[str, Any]:
    hospitals = Organisation.objects.filter(kind=Organisation.Kind.HOSPITAL, parent=centre)
    return {
        "hospitals": list(hospitals.order_by("code")),
        "encodings": ENCODINGS,
        "accepts": ACCEPTS,
        "told_of": [
            {"code": event.value, "name": name, "usual": event in EVENTS}
            for event, name in TOLD_OF.items()
        ],
    }


def hospital_options(request: HttpRequest) -> dict[str, str]:
    """What the form says; "none" where no event was ticked."""
    said = request.POST
    options = {
        name: said[f"option_{name}"].strip()[:LONGEST] for name in PLAIN if f"option_{name}" in said
    }
    chosen = [one for one in said.getlist("option_events") if one in {str(e) for e in TOLD_OF}]
    return {**options, "events": " ".join(chosen) or "none"}


def channel_options(request: HttpRequest) -> dict[str, str]:
    """What the form says; an empty field takes back what stood there."""
    said = request.POST
    return {
        name: said.get(f"option_{name}", "").strip()[:LONGEST_OF_CHANNELS] for name in OF_CHANNELS
    }
