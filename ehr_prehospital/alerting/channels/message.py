"""What is sent to one person by one channel, as the delivery keeps it. Nothing of a patient."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

CONTENT_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Message:
    """`to` is a number or an address, or "" where `subscription` says the browser."""

    channel: str
    to: str
    text: str
    title: str
    address: str
    language: str
    # Its code: so that each hospital sees what went to its own people.
    hospital: str
    subscription: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def read(content: bytes) -> Message:
    return Message(**json.loads(content))
