"""A photograph belongs to its record, byte for byte; every look at it is written down."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.attachments.models import Attachment
from ehr_prehospital.attachments.rules import MOST_BYTES, media_type
from tests.actions.care import kinds, newest
from tests.town import NOW

JPEG = b"\xff\xd8\xff\xe0 a wrist"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def brought(
    client: Client, mission: Mission, raw: bytes = JPEG, **more: object
) -> tuple[int, dict]:  # type: ignore[type-arg]
    answer = client.post(
        f"/api/missions/{mission.pk}/attachments/",
        {
            "id": str(uuid4()),
            "occurred_at": NOW.isoformat(),
            "file": SimpleUploadedFile("wrist.jpg", raw),
            **more,
        },
    )
    return answer.status_code, answer.json()


def test_a_photograph_comes_back_as_it_came_and_the_look_is_written_down(
    mission: Mission, medic_wang: User
) -> None:
    client = signed_in(medic_wang)

    status, answer = brought(client, mission)
    again, same = brought(client, mission, id=answer["id"])
    seen = client.get(f"/api/attachments/{answer['id']}/")

    assert (status, again, answer["media_type"]) == (201, 201, "image/jpeg")
    assert same == answer
    assert seen.content == JPEG
    assert seen["Content-Type"] == "image/jpeg"
    assert seen["X-Content-Type-Options"] == "nosniff"
    assert kinds().count("record.attached") == 1
    assert "wrist" not in str(newest("record.attached").detail)
    assert newest("patient.viewed").detail["purpose"] == "attachment"


def test_what_is_no_picture_is_kept_and_never_shown_by_a_browser(
    mission: Mission, medic_wang: User
) -> None:
    client = signed_in(medic_wang)

    _, answer = brought(client, mission, b"<svg onload=alert(1)>")
    seen = client.get(f"/api/attachments/{answer['id']}/")

    assert seen["Content-Type"] == "application/octet-stream"
    assert "attachment" in seen["Content-Disposition"]
    assert "sandbox" in seen["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("raw", "code"), [(b"", "empty_file"), (bytes(MOST_BYTES + 1), "file_too_large")]
)
def test_what_is_no_file_at_all_is_refused(
    mission: Mission, medic_wang: User, raw: bytes, code: str
) -> None:
    status, answer = brought(signed_in(medic_wang), mission, raw)

    assert (status, answer["code"]) == (HTTPStatus.BAD_REQUEST, code)
    assert Attachment.objects.count() == 0


def test_an_identifier_of_another_file_is_refused(mission: Mission, medic_wang: User) -> None:
    client = signed_in(medic_wang)
    _, first = brought(client, mission)

    status, answer = brought(client, mission, b"\x89PNG\r\n\x1a\n", id=first["id"])

    assert (status, answer["code"]) == (HTTPStatus.BAD_REQUEST, "id_in_use")
    assert bytes(Attachment.objects.get().content) == JPEG


@pytest.mark.parametrize("who", ["nurse_chen", "medic_other", "dispatcher_li", "stranger"])
def test_nobody_else_brings_or_sees_it(
    who: str, mission: Mission, medic_wang: User, request: pytest.FixtureRequest
) -> None:
    _, kept = brought(signed_in(medic_wang), mission)
    other = signed_in(request.getfixturevalue(who))

    status, _ = brought(other, mission)
    seen = other.get(f"/api/attachments/{kept['id']}/")

    assert (status, seen.status_code) == (HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN)
    assert Attachment.objects.count() == 1


def test_an_unknown_one_is_refused_like_a_strangers(medic_wang: User) -> None:
    seen = signed_in(medic_wang).get(f"/api/attachments/{uuid4()}/")

    assert seen.status_code == HTTPStatus.FORBIDDEN


def test_a_kept_file_is_neither_changed_nor_deleted(mission: Mission, medic_wang: User) -> None:
    brought(signed_in(medic_wang), mission)

    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.update(content=b"another")
    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.all().delete()
    assert bytes(Attachment.objects.get().content) == JPEG


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (JPEG, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n..", "image/png"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"RIFF....WAVE", "application/octet-stream"),
        (b"%PDF-1.7", "application/pdf"),
        (b"MZ", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(raw: bytes, kind: str) -> None:
    assert media_type(raw) == kind
