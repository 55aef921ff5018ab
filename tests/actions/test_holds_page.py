"""The office's page of recordings and holds: what is kept until when, and who holds it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import pytest

from dispatch.fleet.models import Mission
from dispatch.people.models import Role, User
from ehr_prehospital.recording.actions.keeping import drop_overdue
from ehr_prehospital.recording.models import LegalHold
from ehr_prehospital.video.models import Stream
from tests.actions.care import kinds
from tests.actions.test_attachments import signed_in
from tests.actions.test_recordings_kept import FILM, over, years
from tests.films import Device
from tests.recordings import arrived, cabin_camera, room_enough  # noqa: F401  (fixtures)
from tests.town import NOW, person

pytestmark = pytest.mark.usefixtures("room_enough")
PAGE = "/recordings/"


@pytest.fixture
def kept(stream: Stream, medic_wang: User, mission: Mission) -> Mission:
    arrived(stream, Device(FILM, started_ms=NOW.timestamp() * 1000), medic_wang)
    over(mission)
    return mission


@pytest.fixture
def reviewer(mission: Mission) -> User:
    return person("he", Role.QUALITY_REVIEWER, mission.incident.centre)


def place(mission: Mission, reason: str = "Complaint 17") -> dict[str, str]:
    return {"mission": str(mission.pk), "hold": str(uuid4()), "reason": reason}


def test_a_reviewer_holds_a_mission_with_a_reason_and_releases_it(
    kept: Mission, reviewer: User
) -> None:
    office = signed_in(reviewer)

    before = office.get(PAGE).content.decode()
    office.post(PAGE, place(kept))
    held = office.get(f"{PAGE}?show=held").content.decode()
    dropped = drop_overdue(now=NOW + years(16))
    office.post(PAGE, {"mission": str(kept.pk), "what": "release"})
    after = office.get(f"{PAGE}?show=held").content.decode()

    assert kept.number in before
    assert str((NOW + years(15)).year) in before, "until when"
    assert "Complaint 17" in held
    assert "data-held" in held
    assert dropped == 0
    assert "No hold stands." in after
    hold = LegalHold.objects.get()
    assert (hold.placed_by, hold.lifted_by) == (reviewer, reviewer)
    assert {"recording.held", "recording.released"} <= set(kinds())


def test_without_a_reason_nothing_is_held_and_the_page_says_so(
    kept: Mission, reviewer: User
) -> None:
    answer = signed_in(reviewer).post(PAGE, place(kept, reason="  "), follow=True)

    assert "Say why it has to be kept." in answer.content.decode()
    assert not LegalHold.objects.exists()


def test_an_administrator_reads_what_is_kept_and_holds_nothing_others_see_nothing(
    kept: Mission, medic_wang: User
) -> None:
    office = signed_in(person("admin", Role.ADMINISTRATOR, kept.incident.centre))

    page = office.get(PAGE).content.decode()
    office.post(PAGE, place(kept))

    assert kept.number in page
    assert "data-act" not in page
    assert not LegalHold.objects.exists()
    assert signed_in(medic_wang).get(PAGE).status_code == HTTPStatus.FORBIDDEN
