"""The adapter of the delivery queue for the NEMSIS web service: submit, then ask how it went."""

import re

from ehr_prehospital.delivery.http import WHOLE_S, HttpAnswer, Unanswered, ask, unusable
from ehr_prehospital.delivery.rules import Answer, Outcome, Parcel, Remark
from ehr_prehospital.exchange.nemsis.agency import NS
from ehr_prehospital.exchange.nemsis.submission import soap
from ehr_prehospital.exchange.nemsis.submission.codes import NO_RESULT, outcome_of
from ehr_prehospital.exchange.safe_xml import Unreadable, parse_xml

KIND = "nemsis.soap"
# A larger document is sent only when the partner says that it accepts so much.
ASK_ABOVE_BYTES = 1024 * 1024
TOO_LARGE = "-30"
HIDDEN = "•••"
CODE = re.compile(r"\d{7}")


def send(parcel: Parcel) -> Answer:
    """SubmitData; with a handle of an earlier answer, RetrieveStatus."""
    if not parcel.content:
        return Answer(Outcome.REFUSED, "incomplete")
    try:
        if parcel.ticket:
            return answer_of(parcel, called("RetrieveStatus", soap.retrieve_status(parcel), parcel))
        if len(parcel.content) > ASK_ABOVE_BYTES and (no := too_large(parcel)):
            return no
        return answer_of(parcel, called("SubmitData", soap.submit_data(parcel), parcel))
    except Unanswered as failure:  # the handle stays: it is asked for again
        return Answer(Outcome.LATER, failure.code, ticket=parcel.ticket)


def called(operation: str, message: bytes, parcel: Parcel) -> HttpAnswer:
    """Raises Unanswered."""
    wanted_s = parcel.partner.options.get("timeout_s", "")
    return ask(
        "POST",
        parcel.partner.address,
        content=message,
        headers=soap.headers(operation),
        whole_s=min(float(wanted_s or WHOLE_S), WHOLE_S),
    )


def too_large(parcel: Parcel) -> Answer | None:
    """A refusal where the document is larger than the partner's limit; it says KB of 1024 bytes."""
    answer = called("QueryLimit", soap.query_limit(parcel), parcel)
    try:
        limit_kb = soap.read(answer.body).limit_kb
    except (Unreadable, soap.NoAnswer):
        return None  # whether it fits is then heard from the submission itself
    if limit_kb is None or len(parcel.content) <= limit_kb * 1024:
        return None
    said = answer.body.decode("utf-8", "replace")
    return Answer(Outcome.REFUSED, TOO_LARGE, f"{limit_kb} KB", said)


def answer_of(parcel: Parcel, answer: HttpAnswer) -> Answer:
    """What an HTTP answer means. A fault of SOAP comes with status 500 and is told as such."""
    raw = answer.body.decode("utf-8", "replace")
    try:
        said = soap.read(answer.body)
    except (Unreadable, soap.NoAnswer) as failure:
        unread = "unreadable" if isinstance(failure, Unreadable) else "no_answer_in_it"
        # Whether it was taken is not known: asked again.
        return unusable(answer) or Answer(Outcome.LATER, unread, said=raw, ticket=parcel.ticket)
    hidden = patients_words(parcel.content)
    text = without(hidden, said.text)
    if said.code == "soap_fault":
        outcome = Outcome.LATER if said.server else Outcome.REFUSED
        return Answer(outcome, said.code, text, raw, ticket=parcel.ticket)
    code = int(said.code)
    outcome = outcome_of(code)
    if parcel.ticket and code in NO_RESULT:  # sent anew, without a handle
        return Answer(Outcome.LATER, said.code, text, raw)
    if outcome is Outcome.PENDING and not (said.handle or parcel.ticket):
        return Answer(Outcome.LATER, "no_answer_in_it", text, raw)
    remarks = tuple(
        Remark(one.level, without(hidden, one.text), one.rule, one.where) for one in said.remarks
    )
    # A handle is kept while it may still be asked for.
    ticket = (said.handle or parcel.ticket) if outcome is Outcome.PENDING else ""
    if outcome is Outcome.LATER:
        ticket = parcel.ticket
    return Answer(
        outcome, said.code, text, raw, ticket, remarks, retry_after_s=answer.retry_after_s
    )


def patients_words(content: bytes) -> frozenset[str]:
    """What the document says of its patients in words: none of it goes to the list.

    A validator likes to repeat the value that it does not accept.
    """
    found = set()
    for section in parse_xml(content).iter(f"{NS}ePatient"):
        for one in section.iter("*"):
            text = (one.text or "").strip()
            if len(text) > 1 and not CODE.fullmatch(text):
                found.add(text)
    return frozenset(found)


def without(words: frozenset[str], text: str) -> str:
    """The text with a mark in the place of each of these words."""
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", HIDDEN, text)
    return text
