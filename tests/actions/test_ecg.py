"""A 12-lead ECG from a vehicle or a tablet is kept first, read then, and shown to its people."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ambulance_agent.drivers.ecg12.parse import pieces_of
from ambulance_agent.protocol import MAX_FILE_BYTES, FilePiece, Telemetry
from config.boards import ED, TABLET
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.models import Entry
from dispatch.live.board import Viewer, snapshot
from dispatch.people.models import User
from dispatch.uplink.takers import TelemetryFrame
from ehr_prehospital.ecg import actions
from ehr_prehospital.ecg.models import Ecg, EcgOriginal, EcgPiece
from ehr_prehospital.handover.sheets import sheet_for
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.boards import board_follows
from tests.ecg_files import as_aecg, as_dicom, heart
from tests.town import NOW, Town

pytestmark = pytest.mark.slow

RAW = as_dicom(heart())
EPOCH = uuid4()


def frames(unit: Ambulance, *pieces: FilePiece) -> list[TelemetryFrame]:
    return [
        TelemetryFrame(unit.pk, EPOCH, piece.part, Telemetry(pieces=[piece])) for piece in pieces
    ]


def from_vehicle(unit: Ambulance, raw: bytes = RAW, *, at: datetime) -> None:
    pieces = list(pieces_of(raw, name="rest.dcm", found_at=at))
    actions.take_pieces(frames(unit, *pieces), at)


def brought(client: Client, mission: Mission, raw: bytes, **more: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    answer = client.post(
        f"/api/missions/{mission.pk}/ecgs/",
        {
            "id": str(uuid4()),
            "occurred_at": NOW.isoformat(),
            "file": SimpleUploadedFile("rest.dcm", raw),
            **more,
        },
    )
    return answer.status_code, answer.json()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_pieces_of_a_vehicle_become_one_ecg_of_its_mission(
    mission: Mission, a1: Ambulance
) -> None:
    pieces = list(pieces_of(RAW, name="rest.dcm", found_at=later(60)))
    actions.take_pieces(frames(a1, *pieces[2:]), later(61))
    early = Ecg.objects.count()
    actions.take_pieces(frames(a1, *pieces[2:], *pieces[:2]), later(62))
    actions.judge_waiting(now=later(63))

    ecg = Ecg.objects.get()
    assert early == 0
    assert len(pieces) > 2
    assert (ecg.mission_id, ecg.source, ecg.state) == (mission.pk, "vehicle", "read")
    assert (ecg.rate_hz, ecg.count, ecg.occurred_at) == (500, 5000, later(60))
    assert bytes(ecg.original.content) == RAW
    assert ecg.samples is not None
    assert len(bytes(ecg.samples)) == 12 * 5000 * 2
    assert EcgPiece.objects.count() == 0
    assert kinds()[-2:] == ["ecg.received", "ecg.read"]
    assert set(newest("ecg.received").detail) == {"source"}


def test_pieces_of_a_file_that_came_before_are_harmless(mission: Mission, a1: Ambulance) -> None:
    from_vehicle(a1, at=later(60))
    from_vehicle(a1, at=later(60))

    assert (Ecg.objects.count(), EcgOriginal.objects.count(), EcgPiece.objects.count()) == (1, 1, 0)


def test_pieces_that_do_not_give_the_file_stay_pieces(mission: Mission, a1: Ambulance) -> None:
    pieces = list(pieces_of(b"x" * 40_000, name="x.dcm", found_at=later(60)))
    wrong = FilePiece(
        **{field: getattr(pieces[1], field) for field in FilePiece.__struct_fields__}
        | {"content": b"y" * len(pieces[1].content)}
    )
    actions.take_pieces(frames(a1, pieces[0], wrong), later(61))

    assert (Ecg.objects.count(), EcgPiece.objects.count()) == (0, 2)


def test_a_file_that_nobody_can_read_is_kept_with_its_bytes(
    mission: Mission, a1: Ambulance
) -> None:
    from_vehicle(a1, b"not an ECG", at=later(60))
    actions.judge_waiting(now=later(61))

    ecg = Ecg.objects.get()
    assert (ecg.state, ecg.fault) == ("unreadable", "unknown_format")
    assert bytes(ecg.original.content) == b"not an ECG"
    assert newest("ecg.unreadable").detail["fault"] == "unknown_format"


def test_an_ecg_between_missions_is_kept_without_one(a1: Ambulance) -> None:
    from_vehicle(a1, at=later(60))

    assert Ecg.objects.get().mission is None


def test_a_file_of_a_vehicle_is_stored_first_and_read_once_by_the_watcher(
    mission: Mission, a1: Ambulance
) -> None:
    from_vehicle(a1, at=later(60))
    waiting = Ecg.objects.get().state
    read = actions.judge_waiting(now=later(70))

    assert (waiting, read, Ecg.objects.get().state) == ("waiting", 1, "read")
    assert actions.judge_waiting(now=later(80)) == 0


def test_a_bug_of_a_reader_leaves_the_file_and_tells_no_values(
    mission: Mission, a1: Ambulance, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def broken(raw: bytes) -> None:
        raise ZeroDivisionError("Li Wei, 54")

    monkeypatch.setattr(actions, "read_ecg", broken)
    from_vehicle(a1, at=later(60))
    actions.judge_waiting(now=later(70))

    assert Ecg.objects.get().fault == "unforeseen"
    assert "ZeroDivisionError" in caplog.text
    assert "Li Wei" not in caplog.text


def test_a_crew_brings_an_ecg_and_sees_it(mission: Mission, medic_wang: User) -> None:
    client = signed_in(medic_wang)
    status, answer = brought(client, mission, RAW)
    actions.judge_waiting(now=later(1))
    drawn = client.get(f"/api/ecgs/{answer['id']}/").json()
    file = client.get(f"/api/ecgs/{answer['id']}/original/")

    assert status == 201
    assert answer["author"]["name_en"] == "Wang"
    assert (drawn["state"], drawn["leads"][3], drawn["count"]) == ("read", "aVR", 5000)
    table = np.frombuffer(b64decode(drawn["samples"]), "<i2").reshape(12, 5000)
    assert table[1].max() == 1000
    assert sha256(file.content).digest() == sha256(RAW).digest()
    assert "attachment" in file["Content-Disposition"]
    assert newest("patient.viewed").detail["purpose"] == "ecg"


def test_the_same_bytes_are_one_ecg_and_one_file(
    mission: Mission, medic_wang: User, a1: Ambulance
) -> None:
    client = signed_in(medic_wang)
    from_vehicle(a1, at=later(1))
    _, first = brought(client, mission, RAW)
    _, second = brought(client, mission, RAW)

    assert first["id"] == second["id"] == str(Ecg.objects.get().pk)


def test_damage_is_said_in_the_users_language_and_the_original_kept(
    mission: Mission, medic_wang: User
) -> None:
    client = signed_in(medic_wang)
    status, answer = brought(client, mission, as_aecg(heart(), head="<!DOCTYPE x>"))
    actions.judge_waiting(now=later(1))
    drawn = client.get(f"/api/ecgs/{answer['id']}/").json()

    assert status == 201
    assert (drawn["state"], drawn["fault"], drawn["samples"]) == ("unreadable", "dangerous_xml", "")
    assert EcgOriginal.objects.count() == 1


@pytest.mark.parametrize(
    ("raw", "code"), [(b"", "empty_file"), (bytes(MAX_FILE_BYTES + 1), "file_too_large")]
)
def test_what_is_no_file_at_all_is_refused(
    mission: Mission, medic_wang: User, raw: bytes, code: str
) -> None:
    status, answer = brought(signed_in(medic_wang), mission, raw)

    assert (status, answer["code"]) == (400, code)
    assert EcgOriginal.objects.count() == 0


def test_an_identifier_of_another_ecg_is_refused(mission: Mission, medic_wang: User) -> None:
    client = signed_in(medic_wang)
    _, first = brought(client, mission, RAW)
    status, answer = brought(client, mission, as_aecg(heart()), id=first["id"])

    assert (status, answer["code"]) == (400, "id_in_use")


@pytest.mark.parametrize("who", ["nurse_chen", "medic_other", "dispatcher_li", "stranger"])
def test_nobody_else_brings_or_sees_it(
    who: str, mission: Mission, a1: Ambulance, request: pytest.FixtureRequest
) -> None:
    from_vehicle(a1, at=later(1))
    user: User = request.getfixturevalue(who)
    client = signed_in(user)
    ecg = Ecg.objects.get()

    assert brought(client, mission, RAW)[0] == 403
    for path in (f"/api/ecgs/{ecg.pk}/", f"/api/ecgs/{ecg.pk}/original/", f"/ecgs/{ecg.pk}/"):
        assert client.get(path).status_code == 403, path
    assert newest("patient.refused").actor_id == user.pk


def test_an_ecg_that_does_not_exist_is_refused_alike(medic_wang: User) -> None:
    client = signed_in(medic_wang)

    assert client.get(f"/api/ecgs/{uuid4()}/").status_code == 403
    assert newest("patient.refused").detail["reason"] == "unknown_ecg"


def test_nobody_looks_at_an_ecg_without_a_mission(a1: Ambulance, medic_wang: User) -> None:
    from_vehicle(a1, at=later(60))

    assert signed_in(medic_wang).get(f"/api/ecgs/{Ecg.objects.get().pk}/").status_code == 403


def test_it_stands_on_the_tablet_and_comes_to_the_hospital_with_the_alert(
    mission: Mission, town: Town, a1: Ambulance, medic_wang: User, nurse_chen: User
) -> None:
    say(mission, "at_patient", later(30), medic_wang)
    with board_follows(TABLET, medic_wang, later(61)):
        from_vehicle(a1, at=later(60))
        actions.judge_waiting(now=later(61))
    before = ecgs_on(ED, nurse_chen, later(62))
    with board_follows(ED, nurse_chen, later(601)):
        put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    after = ecgs_on(ED, nurse_chen, later(602))

    assert before == {}
    (item,) = after.values()
    assert (item["state"], item["mission_id"]) == ("read", str(mission.pk))
    assert "samples" not in item


def ecgs_on(board: object, user: User, at: datetime) -> dict:  # type: ignore[type-arg]
    return snapshot(board, Viewer(user, at)).state["ecgs"]  # type: ignore[arg-type]


def test_journal_rows_name_the_ecg_and_nothing_of_it(mission: Mission, a1: Ambulance) -> None:
    from_vehicle(a1, at=later(60))
    actions.judge_waiting(now=later(61))

    for row in Entry.objects.filter(kind__startswith="ecg."):
        assert UUID(row.refs["ecg"]) == Ecg.objects.get().pk
        assert "rest.dcm" not in str(row.detail)


def test_the_record_names_the_ecg_by_the_hash_of_its_file(
    mission: Mission, town: Town, a1: Ambulance, medic_wang: User
) -> None:
    say(mission, "at_patient", later(30), medic_wang)
    from_vehicle(a1, at=later(60))
    from_vehicle(a1, b"not an ECG", at=later(70))
    actions.judge_waiting(now=later(71))
    handover = put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    sheet = sheet_for(user=medic_wang, mission=mission, handover=handover, now=later(700))

    assert [ecg.sha256 for ecg in sheet.ecgs] == [
        sha256(RAW).hexdigest(),
        sha256(b"not an ECG").hexdigest(),
    ]
    assert [bool(ecg.fault) for ecg in sheet.ecgs] == [False, True]


def test_its_page_is_open_to_those_who_may_look(
    mission: Mission, a1: Ambulance, medic_wang: User
) -> None:
    from_vehicle(a1, at=later(60))
    page = signed_in(medic_wang).get(f"/ecgs/{Ecg.objects.get().pk}/")

    assert page.status_code == 200
    assert "shared/ecg/ecg_page" in page.content.decode()
