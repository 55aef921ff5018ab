"""Nobody confirms: the next named person, then a second channel; every attempt in the journal."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from config.adapters import ADAPTERS
from config.boards import ED
from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import User
from ehr_prehospital.alerting.actions import (
    NoPush,
    push_key,
    put_on_call,
    set_timing,
    subscribe,
)
from ehr_prehospital.alerting.channels.web_push import allowed
from ehr_prehospital.alerting.models import OnCall, PushSubscription
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.sending import send_next
from ehr_prehospital.handover.actions import call_team, confirm, read_card, redirect, speak
from ehr_prehospital.handover.models import Handover, Notice
from ehr_prehospital.handover.watch import watch_near, watch_unconfirmed
from ehr_prehospital.pathways.actions import open_pathway
from tests.actions.care import kinds, later, newest, put_on_board
from tests.boards import board_follows
from tests.town import Town, person

pytestmark = pytest.mark.slow
PEER = Path(__file__).parents[1] / "alert_peer.py"


@dataclass(frozen=True)
class Peer:
    web: int
    mail: int
    file: Path

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.web}{path}"

    # Any: JSON, as the peer wrote it.
    def kept(self) -> list[dict[str, Any]]:
        if not self.file.exists():
            return []
        return [json.loads(line) for line in self.file.read_text().splitlines()]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    file = tmp_path_factory.mktemp("peer") / "kept"
    with subprocess.Popen(
        [sys.executable, str(PEER), str(file)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        web, mail = process.stdout.readline().split()
        yield Peer(int(web), int(mail), file)
        process.kill()


@pytest.fixture
def peer(running: Peer) -> Peer:
    running.file.unlink(missing_ok=True)
    return running


def partner(town: Town, kind: str, address: str, **options: str) -> Partner:
    return Partner.objects.create(
        centre=town.centre, name=kind, kind=kind, address=address, options=options
    )


@pytest.fixture
def on_duty(town: Town, nurse_chen: User) -> list[User]:
    """Sun, then He, on the list of H1."""
    found = []
    for rank, name in enumerate(("sun", "he"), start=1):
        user = person(name, "ed_staff", town.hospitals[0])
        put_on_call(
            person=user,
            rank=rank,
            team="",
            phone=f"+86-1{rank}",
            email=f"{name}@hospital.invalid",
            pager="",
            actor=nurse_chen,
            now=later(-100),
        )
        found.append(user)
    return found


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User, on_duty: list[User]) -> Handover:
    return put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))


def send_all(now: datetime) -> None:
    while send_next(ADAPTERS, clock=lambda: now):
        pass


def told(handover: Handover) -> list[tuple[int, str, str]]:
    return [
        (one.level, one.person.username if one.person else "", one.channel)
        for one in handover.notices.select_related("person").order_by(
            "made_at", "channel", "person__username"
        )
    ]


@pytest.fixture
def gateway(town: Town, peer: Peer) -> Partner:
    return partner(town, "alert.sms", peer.address("/sms"))


def test_an_alert_goes_to_the_next_person_and_a_second_channel(
    gateway: Partner, peer: Peer, handover: Handover, nurse_chen: User
) -> None:
    with board_follows(ED, nurse_chen, later(760)):
        for seconds in (629, 630, 661, 721):
            watch_unconfirmed(later(seconds))
        send_all(later(722))

    assert told(handover) == [
        (1, "", "loudspeaker"),
        (1, "sun", "sms"),
        (2, "", "loudspeaker"),
        (2, "he", "sms"),
        (3, "", "loudspeaker"),
        (3, "he", "sms"),
        (3, "sun", "sms"),
    ]
    sent = [json.loads(b64decode(row["body"])) for row in peer.kept()]
    assert {row["to"] for row in sent} == {"+86-11", "+86-12"}
    assert Entry.objects.filter(kind="delivery.delivered").count() == len(sent)
    assert kinds().count("handover.notified") == handover.notices.count()


def test_no_text_that_leaves_the_house_says_anything_of_the_patient(
    gateway: Partner, handover: Handover, mission: Mission
) -> None:
    watch_unconfirmed(later(721))

    words = [bytes(one.content).decode() for one in Delivery.objects.all()]
    assert words
    secret = [handover.preadmission_number, handover.encounter.patient.temporary_number]
    secret += ["chest_pain", "胸痛", "Chest", mission.incident.place_label, "61"]
    for text in words:
        message = json.loads(text)["text"]
        assert "A1" in message
        assert not [one for one in secret if one in message]


def test_a_busy_gateway_is_asked_again_and_each_attempt_is_in_the_journal(
    town: Town, peer: Peer, mission: Mission, medic_wang: User, on_duty: list[User]
) -> None:
    partner(town, "alert.sms", peer.address("/busy"))
    put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    watch_unconfirmed(later(631))

    send_all(later(632))
    tried = newest("delivery.attempted")
    send_all(later(650))

    assert (tried.detail["code"], tried.refs["mission"]) == ("http_503", str(mission.pk))
    assert [row["status"] for row in peer.kept()] == [503, 201]
    assert Delivery.objects.get().state == "delivered"


def test_an_alert_that_could_not_be_sent_in_time_is_not_sent_late(
    gateway: Partner, peer: Peer, handover: Handover
) -> None:
    watch_unconfirmed(later(631))
    send_all(later(631 + 16 * 60))

    assert peer.kept() == []
    assert newest("delivery.refused").detail["code"] == "too_late"


def test_who_confirms_stops_what_has_not_left_the_house(
    gateway: Partner, peer: Peer, handover: Handover, nurse_chen: User
) -> None:
    watch_unconfirmed(later(630))
    confirm(handover=handover, actor=nurse_chen, now=later(631))

    send_all(later(640))
    watch_unconfirmed(later(900))

    assert peer.kept() == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}
    assert max(one.level for one in Notice.objects.all()) == 1


def test_whoever_was_told_is_told_that_nobody_comes(
    gateway: Partner,
    peer: Peer,
    handover: Handover,
    mission: Mission,
    town: Town,
    dispatcher_li: User,
) -> None:
    watch_unconfirmed(later(631))
    send_all(later(632))
    redirect(
        mission=mission,
        hospital=town.hospitals[1],
        reason="on_divert",
        actor=dispatcher_li,
        now=later(640),
    )
    send_all(later(641))

    texts = [json.loads(b64decode(row["body"]))["text"] for row in peer.kept()]
    assert len(texts) == 2
    assert "不来" in texts[1] or "does not come" in texts[1]


def test_the_times_are_the_hospitals_own(
    gateway: Partner, handover: Handover, nurse_chen: User
) -> None:
    set_timing(urgency=1, seconds=[10, 20, 30], actor=nurse_chen, now=later(0))

    assert watch_unconfirmed(later(609)) == 0
    assert watch_unconfirmed(later(611)) == 1

    with pytest.raises(BadInput):
        set_timing(urgency=1, seconds=[30, 20, 10], actor=nurse_chen, now=later(0))


def test_a_push_message_is_sealed_for_one_browser_and_signed(
    town: Town, peer: Peer, mission: Mission, medic_wang: User, on_duty: list[User]
) -> None:
    sun = on_duty[0]
    with pytest.raises(NoPush):
        push_key(actor=sun)
    origin = peer.address("")
    partner(town, "alert.web_push", "mailto:desk@centre.example", services=origin)
    key = push_key(actor=sun)
    browser = ec.generate_private_key(ec.SECP256R1())
    point = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = b"0123456789abcdef"
    subscribe(
        endpoint=peer.address("/push/1"),
        p256dh=text64(point),
        auth=text64(secret),
        actor=sun,
        now=later(1),
    )

    put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    send_all(later(601))

    (row,) = peer.kept()
    assert row["headers"]["content-encoding"] == "aes128gcm"
    assert row["headers"]["urgency"] == "high"
    assert f"k={key}" in row["headers"]["authorization"]
    read = json.loads(opened(b64decode(row["body"]), browser, point, secret))
    assert read["address"].endswith("/ed/")
    assert "A1" in read["text"]


def text64(some: bytes) -> str:
    return urlsafe_b64encode(some).rstrip(b"=").decode()


def opened(body: bytes, browser: ec.EllipticCurvePrivateKey, point: bytes, secret: bytes) -> bytes:
    """What the browser does (RFC 8291)."""
    salt, size = body[:16], body[20]
    theirs, sealed = body[21 : 21 + size], body[21 + size :]
    shared = browser.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    )

    def derive(length: int, salt: bytes, info: bytes, key: bytes) -> bytes:
        return HKDF(hashes.SHA256(), length, salt, info).derive(key)

    key = derive(32, secret, b"WebPush: info\0" + point + theirs, shared)
    content = derive(16, salt, b"Content-Encoding: aes128gcm\0", key)
    nonce = derive(12, salt, b"Content-Encoding: nonce\0", key)
    return AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\x02")


def test_a_browser_that_is_gone_is_asked_no_more(
    town: Town, peer: Peer, mission: Mission, medic_wang: User, on_duty: list[User]
) -> None:
    partner(town, "alert.web_push", "mailto:desk@centre.example", services=peer.address(""))
    browser = ec.generate_private_key(ec.SECP256R1())
    point = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    push_key(actor=on_duty[0])
    subscribe(
        endpoint=peer.address("/gone/1"),
        p256dh=text64(point),
        auth=text64(b"0123456789abcdef"),
        actor=on_duty[0],
        now=later(1),
    )
    put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))

    send_all(later(601))

    assert PushSubscription.objects.get().ended_at is not None
    assert Delivery.objects.get().state == "refused"


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example/1", "https://10.0.0.1/1", "https://localhost/1", "https://db.internal/"],
)
def test_no_browser_leads_us_into_our_own_network(endpoint: str) -> None:
    assert not allowed(endpoint, "")
    assert allowed("https://push.example/1", "")


def test_an_email_reaches_the_mail_server_and_a_wrong_box_is_refused(
    town: Town, peer: Peer, mission: Mission, medic_wang: User, on_duty: list[User]
) -> None:
    partner(town, "alert.email", f"smtp://127.0.0.1:{peer.mail}")
    OnCall.objects.filter(rank=2).update(email="nobody@hospital.invalid")
    put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    watch_unconfirmed(later(661))

    send_all(later(662))

    assert [row["to"] for row in peer.kept()] == [["sun@hospital.invalid"]]
    assert newest("delivery.refused").detail["code"] == "smtp_550"


def test_the_demonstration_writes_a_file_once(
    town: Town,
    handover: Handover,
    mission: Mission,
    tmp_path: Path,
    settings: Any,  # Any: pytest-django's wrapper
) -> None:
    settings.STATE_DIR = tmp_path
    partner(town, "alert.pager", "https://outbox.invalid/", outbox="yes")
    OnCall.objects.update(pager="17")
    watch_unconfirmed(later(631))

    send_all(later(632))

    (file,) = (tmp_path / "outbox").iterdir()
    row = json.loads(file.read_text())
    assert (row["channel"], row["to"]) == ("pager", "17")


def test_a_team_is_called_by_its_own_list(
    gateway: Partner, handover: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    put_on_call(
        person=nurse_chen,
        rank=1,
        team="cath_lab",
        phone="+86-77",
        email="",
        pager="",
        actor=nurse_chen,
        now=later(0),
    )
    open_pathway(
        mission=mission, kind="stemi", pathway_id=uuid4(), actor=medic_wang, now=later(610)
    )

    for _twice in range(2):
        call_team(mission=mission, kind="stemi", team="cath_lab", actor=medic_wang, now=later(620))

    (row,) = handover.notices.filter(subject="team")
    assert (row.person, row.channel) == (nurse_chen, "sms")


def test_the_wall_speaks_once_and_a_stranger_not_at_all(
    handover: Handover, nurse_chen: User, nurse_elsewhere: User
) -> None:
    watch_unconfirmed(later(630))
    notice = Notice.objects.get(channel="loudspeaker")

    speak(notice=notice, actor=nurse_chen, now=later(631))
    speak(notice=notice, actor=nurse_chen, now=later(640))

    notice.refresh_from_db()
    assert notice.spoken_at == later(631)
    assert kinds().count("handover.spoken") == 1
    with pytest.raises(NotAllowed):
        speak(notice=notice, actor=nurse_elsewhere, now=later(650))


def test_two_minutes_out_is_called_once(handover: Handover, mission: Mission) -> None:
    def estimate(eta_s: float, note: str = "") -> int:
        Mission.objects.filter(pk=mission.pk).update(
            eta_s=eta_s, eta_note=note, eta_computed_at=later(700)
        )
        return watch_near(later(702))

    assert estimate(150) == 0
    assert estimate(110, "stale_fix") == 0
    assert estimate(110) == 1
    assert estimate(60) == 0
    assert newest("handover.near").refs["handover"] == str(handover.pk)


def test_what_was_read_is_kept_by_reader(handover: Handover, nurse_chen: User) -> None:
    with board_follows(ED, nurse_chen, later(700)):
        read_card(handover=handover, actor=nurse_chen, now=later(610))
        read_card(handover=handover, actor=nurse_chen, now=later(650))

    assert handover.looks.get().looked_at == later(650)


def test_the_list_is_the_hospitals_own(
    town: Town, nurse_chen: User, nurse_elsewhere: User, client: Client
) -> None:
    with pytest.raises(BadInput):
        put_on_call(
            person=nurse_elsewhere,
            rank=1,
            team="",
            phone="",
            email="",
            pager="",
            actor=nurse_chen,
            now=later(0),
        )
    client.force_login(nurse_chen)

    refused = client.get("/api/push/key/")

    assert (refused.status_code, refused.json()["code"]) == (409, "no_push")


def test_the_page_keeps_the_list_and_shows_what_was_sent(
    town: Town, nurse_chen: User, medic_wang: User, client: Client
) -> None:
    client.force_login(nurse_chen)
    client.post("/alerts/change/", {"person": str(nurse_chen.pk), "rank": "1", "phone": "+86-5"})
    client.post(
        "/alerts/change/",
        {"what": "timing", "urgency": "1", "after_1": "10", "after_2": "20", "after_3": "30"},
    )

    page = client.get("/alerts/").content.decode()

    assert "+86-5" in page
    assert 'value="10"' in page
    row = OnCall.objects.get()
    client.post("/alerts/change/", {"what": "off", "row": str(row.pk)})
    row.refresh_from_db()
    assert row.ends_at is not None
    client.force_login(medic_wang)
    assert client.get("/alerts/").status_code == 403
