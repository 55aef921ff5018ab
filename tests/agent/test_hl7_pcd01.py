"""What a monitor says in HL7 becomes values, or is set aside with its bytes and counted."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ambulance_agent.drivers.hl7_pcd01.driver import PcdDriver
from ambulance_agent.drivers.hl7_pcd01.parse import Message, Reason, Verdict, numbered, parse
from ambulance_agent.drivers.hl7_pcd01.settings import PcdSettings
from ambulance_agent.drivers.hl7_pcd01.tables import DamagedTable, Tables
from ambulance_agent.protocol import DeviceStateCode, Quality, VitalCode

SHARED = Path(__file__).resolve().parents[3] / "shared/standards/hl7v2/written-here"
PCD01 = SHARED / "oru_r01_pcd01_vitals.hl7"
PEER = Path(__file__).with_name("mllp_peer.py")
NOW = datetime(2026, 11, 22, 2, 15, 30, tzinfo=UTC)  # 10:15:30 in China
TABLES = Tables()

HEART = "147842^MDC_ECG_HEART_RATE^MDC"
BPM = "264864^MDC_DIM_BEAT_PER_MIN^MDC"


def obx(
    value: str = "112", *, code: str = HEART, unit: str = BPM, kind: str = "NM", flags: str = "",
    status: str = "R", at: str = "20261122101530+0800",
) -> str:  # fmt: skip
    return f"OBX|1|{kind}|{code}|1.6.1.1|{value}|{unit}||{flags}|||{status}|||{at}"


def message(*segments: str, control: str = "M1", **header: str) -> bytes:
    """`header` fills MSH fields by name; segments replace the one heart rate."""
    told = {
        "kind": "ORU^R01^ORU_R01", "mode": "P", "version": "2.6", "accept": "NE",
        "answer": "AL", "letters": "UNICODE UTF-8", "at": "20261122101530+0800",
    } | header  # fmt: skip
    head = (
        f"MSH|^~\\&|MON^0012^EUI-64|EMS|ED|H|{told['at']}||{told['kind']}|{control}"
        f"|{told['mode']}|{told['version']}|||{told['accept']}|{told['answer']}"
        f"|CHN|{told['letters']}"
    )
    body = segments or ("OBR|1|||182777000^monitoring^SCT|||20261122101530+0800", obx())
    return ("\r".join((head, *body)) + "\r").encode()


def observed(*observations: str) -> bytes:
    return message("OBR|1|||182777000^monitoring^SCT|||20261122101530+0800", *observations)


def understood(raw: bytes, *, unconfirmed: bool = False) -> Message:
    return parse(raw, tables=TABLES, unconfirmed=unconfirmed)


def reasons(found: Message) -> list[Reason]:
    return [thing.reason for thing in found.set_aside]


def test_the_shared_message_gives_its_six_values() -> None:
    if not PCD01.is_file():
        pytest.skip("the PCD-01 example is not beside this repository")
    found = understood(PCD01.read_bytes())

    assert found.verdict is Verdict.ACCEPT
    assert {value.vital: value.value for value in found.values} == {
        VitalCode.HEART_RATE: 112, VitalCode.SPO2: 93, VitalCode.NIBP_SYSTOLIC: 88,
        VitalCode.NIBP_DIASTOLIC: 54, VitalCode.RESPIRATORY_RATE: 26, VitalCode.ETCO2: 31,
    }  # fmt: skip
    assert found.set_aside == []


@pytest.mark.parametrize(
    ("observation", "reason"),
    [
        (obx(code="999999^MDC_SOMETHING_NEW^MDC"), Reason.UNKNOWN_CODE),
        (obx(code="147842^HR^99OTHER"), Reason.UNKNOWN_CODE),
        (obx(code="478^MNDRY_PULS_OXIM_PLETH_VAR_INDEX^99MNDRY"), Reason.NO_VITAL),
        (obx(code="101^HR"), Reason.UNCONFIRMED_CODE),
        (obx(code="101^SomethingElse"), Reason.UNKNOWN_CODE),
        (obx("ninety"), Reason.NOT_A_NUMBER),
        (obx("1e999"), Reason.NOT_A_NUMBER),
        (obx("<60", kind="SN"), Reason.NOT_A_NUMBER),
        (obx("1^2^3", kind="NA"), Reason.OTHER_TYPE),
        (obx(unit="262688^MDC_DIM_PERCENT^MDC"), Reason.WRONG_UNIT),
        (obx(unit=""), Reason.WRONG_UNIT),
        (obx(""), Reason.ABSENT),
        (obx("NA"), Reason.ABSENT),
        (obx("---", kind="ST"), Reason.ABSENT),
        (obx("-999"), Reason.ABSENT),
        (obx(status="X"), Reason.ABSENT),
        (obx(status="I"), Reason.ABSENT),
        (obx(flags="NAV"), Reason.ABSENT),
    ],
)
def test_what_is_no_value_is_set_aside_with_its_reason(observation: str, reason: Reason) -> None:
    found = understood(observed(observation, obx("80")))

    assert reasons(found) == [reason]
    assert [value.value for value in found.values] == [80]
    assert found.verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("status", "flags", "quality"),
    [
        ("F", "", Quality.GOOD), ("R", "H", Quality.GOOD), ("", "", Quality.GOOD),
        ("P", "", Quality.QUESTIONABLE), ("R", "QUES", Quality.QUESTIONABLE),
        ("R", "HH~INV", Quality.INVALID), ("W", "", Quality.INVALID), ("D", "", Quality.INVALID),
        ("P", "INV", Quality.INVALID), ("R", "DEMO", Quality.INVALID),
    ],
)  # fmt: skip
def test_the_status_of_a_result_is_its_quality(status: str, flags: str, quality: Quality) -> None:
    (value,) = understood(observed(obx(status=status, flags=flags))).values

    assert value.quality is quality


def test_units_of_the_same_quantity_are_converted() -> None:
    found = understood(
        observed(
            obx("4.1", code="151708^MDC_CONC_AWAY_CO2_ET^MDC", unit="kPa"),
            obx("98.6", code="150364^^MDC", unit="[degF]"),
            obx("90", code="160184^^MDC", unit="mg/dL"),
        )
    )

    assert [round(value.value, 2) for value in found.values] == [30.75, 37.0, 5.0]


def test_a_second_identifier_counts_where_the_first_is_unknown() -> None:
    found = understood(observed(obx(code="101^HR^99MAKER^147842^MDC_ECG_HEART_RATE^MDC")))

    assert found.values[0].vital is VitalCode.HEART_RATE


def test_rows_to_be_confirmed_are_used_only_when_the_vehicle_says_so() -> None:
    raw = observed(obx(code="101^HR"))

    assert understood(raw).values == []
    assert understood(raw, unconfirmed=True).values[0].vital is VitalCode.HEART_RATE


@pytest.mark.parametrize(
    ("raw", "verdict", "error"),
    [
        (message(kind="ADT^A04^ADT_A01"), Verdict.REJECT, "200"),
        (message(kind="ORU^R40^ORU_R40"), Verdict.REJECT, "201"),
        (message(mode="T"), Verdict.REJECT, "202"),
        (message(version="3.0"), Verdict.REJECT, "203"),
        (message(control=""), Verdict.ERROR, "101"),
        (message("PID|||x"), Verdict.ERROR, "100"),
        (message("OBR|1"), Verdict.ERROR, "100"),
        (message(obx()), Verdict.ERROR, "100"),
        (b"not a message", Verdict.REJECT, "100"),
        (b"MSH", Verdict.REJECT, "100"),
        (b"", Verdict.REJECT, "100"),
        (message().decode().encode("utf-16"), Verdict.REJECT, "100"),
    ],
)
def test_a_damaged_message_is_refused_by_the_table(
    raw: bytes, verdict: Verdict, error: str
) -> None:
    found = understood(raw)

    assert (found.verdict, found.error) == (verdict, error)
    assert found.set_aside[-1].raw or raw == b""


def test_a_message_cut_or_damaged_at_any_byte_never_raises() -> None:
    raw = message()
    for end in range(len(raw)):
        understood(raw[:end])
        understood(raw[:end] + b"\xff" + raw[end + 1 :])


def test_wrong_letters_cost_the_letters_and_not_the_numbers() -> None:
    raw = message(
        "PID|||1||Li^Ming",
        "OBR|1|||1^x^SCT|||20261122101530+0800",
        obx(),
    )
    for damaged in (raw.replace(b"Ming", "明".encode("gb18030")),
                    raw.replace(b"UNICODE UTF-8", b"EBCDIC")):  # fmt: skip
        found = understood(damaged)
        assert [value.value for value in found.values] == [112]
        assert reasons(found) == [Reason.WRONG_ENCODING]


def test_chinese_letters_of_the_older_sites_are_read() -> None:
    raw = message(letters="GB 18030-2000").replace(b"monitoring", "监护".encode("gb18030"))
    found = understood(raw)

    assert found.values or not reasons(found)
    assert Reason.WRONG_ENCODING not in reasons(found)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1_000", "2e6"])
def test_no_number_is_made_of_what_is_none(text: str) -> None:
    assert numbered(text) is None


# --- the driver ---------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def make(folder: Path, **changes: object) -> tuple[PcdDriver, Clock]:
    clock = Clock()
    settings = replace(PcdSettings(port=0, raw=folder / "raw.jsonl"), **changes)  # type: ignore[arg-type]
    return PcdDriver(settings, clock), clock


@pytest.mark.parametrize(
    ("accept", "answer", "good", "bad"),
    [
        ("NE", "AL", ["AA"], ["AE"]),
        ("", "", ["AA"], ["AE"]),
        ("AL", "NE", ["CA"], ["CE"]),
        ("AL", "AL", ["CA", "AA"], ["CE", "AE"]),
        ("NE", "ER", [], ["AE"]),
        ("NE", "SU", ["AA"], []),
        ("NE", "NE", [], []),
        ("ER", "NE", [], ["CE"]),
    ],
)
def test_a_message_gets_the_acknowledgements_it_asks_for(
    tmp_path: Path, accept: str, answer: str, good: list[str], bad: list[str]
) -> None:
    driver, _ = make(tmp_path)
    fine = driver.hear(message(accept=accept, answer=answer))
    broken = driver.hear(message("OBR|1", accept=accept, answer=answer, control="M2"))

    assert [codes(one)[0] for one in fine] == good
    assert [codes(one)[0] for one in broken] == bad
    assert all(codes(one)[1] == "M1" for one in fine)


def test_a_repeated_message_is_answered_and_not_repeated(tmp_path: Path) -> None:
    driver, _ = make(tmp_path)
    first, second = driver.hear(message()), driver.hear(message())

    assert codes(first[0]) == codes(second[0]) == ("AA", "M1")
    assert len(driver.sample(NOW).numerics) == 1
    assert driver.messages["repeated"] == 1


def test_a_value_is_handed_out_once_and_silence_is_off(tmp_path: Path) -> None:
    driver, _ = make(tmp_path)
    driver.hear(message())
    first = driver.sample(NOW)
    second = driver.sample(NOW + timedelta(seconds=1))
    later = driver.sample(NOW + timedelta(seconds=30))

    assert [n.value for n in first.numerics] == [112]
    assert not second.numerics
    assert second.devices[0].state is DeviceStateCode.ON
    assert later.devices[0].state is DeviceStateCode.OFF


@pytest.mark.parametrize("offset_s", [-7200, -40, 40, 3600])
def test_a_clock_that_is_wrong_is_put_right(tmp_path: Path, offset_s: int) -> None:
    driver, clock = make(tmp_path)
    wrong = NOW + timedelta(seconds=offset_s)
    at = wrong.strftime("%Y%m%d%H%M%S+0000")
    earlier = (wrong - timedelta(seconds=30)).strftime("%Y%m%d%H%M%S+0000")
    driver.hear(message(f"OBR|1|||x|||{at}", obx(), obx("88", at=earlier), at=at))
    clock.now += timedelta(seconds=1)
    # The cuff was read half a minute before the message left.
    assert driver.sample(clock.now).numerics[1].measured_at == NOW - timedelta(seconds=30)
    assert driver.clock_behind("MON^0012^EUI-64^EMS") == timedelta(seconds=-offset_s)


def test_a_time_without_an_offset_is_put_right_too(tmp_path: Path) -> None:
    driver, _ = make(tmp_path)
    local = "20261122101530"
    driver.hear(message("OBR|1", obx(at=local), at=local))

    assert driver.sample(NOW).numerics[0].measured_at == NOW


def test_a_message_that_waited_does_not_look_like_a_wrong_clock(tmp_path: Path) -> None:
    driver, clock = make(tmp_path)
    driver.hear(message())
    clock.now += timedelta(seconds=60)
    driver.hear(message(control="M2"))

    assert [n.measured_at for n in driver.sample(clock.now).numerics] == [NOW, NOW]


def test_a_value_that_no_body_has_is_kept_but_marked(tmp_path: Path) -> None:
    driver, _ = make(tmp_path)
    driver.hear(observed(obx("666")))

    (numeric,) = driver.sample(NOW).numerics
    assert (numeric.value, numeric.quality) == (666, Quality.INVALID)


def test_unknown_codes_are_counted_and_kept_with_their_bytes(tmp_path: Path) -> None:
    driver, _ = make(tmp_path)
    segment = obx("7", code="999999^NEW^MDC")
    driver.hear(observed(segment, segment))

    assert driver.counts[Reason.UNKNOWN_CODE, "999999^MDC"] == 2
    kept = [json.loads(line) for line in (tmp_path / "raw.jsonl").read_text().splitlines()]
    assert [base64.b64decode(line["raw"]).decode() for line in kept] == [segment, segment]


def test_what_is_kept_raw_is_bounded(tmp_path: Path) -> None:
    driver, _ = make(tmp_path, raw_max_bytes=10_000)
    for number in range(200):
        driver.hear(observed(obx("7", code="999999^NEW^MDC")) + str(number).encode())

    assert sum(file.stat().st_size for file in tmp_path.glob("raw.jsonl*")) <= 10_000


def test_a_disk_that_refuses_does_not_stop_the_values(tmp_path: Path) -> None:
    driver, _ = make(tmp_path, raw=tmp_path / "no" / "such" / "folder.jsonl")
    driver.hear(observed(obx("7", code="999999^NEW^MDC"), obx()))

    assert len(driver.sample(NOW).numerics) == 1


@pytest.mark.parametrize("text", ["x = ", "systems = []", 'systems=["X"]\nrow=[{code="1",name="",vital="luck",from="x"}]'])  # fmt: skip  # noqa: E501
def test_a_damaged_table_is_refused_at_the_start(tmp_path: Path, text: str) -> None:
    table = tmp_path / "own.toml"
    table.write_text(text)

    with pytest.raises(DamagedTable):
        make(tmp_path, tables=(table,))


def test_an_operators_table_maps_what_ours_does_not(tmp_path: Path) -> None:
    table = tmp_path / "own.toml"
    table.write_text(
        'systems = ["99ACME"]\n[[row]]\ncode = "7"\nname = "PULS"\nvital = "pulse_rate"\n'
        'from = "maker\'s manual, chapter 4"\n'
    )
    driver, _ = make(tmp_path, tables=(table,))
    driver.hear(observed(obx("61", code="7^PULS^99ACME")))

    assert driver.sample(NOW).numerics[0].code is VitalCode.PULSE_RATE


# --- a peer of its own ----------------------------------------------------------


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[PcdDriver]:
    driver, _ = make(folder)
    task = asyncio.create_task(driver.run())
    try:
        async with asyncio.timeout(5):
            await driver.listening.wait()
        yield driver
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def sent(driver: PcdDriver, blocks: Sequence[dict[str, object]]) -> list[str]:
    peer = await asyncio.create_subprocess_exec(
        sys.executable, str(PEER), "127.0.0.1", str(driver.port),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told = "".join(json.dumps(block) + "\n" for block in blocks)
    async with asyncio.timeout(15):
        answers, _ = await peer.communicate(told.encode())
    return answers.decode().splitlines()


def block(raw: bytes, **more: object) -> dict[str, object]:
    return {"hex": (b"\x0b" + raw + b"\x1c\r").hex(), **more}


async def test_a_monitor_in_another_process_is_heard_and_answered(tmp_path: Path) -> None:
    raw = PCD01.read_bytes() if PCD01.is_file() else message()
    async with listening(tmp_path) as driver:
        answers = await sent(driver, [block(raw), block(message(mode="T", control="T1"))])
        numerics = driver.sample(NOW).numerics

    assert [codes(line.replace("\\r", "\r").encode())[0] for line in answers] == ["AA", "AR"]
    assert VitalCode.HEART_RATE in {n.code for n in numerics}


async def test_a_block_that_never_ends_costs_only_itself(tmp_path: Path) -> None:
    async with listening(tmp_path) as driver:
        answers = await sent(
            driver,
            [
                {"hex": (b"\x0b" + message()[:90]).hex(), "answers": 0},
                block(message(control="M2")),
                {"hex": b"noise without a start\x1c\r".hex(), "answers": 0},
                block(message(control="M3")),
            ],
        )
        numerics = driver.sample(NOW).numerics

    assert [codes(line.replace("\\r", "\r").encode()) for line in answers] == [
        ("AA", "M2"),
        ("AA", "M3"),
    ]
    assert len(numerics) == 2
    assert driver.counts[Reason.TRUNCATED, ""] == 1
    assert driver.counts[Reason.NO_MESSAGE, ""] == 1


async def test_a_connection_that_breaks_in_a_message_leaves_the_driver_listening(
    tmp_path: Path,
) -> None:
    async with listening(tmp_path) as driver:
        await sent(driver, [{"hex": (b"\x0b" + message()[:90]).hex(), "cut": True}])
        answers = await sent(driver, [block(message(control="M2"))])

    assert codes(answers[0].replace("\\r", "\r").encode()) == ("AA", "M2")
    assert driver.counts[Reason.TRUNCATED, ""] == 1


async def test_an_endless_block_ends_the_connection_and_not_the_driver(tmp_path: Path) -> None:
    async with listening(tmp_path) as driver:
        endless = {"hex": (b"\x0b" + b"x" * 2_100_000).hex(), "answers": 1}
        ended = await sent(driver, [endless]) if sys.platform == "linux" else []
        answers = await sent(driver, [block(message())])

    assert ended in ([], ["closed"])
    assert codes(answers[0].replace("\\r", "\r").encode())[0] == "AA"


def codes(answer: bytes) -> tuple[str, str]:
    msa = next(line for line in answer.decode().split("\r") if line.startswith("MSA"))
    _, code, control = msa.split("|")
    return code, control
