"""E-mail through Django: the partner's address is smtp://host:port, or smtps:// with TLS."""

import smtplib
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from ehr_prehospital.alerting.channels.message import read
from ehr_prehospital.delivery.rules import Answer, Outcome, Parcel

KIND = "alert.email"
SCHEMES = frozenset({"smtp", "smtps"})
TIMEOUT_S = 10
PERMANENT = 500


def send(parcel: Parcel) -> Answer:
    """Accepted by the mail server is delivered; what a mail server does then, nobody tells us."""
    message, partner = read(parcel.content), parcel.partner
    parts = urlsplit(partner.address)
    secure = parts.scheme == "smtps"
    backend = EmailBackend(
        host=parts.hostname,
        port=parts.port or (465 if secure else 25),
        username=partner.credentials.get("username", ""),
        password=partner.credentials.get("password", ""),
        use_ssl=secure,
        use_tls=False,
        timeout=TIMEOUT_S,
        fail_silently=False,
    )
    mail = EmailMessage(
        subject=message.title,
        body=f"{message.text}\n\n{message.address}\n",
        from_email=partner.options.get("from") or f"onboard@{parts.hostname}",
        to=[message.to],
        headers={"Message-ID": f"<{parcel.id}@onboard>", "X-Priority": "1"},
        connection=backend,
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _said in refused.recipients.values()]
        return _refused(max(codes, default=PERMANENT))
    except smtplib.SMTPResponseException as refused:
        return _refused(refused.smtp_code)
    except (OSError, smtplib.SMTPException):
        return Answer(Outcome.LATER, "unreachable")
    return Answer(Outcome.DELIVERED, "smtp_250")


def _refused(code: int) -> Answer:
    """A permanent answer (5xx) ends it; busy (4xx) is tried again."""
    outcome = Outcome.REFUSED if code >= PERMANENT else Outcome.LATER
    return Answer(outcome, f"smtp_{code}")
