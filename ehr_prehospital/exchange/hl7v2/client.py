"""The adapter of the delivery queue for HL7 over MLLP: send, and read the acknowledgement.

AA: delivered. AE: the system could not just now, tried again ten times. AR: it will not have the
message; a person has to look. Nobody there: nothing is tried at this address for a while.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from ehr_prehospital.delivery.http import Unanswered
from ehr_prehospital.delivery.rules import Answer, Outcome, Parcel, Remark
from ehr_prehospital.exchange.hl7v2.line import Line, Place
from ehr_prehospital.exchange.hl7v2.reading import Received, Unreadable, acknowledgement, read
from ehr_prehospital.exchange.hl7v2.target import Target, target_of

log = logging.getLogger(__name__)
KIND = "hl7.mllp"
CONTENT_TYPE = "x-application/hl7-v2+er7"
ACCEPTED = frozenset({"AA", "CA"})
IN_ERROR = frozenset({"AE", "CE"})
MOST_ERRORS = 10
# A hospital's system that is back hears of the next patient within this.
LONGEST_PAUSE_S = 60.0
NOBODY_THERE = frozenset({"unreachable", "not_trusted"})

# What a hospital's system says of a visit, and whose system: its partner.
Hear = Callable[[UUID, Received], None]

_lines: dict[tuple[UUID | None, Place], Line] = {}
_guard = threading.Lock()
_hear: list[Hear] = []


def hear(listener: Hear) -> None:
    """Who is told what comes over a line unasked; registered when the process starts."""
    if listener not in _hear:
        _hear.append(listener)


def send(parcel: Parcel) -> Answer:
    target = target_of(parcel.partner.options)
    try:
        control_id = read(parcel.content, encoding=target.encoding).control_id
        line = line_to(parcel, target)
        answer = line.ask(control_id, parcel.content, within_s=target.ack_s)
    except Unreadable:
        return Answer(Outcome.REFUSED, "no_message")
    except Unanswered as failure:
        return Answer(
            Outcome.LATER,
            failure.code,
            ticket=parcel.ticket,
            longest_pause_s=LONGEST_PAUSE_S,
            rests=failure.code in NOBODY_THERE,
        )
    return answer_of(answer.received, answer.raw.decode(target.encoding, "replace"), parcel)


def answer_of(received: Received, said: str, parcel: Parcel) -> Answer:
    """MSA-1 as an outcome. Errors are counted in the handle, which goes to the next attempt."""
    remarks = (Remark("error", received.error),) if received.error else ()
    if received.code in ACCEPTED:
        given = {"visit_number": received.visit_number} if received.visit_number else {}
        return Answer(Outcome.DELIVERED, received.code, said=said, given=given)
    if received.code in IN_ERROR:
        errors = int(parcel.ticket or 0) + 1
        outcome = Outcome.LATER if errors < MOST_ERRORS else Outcome.REFUSED
        return Answer(
            outcome,
            received.code,
            said=said,
            ticket=str(errors),
            remarks=remarks,
            longest_pause_s=LONGEST_PAUSE_S,
        )
    return Answer(Outcome.REFUSED, received.code or "no_code", said=said, remarks=remarks)


def line_to(parcel: Parcel, target: Target) -> Line:
    """The one line of this process to a partner."""
    parts = urlsplit(parcel.partner.address)
    place = Place(
        parts.hostname or "", parts.port or 0, parts.scheme == "mllps", str(target.encoding)
    )
    partner = parcel.partner.id
    with _guard:
        if (partner, place) not in _lines:
            _lines[partner, place] = Line(
                place, lambda received: overheard(received, partner, place.encoding)
            )
        return _lines[partner, place]


def overheard(received: Received, partner: UUID | None, encoding: str) -> bytes | None:
    """A second acknowledgement, or a message of theirs (an A04 with the visit's number).

    What could not be taken is answered AE: they send it again, and the line goes on.
    """
    code = "AA"
    if received.visit_number and partner:
        try:
            for listener in _hear:
                listener(partner, received)
        except Exception:  # whatever it is, the line's thread must go on reading
            log.exception("what a hospital's system said could not be taken")
            code = "AE"
    if received.acknowledged:
        return None
    stamp = f"{datetime.now(UTC):%Y%m%d%H%M%S%z}"
    return acknowledgement(received, stamp=stamp, encoding=encoding, code=code)


def hang_up() -> None:
    """Close every line of this process."""
    with _guard:
        lines = list(_lines.values())
        _lines.clear()
    for line in lines:
        line.close()
