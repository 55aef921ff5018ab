"""Alarms from the stored stream: raised, told by ids, acknowledged by a name, escalated, ended."""

import struct
from datetime import timedelta
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from ambulance_agent.protocol import (
    DeviceState,
    DeviceStateCode,
    Lead,
    Telemetry,
    VitalCode,
    Wave,
    reading,
)
from config.boards import CONSOLE, ED, TABLET
from config.frames import TAKERS
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.models import Entry
from dispatch.live.board import Viewer, snapshot
from dispatch.people.models import User
from dispatch.uplink.takers import TelemetryFrame
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.record.actions import add_entry
from ehr_prehospital.record.findings import findings_of
from ehr_prehospital.record.rules import Statement
from ehr_prehospital.vitals.alarms.actions import acknowledge
from ehr_prehospital.vitals.alarms.assessing import Assessment
from ehr_prehospital.vitals.alarms.models import Alarm, DeviceStatus
from ehr_prehospital.vitals.alarms.queries import statuses_of_mission
from ehr_prehospital.vitals.alarms.settings import alarm_settings
from ehr_prehospital.vitals.alarms.watch import Watch
from tests.actions.care import later, newest, put_on_board, say
from tests.boards import board_follows
from tests.rules.test_alarm_conditions import fibrillating
from tests.town import Town

pytestmark = pytest.mark.slow

SETTINGS = alarm_settings()
EPOCH = uuid4()


@pytest.fixture
def patient(mission: Mission, medic_wang: User) -> Mission:
    """The crew is at the patient."""
    say(mission, "at_patient", later(0.5), medic_wang)
    mission.refresh_from_db()
    return mission


class Bed:
    """A monitor that sends every second, and the watch that follows it."""

    def __init__(self, unit: Ambulance) -> None:
        self.unit = unit
        self.second = 0
        self.assessed: dict[UUID, Assessment] = {}
        self.watch = Watch(SETTINGS, findings_of, self.assessed.update)

    def send(
        self,
        seconds: int,
        values: dict[VitalCode, float],
        *,
        wave: np.ndarray | None = None,
        devices: list[DeviceState] | None = None,
    ) -> None:
        for step in range(seconds):
            self.second += 1
            at = later(self.second)
            body = Telemetry(
                numerics=[
                    reading(code, value, measured_at=at, source="monitor")
                    for code, value in values.items()
                ],
                waves=[]
                if wave is None
                else [
                    Wave(
                        lead=Lead.ECG_II,
                        started_at=at,
                        rate_hz=250,
                        scale_uv=2.5,
                        samples=packed(wave[250 * step : 250 * (step + 1)]),
                    )
                ],
                devices=devices or [],
            )
            frame = TelemetryFrame(self.unit.pk, EPOCH, self.second, body)
            for take in TAKERS.telemetry:
                take([frame], at)
            self.look()

    def look(self, *, after_s: float = 0.2) -> None:
        self.watch.look(now=later(self.second + after_s))

    def wait(self, seconds: int) -> None:
        """Nothing comes from the vehicle; the watch goes on."""
        for _ in range(seconds):
            self.second += 1
            self.look()


def packed(millivolts: np.ndarray) -> bytes:
    steps = [int(value * 400) for value in millivolts]
    return struct.pack(f"<{len(steps)}h", *steps)


@pytest.fixture
def bed(patient: Mission, a1: Ambulance) -> Bed:
    return Bed(a1)


WELL = {VitalCode.HEART_RATE: 80.0, VitalCode.PULSE_RATE: 80.0, VitalCode.SPO2: 97.0}
LOW = WELL | {VitalCode.SPO2: 88.0}


def the_alarm(code: str = "spo2_low") -> Alarm:
    return Alarm.objects.select_related("mission__incident").get(code=code)


def test_low_saturation_is_raised_after_its_delay_and_told_by_ids_alone(
    bed: Bed, patient: Mission
) -> None:
    bed.send(20, WELL | {VitalCode.SPO2: 92.0})
    bed.send(15, LOW)
    assert not Alarm.objects.exists()

    bed.send(1, LOW)

    alarm = the_alarm()
    assert (alarm.state, alarm.priority, alarm.value, alarm.limit) == ("raised", "medium", 88, 90)
    assert alarm.began_at == later(21)
    row = newest("alarm.raised")
    assert row.refs["alarm"] == str(alarm.pk)
    assert row.refs["mission"] == str(patient.pk)
    assert row.detail == {}


def test_an_alarm_ends_when_its_condition_has_been_gone_for_a_while(bed: Bed) -> None:
    bed.send(20, LOW)
    bed.send(5, WELL)
    assert the_alarm().ended_at is None

    bed.send(2, WELL)

    assert the_alarm().state == "ended"
    assert newest("alarm.ended").refs["alarm"] == str(the_alarm().pk)


def test_an_acknowledged_alarm_names_who_and_sounds_again_within_two_minutes(
    bed: Bed, medic_wang: User
) -> None:
    bed.send(17, LOW)
    acknowledge(alarm=the_alarm(), actor=medic_wang, settings=SETTINGS, now=later(bed.second))
    acknowledge(alarm=the_alarm(), actor=medic_wang, settings=SETTINGS, now=later(bed.second + 9))
    seen = the_alarm()
    assert (seen.state, seen.acknowledged_by) == ("acknowledged", medic_wang)
    assert newest("alarm.acknowledged").actor_id == medic_wang.pk
    assert Entry.objects.filter(kind="alarm.acknowledged").count() == 1

    bed.send(119, LOW)
    assert the_alarm().state == "acknowledged"
    bed.send(2, LOW)

    assert the_alarm().state == "raised"
    assert newest("alarm.rearmed").refs["alarm"] == str(seen.pk)


def test_only_who_may_see_the_patient_acknowledges(
    bed: Bed, medic_other: User, nurse_chen: User, dispatcher_li: User, stranger: User
) -> None:
    bed.send(17, LOW)

    for user in (medic_other, nurse_chen, dispatcher_li, stranger):
        with pytest.raises(NoAccess):
            acknowledge(alarm=the_alarm(), actor=user, settings=SETTINGS, now=later(30))

    assert the_alarm().state == "raised"
    assert newest("patient.refused").detail["purpose"] == "alarm"


def test_when_nobody_reacts_the_dispatcher_learns_that_and_nothing_clinical(
    bed: Bed, patient: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    now = later(400)
    dying = WELL | {VitalCode.SPO2: 70.0}
    with board_follows(CONSOLE, dispatcher_li, now), board_follows(TABLET, medic_wang, now):
        bed.send(30, dying)
    assert snapshot(CONSOLE, Viewer(dispatcher_li, now)).state["alarms"] == {}

    with board_follows(CONSOLE, dispatcher_li, now), board_follows(TABLET, medic_wang, now):
        bed.send(3, dying)

    alarm = the_alarm("spo2_very_low")
    assert alarm.state == "escalated"
    (shown,) = snapshot(CONSOLE, Viewer(dispatcher_li, now)).state["alarms"].values()
    assert set(shown) == {
        *("id", "mission_id", "incident_id", "call_sign", "since", "escalated_at"),
    }
    (whole,) = snapshot(TABLET, Viewer(medic_wang, now)).state["alarms"].values()
    assert (whole["code"], whole["value"]) == ("spo2_very_low", 70)
    with board_follows(CONSOLE, dispatcher_li, now), board_follows(TABLET, medic_wang, now):
        acknowledge(alarm=alarm, actor=medic_wang, settings=SETTINGS, now=later(40))
    assert snapshot(CONSOLE, Viewer(dispatcher_li, now)).state["alarms"] == {}


def test_the_receiving_hospital_sees_and_acknowledges(
    bed: Bed, patient: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    now = later(400)
    bed.send(17, LOW)
    with board_follows(ED, nurse_chen, now):
        put_on_board(patient, town.hospitals[0], medic_wang, at=later(20))
    assert [
        row["code"] for row in snapshot(ED, Viewer(nurse_chen, now)).state["alarms"].values()
    ] == ["spo2_low"]

    with board_follows(ED, nurse_chen, now), board_follows(TABLET, medic_wang, now):
        acknowledge(alarm=the_alarm(), actor=nurse_chen, settings=SETTINGS, now=later(30))

    assert the_alarm().acknowledged_by == nurse_chen


def test_a_high_alarm_that_ended_unseen_stays_on_the_board_until_a_name_saw_it(
    bed: Bed, medic_wang: User
) -> None:
    now = later(400)
    bed.send(3, WELL | {VitalCode.SPO2: 70.0})
    bed.send(10, WELL)
    ended = the_alarm("spo2_very_low")
    assert ended.state == "ended"
    assert str(ended.pk) in snapshot(TABLET, Viewer(medic_wang, now)).state["alarms"]

    with board_follows(TABLET, medic_wang, now):
        acknowledge(alarm=ended, actor=medic_wang, settings=SETTINGS, now=later(60))

    assert snapshot(TABLET, Viewer(medic_wang, now)).state["alarms"] == {}


def test_fibrillation_in_the_stored_wave_is_found(bed: Bed) -> None:
    bed.send(11, {}, wave=fibrillating(11))

    alarm = the_alarm("vf")
    assert (alarm.priority, alarm.state) == ("high", "raised")


def test_silence_is_an_alarm_and_ends_no_other(bed: Bed) -> None:
    bed.send(17, LOW)

    bed.wait(30)

    assert set(Alarm.objects.filter(ended_at=None).values_list("code", flat=True)) == {
        *("no_data", "spo2_low"),
    }
    bed.send(7, WELL)
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_a_value_from_the_future_blinds_nobody(bed: Bed, a1: Ambulance) -> None:
    bed.send(5, WELL)
    ahead = later(86_400)
    body = Telemetry(numerics=[reading(VitalCode.SPO2, 99, measured_at=ahead, source="monitor")])
    for take in TAKERS.telemetry:
        take([TelemetryFrame(a1.pk, EPOCH, 9_999, body)], later(5.5))

    bed.send(17, LOW)

    assert the_alarm().value == 88


def test_the_newest_state_of_a_device_is_kept_and_told(bed: Bed, patient: Mission) -> None:
    def probe(state: DeviceStateCode, since: float) -> list[DeviceState]:
        return [DeviceState(device="monitor_spo2", state=state, since=later(since))]

    bed.send(3, WELL, devices=probe(DeviceStateCode.ON, 1))
    bed.send(1, {}, devices=probe(DeviceStateCode.PROBE_OFF, 4))
    bed.send(1, {}, devices=probe(DeviceStateCode.ON, 1))  # a late repetition

    assert DeviceStatus.objects.get().state == "probe_off"
    assert [row.device for row in statuses_of_mission(patient.pk)] == ["monitor_spo2"]
    assert the_alarm("spo2_probe_off").priority == "low"


def test_a_state_that_comes_late_does_not_undo_a_newer_one_that_is_like_the_first(
    bed: Bed, patient: Mission
) -> None:
    def probe(state: DeviceStateCode, since: int) -> list[DeviceState]:
        return [DeviceState(device="monitor_spo2", state=state, since=later(since))]

    bed.send(1, {}, devices=probe(DeviceStateCode.ON, 1))
    bed.send(1, {}, devices=probe(DeviceStateCode.ON, 9))  # live, after a cut
    bed.send(1, {}, devices=probe(DeviceStateCode.PROBE_OFF, 4))  # the back-log follows

    assert DeviceStatus.objects.get().state == "on"


def test_the_end_of_the_mission_ends_its_alarms(
    bed: Bed, patient: Mission, medic_wang: User
) -> None:
    bed.send(17, LOW)
    say(patient, "treated_and_released", later(20), medic_wang)

    bed.wait(1)

    assert the_alarm().state == "ended"


def test_a_second_watch_raises_nothing_twice(bed: Bed) -> None:
    other = Watch(SETTINGS, findings_of, lambda _assessed: None)
    bed.send(17, LOW)

    other.look(now=later(17.4))

    assert Alarm.objects.filter(code="spo2_low").count() == 1


def test_a_watch_that_starts_anew_in_silence_ends_nothing(bed: Bed) -> None:
    bed.send(17, LOW)
    other = Watch(SETTINGS, findings_of, lambda _assessed: None)

    for second in range(200, 260):
        other.look(now=later(second))

    assert the_alarm().state in ("raised", "escalated")


def test_scores_follow_the_numbers_and_what_the_crew_taps(
    bed: Bed, patient: Mission, medic_wang: User
) -> None:
    def tap(element: str, value: str) -> None:
        add_entry(
            mission=patient,
            entry_id=uuid4(),
            said=Statement(f"observation.{element}", value),
            occurred_at=later(bed.second),
            replaces=None,
            actor=medic_wang,
            now=later(bed.second),
        )

    def news2() -> tuple[str, float | None, tuple[str, ...]]:
        (found,) = [one for one in bed.assessed[patient.pk].scores if one.score == "news2"]
        value = None if found.value is None else float(found.value)
        return found.state, value, found.missing

    all_numbers = WELL | {
        VitalCode.RESPIRATORY_RATE: 22.0,
        VitalCode.NIBP_SYSTOLIC: 105.0,
        VitalCode.SPO2: 95.0,
        VitalCode.HEART_RATE: 95.0,
    }
    bed.send(3, all_numbers)
    assert news2() == ("incomplete", None, ("oxygen", "consciousness", "temperature"))

    tap("avpu", "alert")
    tap("oxygen", "low")
    bed.send(3, all_numbers | {VitalCode.TEMPERATURE: 38.5})

    assert news2() == ("complete", 8, ())


def test_the_age_is_the_crews_before_the_callers(patient: Mission) -> None:
    told = findings_of([patient.pk], now=later(1))[patient.pk]

    assert told.age is not None
    assert told.age.from_months == 61 * 12


def test_it_is_acknowledged_over_http_by_the_crew(
    bed: Bed, medic_wang: User, client: Client
) -> None:
    bed.send(17, LOW)
    Mission.objects.update(assigned_at=timezone.now() - timedelta(hours=1))
    client.force_login(medic_wang)

    answer = client.post(f"/api/alarms/{the_alarm().pk}/acknowledge/")

    assert answer.status_code == 200
    assert answer.json()["state"] == "acknowledged"
    assert answer.json()["acknowledged_by"]["name_en"] == medic_wang.name_en
