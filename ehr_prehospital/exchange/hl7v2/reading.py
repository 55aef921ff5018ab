"""A message of a hospital's system: what it acknowledges and what it gives back. Pure.

Read by hand and not with hl7apy: an acknowledgement is taken as it comes, with whatever a system
adds to it.
"""

from dataclasses import dataclass

SEGMENT_END = "\r"
VISIT_NUMBER, PREADMISSION_NUMBER = 19, 5


class Unreadable(ValueError):
    """No MSH, or separators that are none."""


@dataclass(frozen=True, slots=True)
class Received:
    """`code` and `acknowledged` are MSA-1 and MSA-2: "" where it acknowledges nothing.

    `visit_number` and `preadmission_number` are PV1-19 and PV1-5, first component.
    """

    kind: str
    control_id: str
    code: str = ""
    acknowledged: str = ""
    text: str = ""
    error: str = ""
    visit_number: str = ""
    preadmission_number: str = ""


def read(content: bytes, *, encoding: str) -> Received:
    """Raises Unreadable."""
    text = content.decode(encoding, "replace").replace("\r\n", "\r").replace("\n", "\r")
    segments = [one for one in text.split(SEGMENT_END) if one]
    if not segments or not segments[0].startswith("MSH") or len(segments[0]) < 8:
        raise Unreadable("no MSH")
    separator, component = segments[0][3], segments[0][4]
    if separator.isalnum() or component.isalnum() or separator == component:
        raise Unreadable("no separators")
    fields = {one[:3]: one.split(separator) for one in reversed(segments)}
    head = fields["MSH"]

    def value(segment: str, number: int) -> str:
        row = fields.get(segment, [])
        return row[number].split("~")[0].strip() if number < len(row) else ""

    def first(segment: str, number: int) -> str:
        return value(segment, number).split(component)[0].strip()

    return Received(
        # MSH-1 is the separator itself: MSH-9 stands at place 8.
        kind=head[8] if len(head) > 8 else "",
        control_id=head[9] if len(head) > 9 else "",
        code=first("MSA", 1).upper(),
        acknowledged=first("MSA", 2),
        text=value("MSA", 3),
        error=" ".join(
            part for part in (value("ERR", 3), value("ERR", 7), value("ERR", 8)) if part
        ).replace(component, " "),
        visit_number=first("PV1", VISIT_NUMBER),
        preadmission_number=first("PV1", PREADMISSION_NUMBER),
    )


def acknowledgement(received: Received, *, stamp: str, encoding: str, code: str = "AA") -> bytes:
    """What we answer when the hospital's system tells us something over our own line."""
    trigger = received.kind.split("^")[1] if received.kind.count("^") else ""
    event = f"^{trigger}" if trigger else ""
    return (
        f"MSH|^~\\&|ONBOARD||HIS||{stamp}||ACK{event}^ACK|R{received.control_id[:19]}|P|2.5.1\r"
        f"MSA|{code}|{received.control_id}\r"
    ).encode(encoding, "replace")
