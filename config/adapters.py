"""What sends a delivery, by its kind, and how the kind and its answers are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.alerting.channels import email, gateway, web_push
from ehr_prehospital.alerting.channels.outbox import or_outbox
from ehr_prehospital.alerting.words import CODES as ALERT_CODES
from ehr_prehospital.delivery import plain_post
from ehr_prehospital.delivery.rules import Adapter
from ehr_prehospital.exchange.fhir import admission_client
from ehr_prehospital.exchange.fhir.mhd import client as mhd
from ehr_prehospital.exchange.fhir.subscriptions import queries as subscriptions
from ehr_prehospital.exchange.hl7v2 import client as hl7v2
from ehr_prehospital.exchange.hl7v2 import words as hl7v2_words
from ehr_prehospital.exchange.nemsis.submission import client, codes


@dataclass(frozen=True, slots=True)
class DeliveryKind:
    """`codes` are the sentences for the status codes that its partners answer with."""

    name: Promise
    adapter: Adapter
    codes: Mapping[str, Promise] = field(default_factory=dict)
    schemes: frozenset[str] = frozenset({"http", "https"})


def alert(name: Promise, adapter: Adapter, *schemes: str) -> DeliveryKind:
    """A channel to people: a demonstration writes files instead."""
    return DeliveryKind(
        name, or_outbox(adapter), ALERT_CODES, frozenset(schemes or ("http", "https"))
    )


KINDS: Mapping[str, DeliveryKind] = {
    plain_post.KIND: DeliveryKind(_("HTTP POST"), plain_post.send),
    subscriptions.KIND: DeliveryKind(_("FHIR Subscription"), plain_post.send),
    mhd.KIND: DeliveryKind(_("IHE MHD document registry"), mhd.send, mhd.STATUSES),
    web_push.KIND: alert(_("Alert: web push"), web_push.send, "mailto"),
    gateway.SMS: alert(_("Alert: SMS gateway"), gateway.send),
    gateway.VOICE: alert(_("Alert: voice gateway"), gateway.send),
    gateway.PAGER: alert(_("Alert: pager webhook"), gateway.send),
    email.KIND: alert(_("Alert: e-mail"), email.send, "smtp", "smtps"),
    client.KIND: DeliveryKind(_("NEMSIS web service"), client.send, codes.STATUSES),
    hl7v2.KIND: DeliveryKind(_("Hospital system, HL7 v2"), hl7v2.send, hl7v2_words.CODES),
    admission_client.KIND: DeliveryKind(
        _("Hospital system, FHIR"), admission_client.send, hl7v2_words.CODES
    ),
}
ADAPTERS: Mapping[str, Adapter] = {kind: one.adapter for kind, one in KINDS.items()}
