"""A hospital's system over MLLP, in a process of its own: told in order, whatever it does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone

from config.adapters import ADAPTERS
from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.access.models import Patient
from ehr_prehospital.admission.actions import on_overheard
from ehr_prehospital.delivery.actions import Draft, cancel, queue, send_again
from ehr_prehospital.delivery.models import Delivery, DeliveryAttempt, Partner
from ehr_prehospital.delivery.queries import of_centre
from ehr_prehospital.delivery.sending import send_next
from ehr_prehospital.exchange.hl7v2.checking import check
from ehr_prehospital.exchange.hl7v2.client import CONTENT_TYPE, KIND
from ehr_prehospital.exchange.hl7v2.line import Line, Place
from ehr_prehospital.exchange.hl7v2.messages import Envelope, message
from ehr_prehospital.exchange.hl7v2.reading import Received
from ehr_prehospital.exchange.hl7v2.target import Event, Target
from ehr_prehospital.handover import actions as handover
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.record.actions import Identity, set_patient
from ehr_prehospital.record.actions.merging import merge_patient, part_patient
from tests.actions.care import kinds, later, put_on_board
from tests.certificates import loopback_certificate
from tests.hospital_system import HospitalSystem, hospital_system
from tests.rules.test_hl7v2_messages import VISIT
from tests.running import process
from tests.town import NOW, Town
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def machine() -> Iterator[HospitalSystem]:
    with hospital_system() as system:
        yield system


@pytest.fixture
def his(machine: HospitalSystem, town: Town) -> HospitalSystem:
    """The system of H1, that behaves and has taken nothing."""
    machine.tell(do="mode", mode="ok", taken=[], known={}, attempts={}, visits={}, connections=0)
    system_of(town, machine)
    return machine


def system_of(town: Town, system: HospitalSystem, number: int = 0, **options: str) -> Partner:
    return Partner.objects.create(
        centre=town.centre,
        hospital=town.hospitals[number],
        name=f"HIS {number + 1}",
        kind=KIND,
        address=system.address,
        options=options,
    )


def deliver(at: datetime = NOW) -> int:
    """Send all that is due then; how many attempts that made."""
    count = 0
    while send_next(ADAPTERS, clock=lambda: at):
        count += 1
    return count


def states() -> list[str]:
    return list(Delivery.objects.order_by("number").values_list("state", flat=True))


@pytest.fixture
def on_board(mission: Mission, town: Town, medic_wang: User) -> Handover:
    return put_on_board(mission, town.hospitals[0], medic_wang, at=NOW)


def test_on_board_registers_the_patient_and_the_visits_number_comes_back(
    his: HospitalSystem, on_board: Handover
) -> None:
    deliver()

    (row,) = his.taken
    assert (row["event"], row["structure"]) == ("A04", "ADT_A01")
    assert row["preadmission"] == on_board.preadmission_number
    assert row["admitted"] == "20261122140000+0800"
    on_board.refresh_from_db()
    assert on_board.visit_number == "V000001"
    assert "handover.visit_numbered" in kinds()


def test_the_departments_word_an_identity_and_a_bay_are_told_with_the_visits_number(
    his: HospitalSystem, on_board: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    deliver()
    handover.confirm(handover=on_board, actor=nurse_chen, now=later(20))
    set_patient(
        mission=mission,
        identity=Identity(name="王秀英", sex="female", age_years=66),
        actor=medic_wang,
        now=later(30),
    )
    handover.ready(handover=on_board, bay="R2", team="", actor=nurse_chen, now=later(40))
    handover.ready(handover=on_board, bay="R2", team="", actor=nurse_chen, now=later(41))
    deliver(later(50))

    assert his.events == ["A04", "A08", "A08"]
    assert [row["visit"] for row in his.taken] == ["", *["V000001"] * 2]
    assert his.taken[-1]["place"] == "ED^R2^^H1"
    assert his.taken[-1]["name"] == "王秀英"
    for row in Delivery.objects.all():
        assert check(bytes(row.content)) == ()


def test_a_redirect_cancels_there_and_registers_here(
    his: HospitalSystem, on_board: Handover, mission: Mission, medic_wang: User, town: Town
) -> None:
    with hospital_system() as other:
        system_of(town, other, 1)
        handover.redirect(
            mission=mission,
            hospital=town.hospitals[1],
            reason="no_bed",
            actor=medic_wang,
            now=later(60),
        )
        deliver(later(61))

        assert his.events == ["A04", "A11"]
        assert other.events == ["A04"]


def test_an_unknown_patient_is_merged_and_parted_while_the_visits_number_survives(
    his: HospitalSystem, on_board: Handover, mission: Mission, medic_wang: User
) -> None:
    known = patient_known_before(mission)
    deliver()
    own = on_board.encounter.patient.temporary_number
    merge_patient(mission=mission, known_id=known.pk, actor=medic_wang, now=later(60))
    deliver(later(61))
    part_patient(mission=mission, actor=medic_wang, now=later(90))
    deliver(later(91))

    assert his.events[:2] == ["A04", "A40"]
    merged, moved = his.taken[1], his.taken[2]
    assert (merged["patient"], merged["merged"]) == (known.temporary_number, own)
    assert merged["name"] == "李明"
    assert (moved["event"], moved["patient"], moved["merged"]) == (
        "A45",
        own,
        known.temporary_number,
    )
    assert {row["visit"] for row in his.taken[1:]} == {"V000001"}
    on_board.refresh_from_db()
    assert on_board.visit_number == "V000001"


def patient_known_before(mission: Mission) -> Patient:

    return Patient.objects.create(
        centre=mission.incident.centre,
        temporary_number="U-20261101-0003",
        name="李明",
        sex="male",
        id_type="resident_card",
        id_number="310101198001010011",
        created_at=NOW,
    )


def test_an_older_system_is_told_in_its_encoding_and_only_what_it_wants(
    machine: HospitalSystem, town: Town, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    machine.tell(do="mode", mode="ok", taken=[], known={}, attempts={}, visits={})
    system_of(town, machine, encoding="gb18030", accept="", events="A04 A08")
    row = put_on_board(mission, town.hospitals[0], medic_wang, at=NOW)
    handover.confirm(handover=row, actor=nurse_chen, now=later(5))
    set_patient(mission=mission, identity=Identity(name="王秀英"), actor=medic_wang, now=later(9))
    deliver(later(10))

    assert [(one["event"], one["name"]) for one in machine.taken] == [
        ("A04", "无名氏"),
        ("A08", "王秀英"),
    ]
    assert {one["encoding"] for one in machine.taken} == {"gb18030"}


@pytest.mark.parametrize(
    ("mode", "code", "taken"),
    [
        ("no_ack", "no_ack", 1),
        ("AE", "AE", 0),
        ("cut", "cut_in_answer", 1),
        ("torn", "cut_off", 0),
        ("wrong_id", "wrong_control_id", 1),
    ],
)
def test_what_was_not_acknowledged_is_sent_again_and_taken_once(
    his: HospitalSystem, on_board: Handover, mode: str, code: str, taken: int
) -> None:
    Partner.objects.update(options={"ack_s": "1"})
    his.behaves(mode)
    deliver()
    row = Delivery.objects.get()

    assert row.state == "waiting"
    assert row.attempts.latest("number").code == code
    assert len(his.taken) == taken
    his.behaves("ok")
    deliver(later(10))
    row.refresh_from_db()
    assert row.state == "delivered"
    assert his.events == ["A04"]
    assert his.taken[0]["repeats"] == taken


def test_an_answer_that_comes_twice_does_no_harm(his: HospitalSystem, on_board: Handover) -> None:
    his.behaves("duplicate")
    deliver()
    set_patient(
        mission=on_board.mission,
        identity=Identity(sex="male"),
        actor=User.objects.get(username="wang"),
        now=later(5),
    )
    deliver(later(6))

    assert his.events == ["A04", "A08"]
    assert his.tell(do="taken")["connections"] == 1
    assert set(states()) == {"delivered"}


def test_a_rejected_message_holds_up_the_later_ones_of_its_patient_until_a_person_decides(
    his: HospitalSystem, on_board: Handover, mission: Mission, town: Town, nurse_chen: User
) -> None:
    his.behaves("AR")
    deliver()
    handover.ready(handover=on_board, bay="R2", team="", actor=nurse_chen, now=later(20))
    his.behaves("ok")
    deliver(later(30))

    assert states() == ["refused", "waiting"]
    first, second = Delivery.objects.order_by("number")
    assert his.taken == []
    shown = of_centre(town.centre).get(pk=second.pk)
    assert vars(shown)["held_by"] == first.pk
    send_again(delivery=first, actor=nurse_chen, now=later(40))
    deliver(later(41))
    assert his.events == ["A04", "A08"]


def test_a_message_that_is_given_up_lets_the_later_ones_go(
    his: HospitalSystem, on_board: Handover, nurse_chen: User
) -> None:
    his.behaves("AR")
    deliver()
    handover.ready(handover=on_board, bay="R2", team="", actor=nurse_chen, now=later(20))
    his.behaves("ok")
    cancel(delivery=Delivery.objects.earliest("number"), actor=nurse_chen, now=later(30))
    deliver(later(31))

    assert his.events == ["A08"]


def test_ten_errors_of_the_hospitals_system_make_a_dead_letter(
    his: HospitalSystem, on_board: Handover
) -> None:
    his.behaves("AE")
    for attempt in range(12):
        deliver(later(attempt * 70))

    assert states() == ["refused"]
    assert Delivery.objects.get().attempts.count() == 10


def test_a_system_that_is_down_for_an_hour_misses_nothing_and_is_tried_as_one(
    town: Town, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    with hospital_system() as gone:
        pass
    system_of(town, gone)
    row = put_on_board(mission, town.hospitals[0], medic_wang, at=NOW)
    handover.ready(handover=row, bay="R2", team="", actor=nurse_chen, now=later(5))
    attempts = 0
    for minute in range(60):
        attempts += deliver(NOW + timedelta(minutes=minute))
    set_patient(mission=mission, identity=Identity(name="Li"), actor=medic_wang, now=later(3500))

    with hospital_system(gone.port) as back:
        deliver(NOW + timedelta(minutes=62))

        assert back.events == ["A04", "A08", "A08"]
        assert {one["repeats"] for one in back.taken} == {0}
    assert 30 < attempts <= 61
    assert set(states()) == {"delivered"}


def test_what_the_system_says_of_its_own_accord_is_heard(
    his: HospitalSystem, on_board: Handover
) -> None:
    partner = Partner.objects.get()
    said = Received("ADT^A04", "9", visit_number="V9", preadmission_number="nobody")
    on_overheard(partner.pk, said, later(5))
    said = replace(said, preadmission_number=on_board.preadmission_number)
    on_overheard(partner.pk, said, later(6))

    on_board.refresh_from_db()
    assert on_board.visit_number == "V9"


def test_a_visits_number_in_a_message_of_the_systems_own_is_taken_and_acknowledged(
    transactional_db: None, machine: HospitalSystem, town: Town, mission: Mission, medic_wang: User
) -> None:
    machine.tell(do="mode", mode="tells", taken=[], known={}, attempts={}, visits={}, heard=[])
    system_of(town, machine)
    row = put_on_board(mission, town.hospitals[0], medic_wang, at=timezone.now())

    with process("manage.py", "deliver", "--skip-checks"):
        wait_until(lambda: machine.tell(do="look")["heard"] or None, what="it is acknowledged")

    assert machine.tell(do="look")["heard"] == ["AA OWN1"]
    row.refresh_from_db()
    assert row.visit_number == "V000001"


def test_no_message_is_lost_when_the_sender_is_killed_and_killed_again(
    transactional_db: None, machine: HospitalSystem, town: Town, mission: Mission,
    medic_wang: User, nurse_chen: User,
) -> None:  # fmt: skip
    machine.tell(do="mode", mode="slow", taken=[], known={}, attempts={}, visits={}, slow_s=3)
    system_of(town, machine)
    row = put_on_board(mission, town.hospitals[0], medic_wang, at=timezone.now())
    handover.ready(handover=row, bay="R2", team="", actor=nurse_chen, now=timezone.now())
    for _ in range(2):
        with process("manage.py", "deliver", "--skip-checks") as sender:
            wait_until(
                lambda: Delivery.objects.filter(state="sending").exists(),
                timeout_s=60,
                what="it is being sent",
            )
            sender.kill()
            sender.wait()
        Delivery.objects.filter(state="sending").update(claimed_until=timezone.now())
    machine.behaves("ok")
    with process("manage.py", "deliver", "--skip-checks"):
        wait_until(lambda: set(states()) == {"delivered"}, what="all is told")

    assert machine.events == ["A04", "A08"]


def test_a_system_full_of_faults_takes_each_message_once_and_each_patients_in_order(
    his: HospitalSystem, town: Town
) -> None:
    partner = Partner.objects.get()
    Partner.objects.update(options={"ack_s": "1"})
    his.tell(do="mode", mode="mixed", share=0.4, slow_s=0.05)
    queued: dict[str, list[str]] = {}
    for event in (Event.PENDING_ADMIT, Event.REGISTER, Event.UPDATE):
        for number in range(8):
            visit = replace(VISIT, preadmission_number=f"H1-{number}", visit_number="")
            control_id = f"{event}{number}"
            content = message(event, visit, Target(), Envelope(control_id, NOW, NOW))
            draft = Draft(
                content, CONTENT_TYPE, control_id, order_key=f"{number}", kind=KIND, holds=True
            )
            queue(partner=partner, draft=draft, actor=None, now=NOW)
            queued.setdefault(visit.preadmission_number, []).append(control_id)

    for turn in range(40):
        deliver(later(turn * 6))
        if set(states()) == {"delivered"}:
            break

    taken: dict[str, list[str]] = {}
    for row in his.taken:
        taken.setdefault(row["preadmission"], []).append(row["control_id"])
    assert taken == queued
    assert sum(row["repeats"] for row in his.taken) > 0  # a lost answer is no lost message


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return loopback_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Iterator[HospitalSystem]:
    with hospital_system(certificate=certificate) as system:
        yield system


def test_a_line_with_tls_is_used_only_to_whom_the_certificate_names(
    town: Town, mission: Mission, medic_wang: User, secure: HospitalSystem, certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    secure.tell(do="mode", mode="ok", taken=[], known={}, attempts={}, visits={})
    system_of(town, secure)
    put_on_board(mission, town.hospitals[0], medic_wang, at=NOW)
    deliver()
    assert DeliveryAttempt.objects.get().code == "not_trusted"
    assert secure.taken == []

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    deliver(later(120))
    assert secure.events == ["A04"]
    assert states() == ["delivered"]


def test_many_senders_share_a_line_with_tls(
    secure: HospitalSystem, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each new connection, when both sides still have something of TLS's own to say."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    place = Place("127.0.0.1", secure.port, tls=True, encoding="utf-8")

    def ask(line: Line, control_id: str) -> str:
        content = message(Event.REGISTER, VISIT, Target(), Envelope(control_id, NOW, NOW))
        return line.ask(control_id, content, within_s=10).received.code

    with ThreadPoolExecutor(8) as senders:
        for turn in range(10):
            line = Line(place, lambda received: None)
            codes = senders.map(partial(ask, line), [f"T{turn}-{n}" for n in range(8)])
            assert list(codes) == ["AA"] * 8
            line.close()


@pytest.mark.parametrize("accept", ["A14", "A05"])
def test_a_late_acceptance_does_not_make_a_registered_patient_an_announced_one(
    machine: HospitalSystem, town: Town, mission: Mission, medic_wang: User, nurse_chen: User,
    accept: str,
) -> None:  # fmt: skip
    machine.tell(do="mode", mode="ok", taken=[], known={}, attempts={}, visits={}, connections=0)
    system_of(town, machine, accept=accept)
    row = put_on_board(mission, town.hospitals[0], medic_wang, at=NOW)
    handover.confirm(handover=row, actor=nurse_chen, now=later(20))
    handover.ready(handover=row, bay="R2", team="", actor=nurse_chen, now=later(40))
    deliver(later(50))

    assert machine.events == ["A04", "A08"]


@pytest.mark.parametrize("accept", ["A14", "A05"])
def test_an_acceptance_before_the_boarding_announces_who_is_registered_then(
    machine: HospitalSystem, town: Town, mission: Mission, medic_wang: User, nurse_chen: User,
    accept: str,
) -> None:  # fmt: skip
    machine.tell(do="mode", mode="ok", taken=[], known={}, attempts={}, visits={}, connections=0)
    system_of(town, machine, accept=accept)
    row = handover.prealert(mission=mission, hospital=town.hospitals[0], actor=medic_wang, now=NOW)
    handover.confirm(handover=row, actor=nurse_chen, now=later(20))
    put_on_board(mission, town.hospitals[0], medic_wang, at=later(30))
    handover.ready(handover=row, bay="R2", team="", actor=nurse_chen, now=later(40))
    deliver(later(50))

    assert machine.events == [accept, "A04", "A08"]
