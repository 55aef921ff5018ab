"""Web push (RFC 8030, 8291, VAPID): to the push service of the person's browser, encrypted for it.

The partner's address is the e-mail address by which a push service reaches us (mailto:),
its key signs. A service that says "gone" ends the subscription.
"""

from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.utils import timezone

from ehr_prehospital.alerting.channels.message import Message, read
from ehr_prehospital.alerting.models import PushSubscription
from ehr_prehospital.delivery.http import Unanswered, ask, unusable
from ehr_prehospital.delivery.rules import Answer, Outcome, Parcel

KIND = "alert.web_push"
PRIVATE = "private_key"
# Which push services may be called, as origins; without it any public one over https.
SERVICES = "services"
TTL_S = 300
WHOLE_S = 10.0
GONE = (404, 410)


def send(parcel: Parcel) -> Answer:
    message, partner = read(parcel.content), parcel.partner
    endpoint = message.subscription["endpoint"]
    if not allowed(endpoint, partner.options.get(SERVICES, "")):
        return Answer(Outcome.REFUSED, "push_service_not_allowed")
    sealed = sealed_for(message, partner.credentials[PRIVATE], subscriber=partner.address)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(TTL_S),
        "Urgency": "high",
        "Authorization": sealed[1],
    }
    try:
        answer = ask("POST", endpoint, content=sealed[0], headers=headers, whole_s=WHOLE_S)
    except Unanswered as failure:
        return Answer(Outcome.LATER, failure.code)
    if answer.status in GONE:
        PushSubscription.objects.filter(endpoint=endpoint, ended_at=None).update(
            ended_at=timezone.now()
        )
    return unusable(answer) or Answer(Outcome.DELIVERED, f"http_{answer.status}")


def sealed_for(message: Message, private_key: str, *, subscriber: str) -> tuple[bytes, str]:
    """The encrypted body and the signed header."""
    from webpush import WebPush, WebPushSubscription  # noqa: PLC0415  (slow to load, and used by few processes)
    from webpush.types import WebPushKeys  # noqa: PLC0415

    sender = WebPush(
        private_key=private_key.encode(),
        public_key=_public(private_key).public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        ),
        subscriber=subscriber.removeprefix("mailto:"),
        ttl=TTL_S,
    )
    keys = WebPushKeys(auth=message.subscription["auth"], p256dh=message.subscription["p256dh"])
    made = sender.get(
        {"title": message.title, "text": message.text, "address": message.address},
        WebPushSubscription(endpoint=message.subscription["endpoint"], keys=keys),
    )
    return made.encrypted, made.headers["authorization"]


def allowed(endpoint: str, services: str) -> bool:
    """Never into our own network because somebody registered an address there."""
    parts = urlsplit(endpoint)
    if services:
        return f"{parts.scheme}://{parts.netloc}" in services.split()
    host = parts.hostname or ""
    named = "." in host and not host.replace(".", "").isdigit() and ":" not in host
    internal = host.endswith((".local", ".internal", ".lan", ".localhost"))
    return parts.scheme == "https" and named and not internal


def new_key() -> str:
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_key(private_key: str) -> str:
    """As a browser takes it: base64url of the uncompressed point."""
    point = _public(private_key).public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).rstrip(b"=").decode()


def _public(private_key: str) -> ec.EllipticCurvePublicKey:
    loaded = load_pem_private_key(private_key.encode(), password=None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise TypeError("a VAPID key is one of the curve P-256")
    return loaded.public_key()
