"""The adapter for a hospital's FHIR server: one transaction, and what the server makes of it."""

import json
from typing import Any

from ehr_prehospital.delivery.http import Unanswered, ask, unusable
from ehr_prehospital.delivery.plain_post import authorization
from ehr_prehospital.delivery.rules import Answer, Outcome, Parcel, Remark
from ehr_prehospital.exchange.fhir.admission import CONTENT_TYPE, KIND
from ehr_prehospital.exchange.fhir.mapping import OWN

__all__ = ["KIND", "send"]

LONGEST_PAUSE_S = 60.0
OTHER_SYSTEM = f"{OWN}preadmission"


def send(parcel: Parcel) -> Answer:
    """Any 2xx is delivered. Credentials: `token`, or `username` and `password`."""
    if not parcel.content:
        return Answer(Outcome.REFUSED, "no_message")
    headers = {
        "Content-Type": CONTENT_TYPE,
        "Accept": CONTENT_TYPE,
        "Prefer": "return=representation",
        "X-Request-Id": str(parcel.id),
        **authorization(parcel),
    }
    try:
        answer = ask("POST", parcel.partner.address, content=parcel.content, headers=headers)
    except Unanswered as failure:
        return Answer(
            Outcome.LATER,
            failure.code,
            longest_pause_s=LONGEST_PAUSE_S,
            rests=failure.code == "unreachable",
        )
    said = answer.body.decode("utf-8", "replace")
    body = parsed(said)
    if bad := unusable(answer):
        return Answer(
            bad.outcome,
            bad.code,
            said=said,
            remarks=issues(body),
            retry_after_s=bad.retry_after_s,
            longest_pause_s=LONGEST_PAUSE_S,
        )
    number = visit_number(body)
    given = {"visit_number": number} if number else {}
    return Answer(Outcome.DELIVERED, f"http_{answer.status}", said=said, given=given)


# Any: whatever JSON another system sends.
def parsed(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of what should be a list of objects."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def issues(body: dict[str, Any]) -> tuple[Remark, ...]:
    """Codes and places of an OperationOutcome; its words may repeat what stands in the Bundle."""
    return tuple(
        Remark(
            "error" if one.get("severity") in ("fatal", "error") else "warning",
            str(one.get("code", "")),
            where=", ".join(str(place) for place in one.get("expression") or []),
        )
        for one in rows(body.get("issue"))
    )


def visit_number(body: dict[str, Any]) -> str:
    """The hospital's own number of the Encounter: an identifier of type VN that is not ours."""
    for entry in rows(body.get("entry")):
        resource = entry.get("resource")
        if not isinstance(resource, dict) or resource.get("resourceType") != "Encounter":
            continue
        for one in rows(resource.get("identifier")):
            kind = one.get("type") if isinstance(one.get("type"), dict) else {}
            codes = [code.get("code") for code in rows(kind.get("coding"))]  # type: ignore[union-attr]
            if "VN" in codes and one.get("system") != OTHER_SYSTEM and one.get("value"):
                return str(one["value"])
    return ""
