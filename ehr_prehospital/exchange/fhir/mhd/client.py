"""Sends the Bundle of ITI-65, and reads what became of each document."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.delivery.http import Unanswered, ask, unusable
from ehr_prehospital.delivery.plain_post import authorization
from ehr_prehospital.delivery.rules import Answer, Outcome, Parcel, Remark

KIND = "mhd.provide"
STATUSES: Mapping[str, Promise] = {
    "created": _("The registry has taken every document."),
    "not_all_created": _("The registry has not taken every document."),
    "no_answer_in_it": _("The answer does not say what became of the documents."),
}
LEVELS = {"fatal": "error", "error": "error", "warning": "warning"}


def send(parcel: Parcel) -> Answer:
    """Delivered when the answer is a transaction-response that has taken every entry."""
    headers = {
        "Content-Type": parcel.content_type,
        "Accept": "application/fhir+json",
        "Prefer": "return=OperationOutcome",
        **authorization(parcel),
    }
    try:
        answer = ask("POST", parcel.partner.address, content=parcel.content, headers=headers)
    except Unanswered as failure:
        return Answer(Outcome.LATER, failure.code)
    said = answer.body.decode("utf-8", "replace")
    body = parsed(said)
    if refused := unusable(answer):
        remarks = tuple(issues(body))
        return Answer(
            refused.outcome,
            refused.code,
            said=said,
            remarks=remarks,
            retry_after_s=refused.retry_after_s,
        )
    statuses = list(statuses_in(body))
    if body.get("type") != "transaction-response" or not statuses:
        # Whether it was taken is not known: sent again, under the same identifiers.
        return Answer(Outcome.LATER, "no_answer_in_it", said=said)
    bad = [one for one in statuses if not one.startswith("2")]
    if bad:
        return Answer(Outcome.REFUSED, "not_all_created", ", ".join(bad), said)
    return Answer(Outcome.DELIVERED, "created", said=said)


# Any: JSON of the partner's; nothing of its shape is believed.
def parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def statuses_in(body: Mapping[str, Any]) -> Iterator[str]:
    for one in body.get("entry") or ():
        response = one.get("response") if isinstance(one, dict) else None
        if isinstance(response, dict):
            yield str(response.get("status", ""))[:40]


def issues(body: Mapping[str, Any]) -> Iterator[Remark]:
    """What an OperationOutcome complains of, without its free words: these may name a patient."""
    if body.get("resourceType") != "OperationOutcome":
        return
    for one in body.get("issue") or ():
        if isinstance(one, dict):
            where = ", ".join(str(path) for path in one.get("expression") or ())
            level = LEVELS.get(str(one.get("severity")), "info")
            yield Remark(level, str(one.get("code", "")), where=where[:200])
