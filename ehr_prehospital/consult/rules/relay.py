"""Credentials for the relay (coturn, use-auth-secret) and the messages that set up a voice."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

VALID_FOR = timedelta(hours=1)
LONGEST = 64_000
# What one page says to another; everything else is not passed on.
TO_ONE = ("here", "offer", "answer", "ice")
TO_ALL = ("hello", "state", "bye")
# What of a message goes on; `from` is set by the server alone.
FIELDS = ("to", "sdp", "candidate", "nonce", "muted", "held", "camera", "path")


def credentials(*, secret: str, user: str, now: datetime) -> tuple[str, str]:
    """User name and password: `expiry:user`, signed with HMAC-SHA1 as the relay expects."""
    name = f"{int((now + VALID_FOR).timestamp())}:{user}"
    digest = hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()
    return name, base64.b64encode(digest).decode()


# Any: what a client sends may be any JSON.
def passed_on(message: Any) -> Mapping[str, Any] | None:
    """What of a signalling message may go to others, None when nothing may."""
    if not isinstance(message, dict):
        return None
    t, to = message.get("t"), message.get("to")
    if t not in (*TO_ONE, *TO_ALL) or (t in TO_ONE) is not isinstance(to, str):
        return None
    return {"t": t, **{name: message[name] for name in FIELDS if name in message}}
