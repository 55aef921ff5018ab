"""HL7 v2 messages: on the official structures, with values that mean something."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hl7apy.parser import parse_message

from ehr_prehospital.admission.rules import announces, cancellations, stands
from ehr_prehospital.exchange.hl7v2.checking import check
from ehr_prehospital.exchange.hl7v2.framing import Blocks, NoFrame, framed
from ehr_prehospital.exchange.hl7v2.messages import STRUCTURES, Envelope, message, order_message
from ehr_prehospital.exchange.hl7v2.reading import Unreadable, read
from ehr_prehospital.exchange.hl7v2.target import Encoding, Event, Target, target_of
from ehr_prehospital.exchange.visit import Document, Order, Person, Visit

CHINA = timezone(timedelta(hours=8))
AT = datetime(2026, 11, 22, 10, 15, tzinfo=CHINA)
ENVELOPE = Envelope("ABCDEFGHIJKLMNOPQRST", AT, AT + timedelta(seconds=2), "wang")
LI = Person(
    number="U-20261122-0001",
    own_number="U-20261122-0001",
    name="李明",
    sex="male",
    birth_date=date(1980, 1, 1),
    documents=(Document("resident_card", "310101198001010011"),),
    phone="13800000000",
)
NOBODY = Person(number="U-20261122-0009", own_number="U-20261122-0009")
VISIT = Visit(
    person=LI,
    preadmission_number="H1-20261122-0042",
    centre="C1",
    hospital="H1",
    mission="M-1",
    unit="A1",
    reason="胸痛",
    visit_number="V20261122001",
    bay="R1",
    priority=1,
    pathway="stemi",
    allergies=("青霉素",),
    expected_at=AT + timedelta(minutes=25),
    on_board_at=AT,
)
ORDER = Order(
    "H1-O-1", "blood", "用血", "O neg 2 U | now", stat=True, by="chen", by_name="Chen", at=AT
)
SAMPLES = Path(__file__).parents[3] / "shared/standards/hl7v2/written-here"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")


def fields(content: bytes, segment: str, encoding: str = "utf-8") -> list[str]:
    line = next(one for one in content.decode(encoding).split("\r") if one.startswith(segment))
    found = line.split("|")
    return [found[0], "|", *found[1:]] if segment == "MSH" else found


def made(event: Event, visit: Visit = VISIT, target: Target | None = None) -> bytes:
    aim = target or Target()
    if event is Event.ORDER:
        return order_message(ORDER, visit, aim, ENVELOPE)
    return message(event, visit, aim, ENVELOPE)


@pytest.mark.parametrize("event", list(Event))
@pytest.mark.parametrize("person", [LI, NOBODY], ids=["named", "unknown"])
def test_every_message_is_valid_by_structure_and_by_value(event: Event, person: Person) -> None:
    who = replace(person, number="U-20261101-0003") if event in MOVES else person

    content = made(event, replace(VISIT, person=who))

    assert check(content) == ()
    assert fields(content, "MSH")[9].endswith(f"^{event}^{STRUCTURES[event]}")
    assert fields(content, "MSH")[10] == ENVELOPE.control_id


MOVES = (Event.MERGE, Event.MOVE_VISIT)


def test_a_registration_says_when_where_and_by_which_numbers() -> None:
    content = made(Event.REGISTER)

    pv1 = fields(content, "PV1")
    assert pv1[2] == "E"
    assert pv1[3] == "ED^R1^^H1"
    assert pv1[5].split("^")[0] == "H1-20261122-0042"
    assert pv1[19] == "V20261122001"
    assert pv1[44] == "20261122101500+0800"
    assert fields(content, "PID")[3] == "U-20261122-0001^^^ONBOARD^PI~310101198001010011^^^CN^NI"
    assert fields(content, "PID")[5] == "李明^^^^^^L^I"
    assert fields(content, "PV2")[3] == "stemi^胸痛"
    assert fields(content, "PV2")[8] == "20261122104000+0800"
    assert fields(content, "AL1")[3] == "^青霉素"


def test_nobody_is_named_by_number_and_by_the_type_for_unknown() -> None:
    pid = fields(made(Event.REGISTER, replace(VISIT, person=NOBODY)), "PID")

    assert pid[5] == "无名氏^U-20261122-0009^^^^^U"
    assert pid[8] == "U"


def test_a_merge_names_both_numbers_and_keeps_the_visit() -> None:
    merged = replace(LI, number="U-20261101-0003", own_number="U-20261122-0009")

    content = made(Event.MERGE, replace(VISIT, person=merged))

    assert fields(content, "PID")[3].startswith("U-20261101-0003^")
    assert fields(content, "MRG")[1].startswith("U-20261122-0009^")
    assert fields(content, "PV1")[19] == "V20261122001"


def test_what_somebody_typed_breaks_no_message() -> None:
    odd = replace(VISIT, reason="a|b^c&d~e\\f\r\nMSH|x", allergies=("x|y",))

    content = made(Event.REGISTER, odd)

    assert check(content) == ()
    assert fields(content, "PV2")[3] == "stemi^a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f MSH\\F\\x"


def test_an_older_system_gets_its_own_encoding() -> None:
    content = made(Event.REGISTER, target=Target(encoding=Encoding.GB18030))

    assert "李明".encode("gb18030") in content
    assert fields(content, "MSH", "gb18030")[18] == "GB 18030-2000"
    assert check(content, encoding="gb18030") == ()


def test_a_withdrawn_order_is_cancelled() -> None:
    content = order_message(replace(ORDER, withdrawn=True), VISIT, Target(), ENVELOPE)

    assert fields(content, "ORC")[1] == "CA"
    assert check(content) == ()


@pytest.mark.parametrize(
    ("segment", "number", "value", "rule"),
    [
        ("PV1", 43, "20261122101500+0800", "place_of_time"),
        ("PV1", 44, "", "admitted_at"),
        ("PV1", 44, "yesterday", "time"),
        ("PV1", 2, "Q", "class"),
        ("PID", 8, "X", "sex"),
        ("PID", 5, "Li", "name_type"),
        ("PID", 3, "1", "identifier_type"),
        ("MSH", 10, "X" * 21, "control_id"),
        ("MSH", 18, "KLINGON", "character_set"),
    ],
)
def test_a_value_that_means_nothing_is_found(
    segment: str, number: int, value: str, rule: str
) -> None:
    content = made(Event.REGISTER)
    row = fields(content, segment)
    row += [""] * (number - len(row) + 1)
    row[number] = value
    line = "|".join(row).replace("MSH|||", "MSH|", 1)
    old = next(one for one in content.decode().split("\r") if one.startswith(segment))

    found = check(content.decode().replace(old, line).encode())

    assert rule in {one.rule for one in found}


@needs_samples
@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.hl7")), ids=lambda file: file.stem)
def test_the_samples_are_judged_as_they_say(file: Path) -> None:
    errors = check(file.read_bytes())

    assert bool(errors) == file.stem.startswith("bad_"), errors


@needs_samples
@pytest.mark.parametrize(
    ("event", "sample"),
    [
        (Event.REGISTER, "adt_a04_register_on_board"),
        (Event.PRE_ADMIT, "adt_a05_preadmit"),
        (Event.PENDING_ADMIT, "adt_a14_pending_admit"),
        (Event.CANCEL_PRE_ADMIT, "adt_a38_cancel_preadmit"),
        (Event.MERGE, "adt_a40_merge_when_identified"),
    ],
)
def test_our_messages_have_the_structure_and_the_filled_fields_of_the_samples(
    event: Event, sample: str
) -> None:
    ours = made(event, replace(VISIT, person=replace(LI, number="U-1")))
    theirs = (SAMPLES / f"{sample}.hl7").read_bytes()

    assert parsed_names(ours) >= parsed_names(theirs)
    for segment, numbers in {"PID": (3, 5, 8), "PV1": (2, 3, 5, 19, 44)}.items():
        if event is Event.MERGE and segment == "PV1":
            continue
        for number in numbers:
            both = (fields(theirs, segment), fields(ours, segment))
            assert all(row[number] for row in both), f"{segment}-{number}"


def parsed_names(content: bytes) -> set[str]:
    parsed = parse_message(content.decode())
    return {parsed.name, *(segment.name for segment in parsed.children if segment.name != "EVN")}


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ("|ninety|264864", "number"),
        ("|900|264864", "range"),
        ("|90|266016", "unit"),
        ("|90|264864", ""),
    ],
)
def test_vital_signs_are_judged_by_number_range_and_unit(wrong: str, rule: str) -> None:
    line = f"OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.6.1.1{wrong}^X^MDC|||||R"
    content = b"MSH|^~\\&|A|B|C|D|20261122101530+0800||ORU^R01^ORU_R01|1|P|2.6\r" + line.encode()

    rules = {one.rule for one in check(content)} - {"structure"}

    assert rules == ({rule} if rule else set())


def test_an_acknowledgement_is_read_with_what_a_system_adds_to_it() -> None:
    content = (
        b"MSH|^~\\&|HIS|H|ONBOARD||20261122||ACK|9|P|2.5.1\r\n"
        b"MSA|AA|CTRL1|fine\nPV1|1|E|||H1-1^^^X||||||||||||||V7^^^H^VN\r"
    )

    found = read(content, encoding="utf-8")

    assert (found.code, found.acknowledged) == ("AA", "CTRL1")
    assert (found.visit_number, found.preadmission_number) == ("V7", "H1-1")


@pytest.mark.parametrize("content", [b"", b"hello", b"MSHabcdefgh", b"PID|1"])
def test_what_is_no_message_is_not_read(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content, encoding="utf-8")


def test_blocks_are_found_however_the_stream_is_torn() -> None:
    stream = framed(b"one") + b"\r\n" + framed(b"two")
    blocks = Blocks()

    found = [block for at in range(len(stream)) for block in blocks.feed(stream[at : at + 1])]

    assert found == [b"one", b"two"]
    assert not blocks.in_the_middle
    torn = Blocks()
    torn.feed(b"\x0bthr")
    assert torn.in_the_middle
    with pytest.raises(NoFrame):
        Blocks().feed(b"no start\x1c\r")


@pytest.mark.parametrize(
    ("told", "closed"),
    [
        ("", ""),
        ("A14", "A38"),
        ("A04", "A11"),
        ("A14 A04", "A11"),
        ("A04 A08 A14", "A38 A11"),
        ("A04 A11", ""),
        ("A05 A38 A04 A40", "A11"),
    ],
)
def test_what_stands_is_closed_and_nothing_else(told: str, closed: str) -> None:
    events = [Event(one) for one in told.split()]

    assert [str(one) for one in cancellations(events)] == closed.split()
    assert stands([*events, *cancellations(events)]) == []


@pytest.mark.parametrize(
    ("told", "announced"),
    [
        ("", True),
        ("A14", False),
        ("A04", False),
        ("A04 A08", False),
        ("A04 A11", True),
        ("A14 A38", False),
    ],
)
def test_an_acceptance_announces_only_a_visit_that_is_not_open_yet(
    told: str,
    announced: bool,  # noqa: FBT001
) -> None:
    events = [Event(one) for one in told.split()]

    assert announces(Event.PENDING_ADMIT, events) is announced
    assert announces(None, events) is False


def test_settings_that_nobody_understands_are_as_if_not_said() -> None:
    target = target_of({"encoding": "ebcdic", "accept": "A99", "events": "A04 X1", "ack_s": "soon"})

    assert target.encoding is Encoding.UTF8
    assert target.accept is None
    assert target.events == {Event.REGISTER}
    assert target.ack_s == 15.0
