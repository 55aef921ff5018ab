"""Consults, orders and messages as JSON: the same on the boards and in the answers of the API."""

from typing import Any

from dispatch.people.models import Organisation, User
from ehr_prehospital.consult.models import (
    Consult,
    ConsultMessage,
    ConsultParty,
    ConsultRequest,
    Drawing,
    Order,
)
from ehr_prehospital.record.items import names, when

# Any: as JSON has it; the shapes are in views.py.
Json = dict[str, Any]


def named(of: User | Organisation | None) -> Json | None:
    return {"id": str(of.pk), "name_en": of.name_en, "name_zh": of.name_zh} if of else None


def consult_item(row: Consult, *, whole: bool) -> Json:
    """`whole` for who is in it or rung by it: why the crew calls, and who else is there."""
    incident = row.mission.incident
    parties = sorted(row.parties.all(), key=lambda party: (party.rung_at, str(party.pk)))
    requests = sorted(row.requests.all(), key=lambda one: (one.asked_at, str(one.pk)))
    return {
        "id": str(row.pk),
        "mission_id": str(row.mission_id),
        "incident_id": str(row.mission.incident_id),
        "call_sign": row.mission.ambulance.call_sign,
        "priority": incident.priority,
        "complaint": incident.complaint,
        "patient_sex": incident.patient_sex,
        "patient_age_years": incident.patient_age_years,
        "reason": row.reason if whole else "",
        "state": row.state,
        "opened_at": when(row.opened_at),
        "opened_by": named(row.opened_by),
        "ended_at": when(row.ended_at),
        "parties": [party_item(one) for one in parties],
        "requests": [request_item(one) for one in requests if one.closed_at is None],
    }


def party_item(party: ConsultParty) -> Json:
    return {
        "id": str(party.pk),
        "side": party.side,
        "user": named(party.user),
        "hospital": named(party.hospital),
        "state": party.state,
        "reason": party.reason,
        "rung_at": when(party.rung_at),
        "answered_at": when(party.answered_at),
        "ended_at": when(party.ended_at),
        "silent_since": when(party.silent_since),
    }


def request_item(request: ConsultRequest) -> Json:
    return {
        "id": str(request.pk),
        "specialty": request.specialty,
        "hospital": named(request.hospital),
        "asked_by": named(request.asked_by),
        "asked_at": when(request.asked_at),
        "transfer": request.instead_of_id is not None,
    }


def order_item(row: Order) -> Json:
    words = sorted(row.words.all(), key=lambda word: (word.recorded_at, str(word.pk)))
    return {
        "id": str(row.pk),
        "consult_id": str(row.consult_id),
        "mission_id": str(row.consult.mission_id),
        "kind": row.kind,
        "content": row.content,
        "cautions": list(row.cautions),
        "state": row.state,
        "ordered_at": when(row.ordered_at),
        "ordered_by": named(row.ordered_by),
        "words": [
            {
                "id": str(word.pk),
                "step": word.step,
                "by": named(word.by),
                "occurred_at": when(word.occurred_at),
                "recorded_at": when(word.recorded_at),
                "said": word.said,
                "flags": list(word.flags),
            }
            for word in words
        ],
    }


def message_item(row: ConsultMessage) -> Json:
    return {
        "id": str(row.pk),
        "consult_id": str(row.consult_id),
        "mission_id": str(row.consult.mission_id),
        "author": names(row.author),
        "author_id": str(row.author_id),
        "text": row.text,
        "occurred_at": when(row.occurred_at),
    }


def drawing_message(row: Drawing) -> Json:
    """What went over the socket, as it went."""
    return {
        "v": 1,
        "t": row.t,
        **({"stream": str(row.stream)} if row.stream else {}),
        **({"seq": row.seq} if row.seq is not None else {}),
        **({"id": str(row.stroke)} if row.stroke else {}),
        **row.body,
        "author": str(row.author_id),
        "at": when(row.occurred_at),
    }
