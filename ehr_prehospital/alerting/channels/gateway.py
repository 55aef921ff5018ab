"""SMS, voice call and pager through the HTTP gateway of a provider: one POST of JSON a message.

The gateway is asked for one thing: to know a message again by its id, for it may come twice.
"""

import json

from ehr_prehospital.alerting.channels.message import read
from ehr_prehospital.delivery.http import Unanswered, ask, unusable
from ehr_prehospital.delivery.plain_post import authorization
from ehr_prehospital.delivery.rules import Answer, Outcome, Parcel

SMS, VOICE, PAGER = "alert.sms", "alert.voice", "alert.pager"
# Nobody waits a minute for a gateway while a patient is on the way.
WHOLE_S = 10.0


def send(parcel: Parcel) -> Answer:
    """Any 2xx is delivered. Credentials as for a plain POST."""
    message = read(parcel.content)
    body = {
        "id": str(parcel.id),
        "channel": message.channel,
        "to": message.to,
        "text": message.text,
        "language": message.language,
    }
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": str(parcel.id),
        **authorization(parcel),
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    try:
        answer = ask(
            "POST", parcel.partner.address, content=content, headers=headers, whole_s=WHOLE_S
        )
    except Unanswered as failure:
        return Answer(Outcome.LATER, failure.code)
    said = answer.body.decode("utf-8", "replace")
    return unusable(answer) or Answer(Outcome.DELIVERED, f"http_{answer.status}", said=said)
