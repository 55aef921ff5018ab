"""The NEMSIS web service against a peer in a second process that checks by the official files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from uuid import uuid4

import pytest

from ehr_prehospital.delivery.rules import Outcome, Parcel, Partner
from ehr_prehospital.exchange.nemsis.submission.client import send
from tests.nemsis_peer import ORGANISATION, PASSWORD, USER
from tests.rules.nemsis_files import NEMSIS, needs_files
from tests.running import answers, free_port, process
from tests.waiting import wait_until

pytestmark = [needs_files, pytest.mark.slow, pytest.mark.django_db]

GOOD = "compliance-2025/full/2025-EMS-1-Overdose_v351.xml"
BAD_SCHEMA = "compliance-2025/fail/2025-EMS-FailXsd_v351.xml"
BAD_RULES = "compliance-2025/fail/2025-EMS-FailSchematron_v351.xml"


@pytest.fixture(scope="module")
def peer(servers: object) -> Iterator[int]:
    port = free_port()
    with process("-m", "tests.nemsis_peer", str(port), ONBOARD_STANDARDS=str(NEMSIS.parent)):
        wait_until(lambda: answers(port), timeout_s=60, what="the peer answers")
        yield port


def parcel(
    port: int, path: str = "/", *, file: str = GOOD, ticket: str = "", **more: str
) -> Parcel:
    """A document of its own each time, by a comment: the peer refuses what it has already."""
    content = (NEMSIS / file).read_bytes() + f"<!-- {uuid4()} -->".encode()
    content = content.replace(b"</EMSDataSet>", f"<!-- {uuid4()} --></EMSDataSet>".encode())
    known = {"username": USER, "password": PASSWORD, "organisation": ORGANISATION, **more}
    partner = Partner(
        "State",
        known["organisation"],
        f"http://127.0.0.1:{port}{path}",
        {"username": known["username"], "password": known["password"]},
        # The peer's first document makes it compile the rules, on a machine that is busy.
        {"timeout_s": "3" if path == "/slow" else "30"},
    )
    return Parcel(uuid4(), partner, more.get("content", "").encode() or content, "text/xml", ticket)


def operations(port: int) -> list[str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/sent")
    rows = json.loads(connection.getresponse().read())
    connection.close()
    return [row["operation"] for row in rows]


def test_a_good_document_is_imported_at_once(peer: int) -> None:
    answer = send(parcel(peer))

    assert answer.outcome is Outcome.DELIVERED
    assert answer.code in {"1", "3"}
    assert all(one.level == "warning" for one in answer.remarks)


def test_a_document_that_is_there_already_is_delivered(peer: int) -> None:
    again = parcel(peer)
    send(again)

    assert (send(again).outcome, send(again).code) == (Outcome.DELIVERED, "-11")


def test_what_does_not_fit_the_schema_is_refused_with_the_peers_report(peer: int) -> None:
    answer = send(parcel(peer, file=BAD_SCHEMA))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "-12")
    assert answer.remarks
    assert all(one.where.startswith("/") for one in answer.remarks)


def test_what_breaks_an_official_rule_is_refused_with_its_number_and_text(peer: int) -> None:
    answer = send(parcel(peer, file=BAD_RULES))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "-14")
    assert any(one.rule.startswith("nemSch") and one.text for one in answer.remarks)
    assert answer.remarks[0].where.startswith("/EMSDataSet")


def test_an_answer_that_takes_longer_is_asked_for_until_it_is_there(peer: int) -> None:
    first = parcel(peer, "/async")
    said = send(first)
    handle = said.ticket
    asked = [
        send(Parcel(first.id, first.partner, first.content, "text/xml", handle)) for _ in range(2)
    ]

    assert (said.outcome, said.code) == (Outcome.PENDING, "0")
    assert handle
    assert (asked[0].outcome, asked[0].code, asked[0].ticket) == (Outcome.PENDING, "10", handle)
    assert (asked[1].outcome, asked[1].ticket) == (Outcome.DELIVERED, "")
    assert operations(peer)[-3:] == ["SubmitData", "RetrieveStatus", "RetrieveStatus"]


def test_a_handle_that_the_partner_has_forgotten_means_sending_again(peer: int) -> None:
    first = parcel(peer, "/forgetful")
    handle = send(first).ticket

    forgotten = send(Parcel(first.id, first.partner, first.content, "text/xml", handle))

    assert (forgotten.outcome, forgotten.code, forgotten.ticket) == (Outcome.LATER, "-41", "")


def test_a_partly_imported_document_says_what_is_wrong_with_it(peer: int) -> None:
    answer = send(parcel(peer, "/partial", file=BAD_RULES))

    assert (answer.outcome, answer.code) == (Outcome.DELIVERED, "6")
    assert answer.remarks


@pytest.mark.parametrize(
    ("more", "code"),
    [({"password": "wrong"}, "-1"), ({"username": "nobody"}, "-1"), ({"organisation": "B"}, "-3")],
)
def test_wrong_credentials_wait_for_a_person(peer: int, more: dict[str, str], code: str) -> None:
    answer = send(parcel(peer, **more))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, code)


@pytest.mark.parametrize(
    ("path", "outcome", "code"),
    [
        ("/500", Outcome.LATER, "http_500"),
        ("/busy", Outcome.LATER, "http_503"),
        ("/moved", Outcome.REFUSED, "http_302"),
        ("/unauthorised", Outcome.REFUSED, "http_401"),
        ("/fault", Outcome.LATER, "soap_fault"),
        ("/badfault", Outcome.REFUSED, "soap_fault"),
        ("/slow", Outcome.LATER, "timeout"),
        ("/cut", Outcome.LATER, "cut_off"),
        ("/hostile", Outcome.LATER, "unreadable"),
        ("/bomb", Outcome.LATER, "unreadable"),
        ("/garbage", Outcome.LATER, "unreadable"),
        ("/html", Outcome.LATER, "no_answer_in_it"),
        ("/database", Outcome.LATER, "-21"),
        ("/fatal", Outcome.REFUSED, "-13"),
        ("/custom", Outcome.REFUSED, "-105"),
    ],
)
def test_trouble_is_tried_again_and_a_refusal_is_not(
    peer: int, path: str, outcome: Outcome, code: str
) -> None:
    answer = send(parcel(peer, path))

    assert (answer.outcome, answer.code) == (outcome, code)
    assert "root:" not in answer.said


def test_nobody_there_is_tried_again_with_the_handle_kept() -> None:
    answer = send(parcel(free_port(), ticket="h7"))

    assert (answer.outcome, answer.code, answer.ticket) == (Outcome.LATER, "unreachable", "h7")


def test_a_document_above_the_partners_limit_is_not_sent(peer: int) -> None:
    filler = f"<!--{'x' * 2_200_000}-->"
    large = (NEMSIS / GOOD).read_text().replace("</EMSDataSet>", f"{filler}</EMSDataSet>")

    answer = send(parcel(peer, content=large))

    assert (answer.outcome, answer.code, answer.text) == (Outcome.REFUSED, "-30", "2048 KB")
    assert operations(peer)[-1] == "QueryLimit"


def test_what_the_partner_repeats_of_the_patient_is_hidden(peer: int) -> None:
    named = (NEMSIS / GOOD).read_text()
    begin = named.index("<ePatient.09>") + len("<ePatient.09>")
    wrong = f"{named[:begin]}Howell Lane{named[named.index('</ePatient.09>') :]}"

    answer = send(parcel(peer, content=wrong))

    assert answer.code == "-12"
    assert "Howell Lane" in answer.said
    assert any("•••" in one.text for one in answer.remarks)
    assert not any("Howell" in one.text for one in answer.remarks)
