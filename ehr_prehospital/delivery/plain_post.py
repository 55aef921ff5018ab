"""The plainest adapter: the bytes as the body of a POST, the same key whenever they are sent."""

from base64 import b64encode

from ehr_prehospital.delivery.http import Unanswered, ask, unusable
from ehr_prehospital.delivery.rules import Answer, Outcome, Parcel

KIND = "http.post"


def send(parcel: Parcel) -> Answer:
    """Any 2xx is delivered. Credentials: `token`, or `username` and `password`."""
    headers = {
        "Content-Type": parcel.content_type,
        # The receiver may know it again by this.
        "Idempotency-Key": str(parcel.id),
        **authorization(parcel),
    }
    try:
        answer = ask("POST", parcel.partner.address, content=parcel.content, headers=headers)
    except Unanswered as failure:
        return Answer(Outcome.LATER, failure.code)
    said = answer.body.decode("utf-8", "replace")
    return unusable(answer) or Answer(Outcome.DELIVERED, f"http_{answer.status}", said=said)


def authorization(parcel: Parcel) -> dict[str, str]:
    known = parcel.partner.credentials
    if token := known.get("token"):
        return {"Authorization": f"Bearer {token}"}
    if "username" in known:
        pair = f"{known['username']}:{known.get('password', '')}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}
    return {}
