"""The acknowledgements that a message asks for (HL7 2.6, chapter 2.9.2)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from ambulance_agent.drivers.hl7_pcd01.parse import Message, Verdict

# What ACCEPT, ERROR, REJECT are called when only the receipt is acknowledged.
COMMIT = {Verdict.ACCEPT: "CA", Verdict.ERROR: "CE", Verdict.REJECT: "CR"}
WORDS = {
    "100": "Segment sequence error",
    "101": "Required field missing",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
}


def answers(message: Message, now: datetime) -> list[bytes]:
    """None, one or two: the receipt by MSH-15, the application's by MSH-16.

    A message that fills neither is of the original mode and is always answered.
    """
    original = not message.accept_when and not message.answer_when
    wanted = []
    if not original and _asked(message.accept_when, message.verdict):
        wanted.append(COMMIT[message.verdict])
    if original or _asked(message.answer_when, message.verdict):
        wanted.append(message.verdict.value)
    return [_written(message, code, now) for code in wanted]


def _asked(when: str, verdict: Verdict) -> bool:
    """HL7 table 0155. An empty field of the enhanced mode asks for nothing."""
    match when:
        case "AL":
            return True
        case "ER":
            return verdict is not Verdict.ACCEPT
        case "SU":
            return verdict is Verdict.ACCEPT
    return False


def _written(message: Message, code: str, now: datetime) -> bytes:
    sent_at = now.strftime("%Y%m%d%H%M%S%z")
    segments = [
        "|".join(
            (
                "MSH", "^~\\&", *message.receiver, *message.sender, sent_at, "",
                "ACK^R01^ACK", uuid4().hex[:20], "P", message.version, "", "", "NE", "NE",
                "", "UNICODE UTF-8",
            )
        ),
        f"MSA|{code}|{message.control_id}",
    ]  # fmt: skip
    if message.error:
        words = WORDS.get(message.error, "Application error")
        segments.append(f"ERR||{message.where}|{message.error}^{words}^HL70357|E")
    return ("\r".join(segments) + "\r").encode()
