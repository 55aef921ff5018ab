"""A recorded patient is played as it was recorded: its gain, its gaps and its end."""

from __future__ import annotations

import struct
from datetime import timedelta
from math import pi, sin
from pathlib import Path
from uuid import uuid4

import pytest

from ambulance_agent.config import ConfigMistakes, read_vehicles
from ambulance_agent.drivers.contract import Sample
from ambulance_agent.drivers.wfdb_replay.driver import WfdbDriver, numbers_at, record_at
from ambulance_agent.drivers.wfdb_replay.resample import resampled
from ambulance_agent.drivers.wfdb_replay.settings import WfdbSettings
from ambulance_agent.formats.wfdb import MISSING, DamagedRecord, read_header, read_record
from ambulance_agent.protocol import (
    DeviceStateCode,
    Lead,
    MissionState,
    Order,
    Point,
    Quality,
    StandDown,
    VitalCode,
)
from tests.agent.conftest import START
from tests.agent.wfdb_files import ENCODERS, write_record

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MONITOR = SHARED / "monitor-waveforms"
VFDB = SHARED / "ecg-vfdb"
ICU = SHARED / "icu-vitals" / "set-a"


def shared(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this repository")
    return path


def played(driver: WfdbDriver, seconds: int) -> list[Sample]:
    return [driver.sample(START + timedelta(seconds=second)) for second in range(seconds + 1)]


def microvolts(samples: list[Sample], lead: Lead) -> list[float]:
    return [
        step * wave.scale_uv
        for sample in samples
        for wave in sample.waves
        if wave.lead is lead
        for (step,) in struct.iter_unpack("<h", wave.samples)
    ]


@pytest.mark.parametrize("form", sorted(ENCODERS))
def test_every_format_gives_back_what_was_written(tmp_path: Path, form: int) -> None:
    signals = {"I": [0, 1, -1, 100, -100, 127], "II": [5, -5, 77, -77, 9, -127]}
    record = record_at(write_record(tmp_path, "small", signals, form=form))

    assert {c.name: list(c.samples) for c in record.channels} == signals
    assert all(channel.whole for channel in record.channels)


def test_a_wrong_check_sum_is_seen(tmp_path: Path) -> None:
    header = write_record(tmp_path, "small", {"I": [1, 2, 3]})
    (tmp_path / "small.dat").write_bytes(struct.pack("<3h", 1, 2, 4))

    assert not record_at(header).channels[0].whole


def test_the_header_says_gain_baseline_unit_skew_and_offset() -> None:
    header = read_header(
        "r 3 0.0166666666667/125 4 31:25.894 10/10/2896\n"
        "r.mat 16+24 7247(-5)/mV 16 0 -171 -27403 0 II\n"
        "r.dat 212x4:2 12.84(-1605)/mmHg 12 0 -943 -23651 0 ABP\n"
        "r.dat 16 0 12 7\n"
        "# age: 60\n"
    )
    first, second, third = header.signals

    assert (first.offset, first.gain, first.baseline, first.unit) == (24, 7247, -5, "mV")
    assert (second.per_frame, second.skew, second.baseline) == (4, 2, -1605)
    assert (third.gain, third.baseline, third.calibrated) == (200, 7, False)
    assert header.comments == ("age: 60",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("# only words", "empty"),
        ("r", "cannot be read"),
        ("r 2 250 10\nr.dat 16", "fewer lines"),
        ("r 900 250 10", "out of bounds"),
        ("r 1 -1 10\nr.dat 16", "out of bounds"),
        ("r 1 250 999999999\nr.dat 16", "out of bounds"),
        ("r 1 250 10\nr.dat sixteen", "cannot be read"),
        ("r 1 250 10\nr.dat 310", "format 310"),
        ("r 1 250 10\n../../etc/passwd 16", "plain"),
        ("r 1 250 10\n/etc/passwd 16", "plain"),
        ("r 1 250 10\nr.dat 16", "shorter"),
        ("r/1 1 250 10\nr/1 10", "plain"),
        ("r/1 1 250 10\nr 10", "segment"),
    ],
)
def test_a_damaged_record_is_refused_with_its_reason(text: str, words: str) -> None:
    files = {"r.hea": text.encode(), "r.dat": b"\0\0"}
    with pytest.raises(DamagedRecord, match=words):
        read_record("r", lambda name: files[name])


def test_segments_are_joined_and_a_hole_stays_a_hole(tmp_path: Path) -> None:
    write_record(tmp_path, "a", {"I": [1, 2], "II": [3, 4]})
    write_record(tmp_path, "b", {"II": [50, 60]}, gain="2000/mV")
    (tmp_path / "all.hea").write_text("all/4 2 250 8\na 2\n~ 2\nb 2\na 2\n")
    one, two = record_at(tmp_path / "all.hea").channels

    gap = [MISSING, MISSING]
    assert list(one.samples) == [1, 2, *gap, *gap, 1, 2]
    assert list(two.samples) == [3, 4, *gap, 5, 6, 3, 4]  # in the first segment's steps


@pytest.mark.parametrize("rate_hz", [100, 125, 250, 360, 500, 1000])
def test_a_beat_keeps_its_height_and_its_rate_whatever_the_record_was_sampled_at(
    tmp_path: Path, rate_hz: int
) -> None:
    wave = [round(1000 * sin(2 * pi * 5 * n / rate_hz)) + 40 for n in range(rate_hz * 4)]
    header = write_record(tmp_path, "sine", {"II": wave}, rate_hz=rate_hz, gain="1000(40)/mV")
    got = microvolts(played(WfdbDriver(WfdbSettings(waves=header)), 3), Lead.ECG_II)

    assert len(got) == 3 * 250
    wanted = [1000 * sin(2 * pi * 5 * n / 250) for n in range(len(got))]
    assert max(abs(a - b) for a, b in zip(got, wanted, strict=True)) < 30


def test_what_is_faster_than_the_wire_does_not_fold_into_the_wave() -> None:
    hum = [round(1000 * sin(2 * pi * 240 * n / 1000)) for n in range(4000)]
    slow = resampled(hum, rate_hz=1000, wanted_hz=250, start=100, count=500)

    # Taken every fourth sample it would be a wave of 10 Hz and full height.
    assert slow is not None
    assert max(map(abs, slow)) < 250


def test_a_missing_sample_leaves_a_gap_and_no_line(tmp_path: Path) -> None:
    wave = [100] * 750
    wave[300] = -32768
    header = write_record(tmp_path, "gap", {"II": wave})
    samples = played(WfdbDriver(WfdbSettings(waves=header)), 3)

    assert [len(sample.waves) for sample in samples] == [0, 1, 0, 1]


def test_leads_are_named_by_the_record_or_by_the_settings(tmp_path: Path) -> None:
    names = ["i", "II", "V5", "RESP", "aVF", "V1"]
    header = write_record(tmp_path, "many", {name: [0] * 500 for name in names})
    nameless = write_record(tmp_path, "holter", {"ECG": [0] * 500, "ECG2": [0] * 500})
    by_name = played(WfdbDriver(WfdbSettings(waves=header)), 1)[1]
    said = played(
        WfdbDriver(WfdbSettings(waves=nameless, leads=(None, Lead.ECG_V5))), 1
    )[1]  # fmt: skip

    assert [w.lead for w in by_name.waves] == [
        Lead.ECG_I, Lead.ECG_II, Lead.ECG_V5, Lead.ECG_AVF,
    ]  # fmt: skip
    assert [w.lead for w in said.waves] == [Lead.ECG_V5]
    with pytest.raises(DamagedRecord, match="name no lead"):
        WfdbDriver(WfdbSettings(waves=nameless))


def test_numbers_are_handed_out_once_and_the_cuff_only_when_it_was_read(tmp_path: Path) -> None:
    header = write_record(
        tmp_path, "n",
        {"HR": [800, 800, 0, -32768], "NBPSys": [1200, 1200, 1300, 1300]},
        rate_hz=1, gain="10/bpm",
    )  # fmt: skip
    samples = played(WfdbDriver(WfdbSettings(numbers=header)), 4)
    heart = [n for s in samples for n in s.numerics if n.code is VitalCode.HEART_RATE]
    cuff = [n.value for s in samples for n in s.numerics if n.code is VitalCode.NIBP_SYSTOLIC]

    assert [(n.value, n.quality) for n in heart] == [
        (80, Quality.GOOD), (80, Quality.GOOD), (0, Quality.QUESTIONABLE),
    ]  # fmt: skip
    assert heart[1].measured_at == START + timedelta(seconds=1)
    assert cuff == [120, 130]


def test_charted_values_may_be_hurried(tmp_path: Path) -> None:
    table = tmp_path / "stay.txt"
    table.write_text(
        "Time,Parameter,Value\n00:00,HR,73\n00:00,Age,74\n01:00,Temp,36.3\n02:00,HR,-1\n"
    )
    driver = WfdbDriver(WfdbSettings(numbers=table, numbers_speed=3600))
    samples = played(driver, 3)

    assert [[(n.code, n.value) for n in sample.numerics] for sample in samples] == [
        [(VitalCode.HEART_RATE, 73)], [(VitalCode.TEMPERATURE, 36.3)], [], [],
    ]  # fmt: skip


def test_after_the_end_nothing_is_invented_unless_it_repeats(tmp_path: Path) -> None:
    header = write_record(tmp_path, "short", {"II": [0] * 500})
    ended = played(WfdbDriver(WfdbSettings(waves=header)), 9)
    again = played(WfdbDriver(WfdbSettings(waves=header, repeat=True)), 9)

    assert sum(len(sample.waves) for sample in ended) == 2
    assert ended[-1].devices[0].state is DeviceStateCode.OFF
    assert sum(len(sample.waves) for sample in again) > 2


def test_a_record_may_wait_for_the_patient(tmp_path: Path) -> None:
    header = write_record(tmp_path, "r", {"II": [0] * 2500})
    driver = WfdbDriver(WfdbSettings(waves=header, starts_at_patient=True))
    before = driver.sample(START + timedelta(seconds=1))
    driver.take(
        Order(mission_id=uuid4(), number="M-1", state=MissionState.AT_PATIENT, priority=1,
              complaint="chest_pain", scene=Point(lat=31.2, lon=121.4))
    )  # fmt: skip
    driver.sample(START + timedelta(seconds=2))
    during = driver.sample(START + timedelta(seconds=3))
    driver.take(StandDown(mission_id=uuid4(), reason="ended"))
    after = driver.sample(START + timedelta(seconds=4))

    assert (len(before.waves), len(during.waves), len(after.waves)) == (0, 1, 0)


def test_the_settings_name_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "v.toml"
    file.write_text(
        '[vehicle]\nid="6f1c2f4e-9d1b-4d5a-8f0e-0a7c3f5d1e07"\ncall_sign="A"\ntoken="t"\n'
        '[uplink]\nurl="ws://x/"\n[drivers.wfdb_replay]\nleads="ecg_ii,ecg_x"\n'
    )
    with pytest.raises(ConfigMistakes) as caught:
        read_vehicles([file])

    assert "waves or numbers must name a file" in str(caught.value)
    assert "leads must be at most 4" in str(caught.value)


# --- public records -------------------------------------------------------------


def test_a_public_record_of_1000_hz_is_whole_and_obeys_einthoven() -> None:
    header = shared(MONITOR / "s0010_re.hea")
    record = record_at(header)
    driver = WfdbDriver(
        WfdbSettings(waves=header, leads=(Lead.ECG_I, Lead.ECG_II, Lead.ECG_III))
    )  # fmt: skip
    samples = played(driver, 10)
    one, two, three = (microvolts(samples, lead) for lead in
                       (Lead.ECG_I, Lead.ECG_II, Lead.ECG_III))  # fmt: skip

    assert len(record.channels) == 15
    assert all(channel.whole for channel in record.channels)
    assert len(one) == 2500
    assert max(abs(b - a - c) for a, b, c in zip(one, two, three, strict=True)) < 3
    assert 500 < max(two) - min(two) < 5000


@pytest.mark.parametrize("name", ["a103l", "v102s", "03700181"])
def test_public_monitor_records_play(name: str) -> None:
    header = shared(MONITOR / f"{name}.hea")
    record = record_at(header)
    said = (Lead.ECG_V1,) if name == "03700181" else ()
    samples = played(WfdbDriver(WfdbSettings(waves=header, leads=said)), 10)

    assert all(channel.whole for channel in record.channels if channel.name != "RESP")
    heights = {wave.lead for sample in samples for wave in sample.waves}
    assert heights == ({Lead.ECG_V1} if said else {Lead.ECG_II})
    wave = microvolts(samples, next(iter(heights)))
    assert len(wave) == 2500
    assert 100 < max(wave) - min(wave) < 10_000


def test_a_public_record_of_two_segments_is_joined() -> None:
    record = record_at(shared(MONITOR / "041s" / "041s.hea"))

    assert len(record.channels) == 7
    assert record.seconds == pytest.approx(16)
    assert record.channels[0].rate_hz == 500


def test_public_numerics_play_minute_by_minute() -> None:
    folder = shared(MONITOR / "mimic2-numerics")
    found = numbers_at(folder / "s25047-2704-05-04-10-44n.hea")
    rates = [c for c in found if c.code is VitalCode.HEART_RATE]

    assert len(rates) == 72
    assert rates[1].at_s == pytest.approx(60, abs=0.01)
    assert all(40 < rate.value < 180 for rate in rates if rate.value)


def test_a_fibrillating_heart_plays_when_its_leads_are_said() -> None:
    header = shared(VFDB / "418.hea")
    driver = WfdbDriver(WfdbSettings(waves=header, leads=(Lead.ECG_II, Lead.ECG_V5), from_s=60))
    samples = played(driver, 5)

    assert len(microvolts(samples, Lead.ECG_II)) == len(microvolts(samples, Lead.ECG_V5)) == 1250


def test_charted_public_stays_play() -> None:
    table = min(shared(ICU).glob("*.txt"))
    found = numbers_at(table)

    assert {c.code for c in found} >= {VitalCode.HEART_RATE, VitalCode.TEMPERATURE}
    assert [c.at_s for c in found] == sorted(c.at_s for c in found)
