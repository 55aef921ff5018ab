"""The administrator's page of links: the worst first, parked frames with their reasons."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from config.links import state_of
from dispatch.fleet.models import Ambulance
from dispatch.people.models import User
from dispatch.uplink.models import ParkedFrame, VehicleLink
from tests.actions.test_ecg import signed_in

pytestmark = pytest.mark.django_db


def link(unit: Ambulance, *, told_s: float = 0, frame_s: float = 1, gone: bool = False,
         offset_ms: int = 40) -> VehicleLink:  # fmt: skip
    """As told so many seconds ago, the last frame so many seconds before that."""
    told_at = timezone.now() - timedelta(seconds=told_s)
    return VehicleLink.objects.create(
        ambulance=unit,
        connected_at=told_at - timedelta(hours=1),
        disconnected_at=told_at if gone else None,
        told_at=told_at,
        agent_version="1.4.0",
        protocol=1,
        last_frame_at=told_at - timedelta(seconds=frame_s),
        lag_ms=120,
        clock_offset_ms=offset_ms,
        frames=3600,
    )


def parked(unit: Ambulance, reason: str, raw: bytes = b"\xc1") -> ParkedFrame:
    return ParkedFrame.objects.create(
        ambulance=unit, epoch=uuid4(), sequence=7, received_at=timezone.now(), reason=reason,
        raw=raw,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({}, "live"),
        ({"frame_s": 30}, "silent"),
        ({"told_s": 60}, "down"),
        ({"gone": True}, "down"),
    ],
)
def test_the_state_of_a_link(a1: Ambulance, given: dict[str, float], state: str) -> None:
    assert state_of(link(a1, **given), timezone.now()) == state  # type: ignore[arg-type]
    assert state_of(None, timezone.now()) == "never"


def test_what_needs_a_person_stands_first(
    administrator: User, a1: Ambulance, a2: Ambulance
) -> None:
    link(a1)
    link(a2, offset_ms=-61_000)
    parked(a2, "unknown_field: Object contains unknown field `x`")

    page = signed_in(administrator).get("/links/").content.decode()

    assert page.index(f'data-unit="{a2.call_sign}"') < page.index(f'data-unit="{a1.call_sign}"')
    assert "-61.0 s" in page
    assert "unknown_field" in page
    assert "1.4.0" in page


def test_only_an_administrator_sees_and_replays(dispatcher_li: User, a1: Ambulance) -> None:
    client = signed_in(dispatcher_li)

    assert client.get("/links/").status_code == 403
    assert client.post("/links/parked/replay/").status_code == 403
    assert Client().get("/links/").status_code == 302


def test_what_still_cannot_be_taken_is_said(administrator: User, a1: Ambulance) -> None:
    parked(a1, "not_messagepack: x")
    client = signed_in(administrator)

    answer = client.post("/links/parked/replay/", follow=True)
    none = client.post("/links/parked/replay/", {"frame": "not a number"}, follow=True)

    assert "1 frame still cannot be taken." in answer.content.decode()
    assert "Nothing waits to be taken." in none.content.decode()
    assert ParkedFrame.objects.get().replayed_at is None
