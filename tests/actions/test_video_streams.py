"""A mission's cameras over HTTP, the tickets to their hub, and who may say what of a camera."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client, override_settings

from ambulance_agent.protocol.media import CameraRole, Consent, Recording
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from dispatch.people.queries import SignIn
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.video.actions import begin_stream, end_stream, set_policy, still_watching
from ehr_prehospital.video.addresses import hub_address, is_served_here
from ehr_prehospital.video.models import Stream
from ehr_prehospital.video.rules import shard_of
from ehr_prehospital.video.tickets import sign_in_of, ticket_in, ticket_of
from tests.media import begin
from tests.town import NOW

pytestmark = pytest.mark.django_db


def test_the_crew_begins_a_camera_once_however_often_it_says_so(
    mission: Mission, medic_wang: User
) -> None:
    stream_id = uuid4()
    said = begin(mission, started_at=NOW + timedelta(hours=1))  # a clock that runs ahead

    first = begin_stream(stream_id=stream_id, begin=said, source=medic_wang, now=NOW)
    again = begin_stream(
        stream_id=stream_id, begin=said, source=medic_wang, now=NOW + timedelta(seconds=9)
    )

    assert first == again == Stream.objects.get()
    assert again.started_at == NOW


def test_a_stream_belongs_to_who_began_it(
    mission: Mission, medic_wang: User, medic_other: User, a1: Ambulance, a2: Ambulance
) -> None:
    stream_id = uuid4()
    begin_stream(stream_id=stream_id, begin=begin(mission), source=medic_wang, now=NOW)

    with pytest.raises(BadInput):
        begin_stream(stream_id=stream_id, begin=begin(mission), source=a1, now=NOW)
    for source in (medic_other, a2):
        with pytest.raises(NoAccess):
            begin_stream(stream_id=uuid4(), begin=begin(mission), source=source, now=NOW)
    assert Stream.objects.count() == 1


def test_who_refuses_is_not_recorded_and_an_end_is_said_once(
    mission: Mission, a1: Ambulance
) -> None:
    stream = begin_stream(stream_id=uuid4(), begin=begin(mission), source=a1, now=NOW)

    stream = set_policy(
        stream=stream, recording=Recording.OWN, consent=Consent.REFUSED, source=a1, now=NOW
    )
    end_stream(stream=stream, at=NOW - timedelta(hours=1), source=a1, now=NOW)
    stream = end_stream(stream=stream, at=NOW, source=a1, now=NOW + timedelta(seconds=5))

    assert (stream.recording, stream.consent) == ("off", "refused")
    assert stream.ended_at == stream.started_at


def test_each_sees_the_cameras_that_they_may_watch(
    mission: Mission, medic_wang: User, dispatcher_li: User, nurse_chen: User
) -> None:
    for role in (CameraRole.CABIN, CameraRole.ULTRASOUND):
        begin_stream(stream_id=uuid4(), begin=begin(mission, role), source=medic_wang, now=NOW)
    address = f"/api/missions/{mission.pk}/streams/"

    def seen(user: User) -> tuple[int, set[str]]:
        client = Client()
        client.force_login(user)
        answer = client.get(address)
        return answer.status_code, {one["role"] for one in answer.json().get("streams", ())}

    assert seen(dispatcher_li) == (200, {"cabin"})
    assert seen(nurse_chen) == (403, set())
    ultrasound = Stream.objects.get(role="ultrasound")
    assert not still_watching(user=dispatcher_li, stream=ultrasound, now=NOW)
    assert still_watching(user=medic_wang, stream=ultrasound, now=NOW)


def test_a_ticket_is_the_sign_in_for_a_while_and_nothing_else_is() -> None:
    sign_in = SignIn("a-session", uuid4(), "mark")
    ticket = ticket_of(sign_in)

    assert sign_in_of(ticket) == sign_in
    assert sign_in_of(ticket[:-4] + "AAAA") is None
    assert sign_in_of("é") is None
    assert ticket_in(b"ticket=abc&picture=low") == "abc"
    assert ticket_in(b"picture=low") is None
    assert "a-session" not in ticket


@override_settings(HUB_PROCESSES=3, HUB_PORT=9000, HUB_URL="", HUB_SHARD=1)
def test_an_incident_is_served_by_one_hub_and_everybody_is_told_which() -> None:
    incidents = [UUID(int=number) for number in range(3)]

    told = {hub_address(one, host="10.1.2.3:8000", secure=False) for one in incidents}

    assert told == {f"ws://10.1.2.3:{9000 + shard}" for shard in range(3)}
    assert [one for one in incidents if is_served_here(one)] == [
        one for one in incidents if shard_of(one, 3) == 1
    ]
    with override_settings(HUB_URL="wss://media{shard}.example"):
        assert hub_address(UUID(int=2), host="x", secure=True) == "wss://media2.example"
    assert hub_address(UUID(int=0), host="[::1]:8000", secure=True) == "wss://[::1]:9000"
