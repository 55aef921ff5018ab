"""Topics, what a system may ask for, and what it is sent. Pure.

After the FHIR Subscriptions R5 Backport, its R4 part: topic in `criteria`, what is in a
notification in an extension of `payload`, the status as Parameters.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
PROFILE = f"{BACKPORT}backport-subscription"
NOTIFICATION = f"{BACKPORT}backport-subscription-notification-r4"
STATUS_OF = f"{BACKPORT}backport-subscription-status-r4"
TOPIC = "urn:onboard:topic:"
HANDOVER, RECORD = f"{TOPIC}handover", f"{TOPIC}record"
MEDIA_TYPES = ("", "application/fhir+json", "application/json")
# A heartbeat more often than this is a load without a use.
LEAST_HEARTBEAT_S = 60

# Any: JSON.
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Topic:
    """What happened, by the kinds of journal rows; a prefix ends with a dot."""

    url: str
    title: str
    kinds: tuple[str, ...]


TOPICS: Mapping[str, Topic] = {
    one.url: one
    for one in (
        Topic(
            HANDOVER,
            "A patient on the way: alerted, redirected, cancelled, every step to the transfer",
            ("handover.",),
        ),
        Topic(
            RECORD,
            "The record of a patient on the way, or handed over, was written or closed",
            (
                "record.entry_added",
                "record.entry_replaced",
                "record.entry_shared",
                "record.closed",
                "record.attached",
                "patient.identified",
                "patient.described",
                "patient.merged",
                "patient.parted",
                "ecg.read",
            ),
        ),
    )
}


class Content(StrEnum):
    """How much a notification carries."""

    EMPTY = "empty"
    ID_ONLY = "id-only"
    FULL = "full-resource"


class NotUnderstood(ValueError):
    """A Subscription that asks for what is not there; the text says what, in FHIR's words."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a system asks for. `patients`: the ids of ours that it is limited to; none, all."""

    topic: str
    endpoint: str
    content: Content
    patients: tuple[str, ...] = ()
    heartbeat_s: int | None = None
    ends_at: datetime | None = None
    reason: str = ""


def wish_in(resource: Json) -> Wish:
    """Read a Subscription resource. Raises NotUnderstood."""
    channel = resource.get("channel") or {}
    if resource.get("criteria") not in TOPICS:
        raise NotUnderstood(f"criteria must be one of {', '.join(TOPICS)}")
    if channel.get("type") != "rest-hook":
        raise NotUnderstood("channel.type must be rest-hook")
    if channel.get("payload", "") not in MEDIA_TYPES:
        raise NotUnderstood("channel.payload must be application/fhir+json")
    if channel.get("header"):
        raise NotUnderstood("channel.header: credentials are kept with the registered partner")
    heartbeat = said(channel.get("extension"), "backport-heartbeat-period")
    if heartbeat is not None and (not isinstance(heartbeat, int) or heartbeat < LEAST_HEARTBEAT_S):
        raise NotUnderstood(f"the heartbeat period is {LEAST_HEARTBEAT_S} s at least")
    return Wish(
        topic=resource["criteria"],
        endpoint=str(channel.get("endpoint", "")),
        content=content_in(channel),
        patients=tuple(patients_in(resource)),
        heartbeat_s=heartbeat,
        ends_at=ends_at(resource.get("end")),
        reason=str(resource.get("reason", ""))[:200],
    )


def content_in(channel: Json) -> Content:
    wanted = said((channel.get("_payload") or {}).get("extension"), "backport-payload-content")
    try:
        return Content(wanted or Content.ID_ONLY)
    except ValueError:
        raise NotUnderstood("the payload content is empty, id-only or full-resource") from None


def patients_in(resource: Json) -> Iterator[str]:
    """`Encounter?patient=Patient/123` is the only filter that there is."""
    extensions = (resource.get("_criteria") or {}).get("extension") or []
    for one in extensions:
        if str(one.get("url", "")).endswith("backport-filter-criteria"):
            _type, _mark, query = str(one.get("valueString", "")).partition("?")
            name, _equals, value = query.partition("=")
            if name not in ("patient", "subject") or not value or "&" in value:
                raise NotUnderstood("the only filter is Encounter?patient=Patient/<id>")
            yield from (part.rpartition("/")[2] for part in value.split(","))


def ends_at(text: Any) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise NotUnderstood(f"{text} is no instant") from None
    if moment.tzinfo is None:
        raise NotUnderstood("end needs its offset")
    return moment


# Any: the value of an extension.
def said(extensions: Any, name: str) -> Any:
    """The value of one of the backport's extensions; None where it is not there."""
    for one in extensions or []:
        if str(one.get("url", "")) == f"{BACKPORT}{name}":
            return next((value for key, value in one.items() if key.startswith("value")), None)
    return None


def concerns(topic: str, kind: str) -> bool:
    """Whether a row of the journal is of a topic."""
    return any(
        kind.startswith(one) if one.endswith(".") else kind == one for one in TOPICS[topic].kinds
    )


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `focus` is the Encounter's address, "" where nothing is told."""

    number: int
    at: datetime
    focus: str


@dataclass(frozen=True, slots=True)
class Told:
    """Whose notification it is: what every one of them says."""

    address: str
    topic: str
    status: str
    events: int


def status(told: Told, kind: str, events: Sequence[Event], id_: UUID) -> Json:
    """The status of a subscription as Parameters; `kind` is the notification's type."""
    parameters: list[Json] = [
        {"name": "subscription", "valueReference": {"reference": told.address}},
        {"name": "topic", "valueCanonical": told.topic},
        {"name": "status", "valueCode": told.status},
        {"name": "type", "valueCode": kind},
        {"name": "events-since-subscription-start", "valueString": str(told.events)},
    ]
    for one in events:
        parts: list[Json] = [
            {"name": "event-number", "valueString": str(one.number)},
            {"name": "timestamp", "valueInstant": one.at.isoformat(timespec="milliseconds")},
        ]
        if one.focus:
            parts.append({"name": "focus", "valueReference": {"reference": one.focus}})
        parameters.append({"name": "notification-event", "part": parts})
    return {
        "resourceType": "Parameters",
        "id": str(id_),
        "meta": {"profile": [STATUS_OF]},
        "parameter": parameters,
    }


def notification(
    told: Told,
    kind: str,
    *,
    subscription: UUID,
    events: Sequence[Event] = (),
    resources: Iterable[tuple[str, Json]] = (),
    now: datetime,
) -> Json:
    """The Bundle that is sent: the status first, then (address, resource) of what it is about."""
    names = ",".join(str(one.number) for one in events)
    id_ = uuid5(subscription, f"{kind}/{names}/{now.isoformat() if not events else ''}")
    entries = [
        {
            "fullUrl": f"urn:uuid:{id_}",
            "resource": status(told, kind, events, id_),
            "request": {"method": "GET", "url": f"{told.address}/$status"},
            "response": {"status": "200"},
        }
    ]
    for address, resource in resources:
        kind_and_id = f"{resource['resourceType']}/{resource['id']}"
        entries.append(
            {
                "fullUrl": address,
                "resource": resource,
                "request": {"method": "PUT", "url": kind_and_id},
                "response": {"status": "200"},
            }
        )
    return {
        "resourceType": "Bundle",
        "id": str(uuid5(id_, "bundle")),
        "meta": {"profile": [NOTIFICATION]},
        "type": "history",
        "timestamp": now.isoformat(timespec="milliseconds"),
        "entry": entries,
    }
