"""One round of sending: claim, hand to the adapter, keep what came back."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from ehr_prehospital.delivery.actions import claim, finish
from ehr_prehospital.delivery.credentials import Unsealable, opened
from ehr_prehospital.delivery.models import Delivery
from ehr_prehospital.delivery.rules import Adapter, Answer, Outcome, Parcel, Partner

log = logging.getLogger(__name__)


def send_next(adapters: Mapping[str, Adapter], *, clock: Callable[[], datetime]) -> bool:
    """Send what is due next. False: nothing was due. Nothing is held while a partner is asked."""
    claimed = claim(now=clock())
    if claimed is None:
        return False
    late = claimed.of_use_until is not None and clock() > claimed.of_use_until
    answer = Answer(Outcome.REFUSED, "too_late") if late else sent(claimed, adapters)
    finish(claimed, answer, now=clock())
    return True


def sent(delivery: Delivery, adapters: Mapping[str, Adapter]) -> Answer:
    """What came back. A fault of ours does not stop the others: it waits for a person."""
    adapter = adapters.get(delivery.kind)
    if adapter is None:
        return Answer(Outcome.REFUSED, "no_adapter")
    try:
        parcel = parcel_of(delivery)
    except Unsealable:
        return Answer(Outcome.REFUSED, "credentials_unreadable")
    try:
        return adapter(parcel)
    except Exception as error:
        log.exception("delivery %s of kind %s", delivery.pk, delivery.kind)
        # Its kind only: what it says may hold a name.
        return Answer(Outcome.REFUSED, "fault_of_ours", type(error).__name__)


def parcel_of(delivery: Delivery) -> Parcel:
    """Raises Unsealable."""
    partner = delivery.partner
    return Parcel(
        id=delivery.pk,
        partner=Partner(
            partner.name,
            partner.organisation,
            partner.address,
            opened(bytes(partner.credentials)),
            {str(name): str(value) for name, value in partner.options.items()},
            partner.pk,
        ),
        content=bytes(delivery.content),
        content_type=delivery.content_type,
        ticket=delivery.ticket,
    )
