"""The monitor on its own page: alarms, signals, scores, and eight patients at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.bedside import page_of, words_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

NOW = datetime.now(UTC)
HAN = re.compile(r"[\u4e00-\u9fff]")


def at(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


# Any: JSON for the page.
def alarm(code: str, priority: str, **values: Any) -> dict[str, Any]:
    return {
        "id": code,
        "mission_id": "m0",
        "code": code,
        "priority": priority,
        "state": "raised",
        "vital": "",
        "value": None,
        "limit": None,
        "raised_at": at(-5),
        "sounding_since": at(-5),
        "acknowledged_at": None,
        "acknowledged_by": None,
        "rearm_at": None,
        "escalated_at": None,
        "ended_at": None,
        **values,
    }


ALARMS = [
    alarm("vf", "high", vital="ecg", state="escalated"),
    alarm("spo2_low", "medium", vital="spo2", value=86, limit=90),
    alarm("temperature_low", "low", vital="temperature", value=34.6, limit=35.1),
    alarm(
        "heart_rate_high",
        "medium",
        vital="heart_rate",
        value=134,
        limit=130,
        state="acknowledged",
        acknowledged_at=at(-60),
        acknowledged_by={"name_en": "Wang Jun", "name_zh": "王军"},
        rearm_at=at(60),
    ),
]
ASSESSED = {
    "t": "assessed",
    "group": "adult",
    "age_known": True,
    "limits": {
        "heart_rate": [50, 130],
        "spo2": [90, None],
        "respiratory_rate": [9, 24],
        "nibp_systolic": [91, 219],
        "etco2": [25, 60],
        "temperature": [35.1, 39.0],
    },
    "poor": {},
    "scores": [
        {"score": "news2", "version": "2017", "state": "complete", "value": 5, "grade": "medium",
         "missing": [], "not_testable": [], "parts": []},
        {"score": "shock_index", "version": "1967", "state": "complete", "value": 1.04,
         "grade": "high", "missing": [], "not_testable": [], "parts": []},
        {"score": "gcs", "version": "2014", "state": "incomplete", "value": None, "grade": "",
         "missing": ["gcs_verbal"], "not_testable": ["gcs_verbal"], "parts": []},
    ],
}  # fmt: skip


def history(minutes: int = 40) -> dict[str, Any]:
    now_ms = datetime.now(UTC).timestamp() * 1000
    courses = {"heart_rate": (104, 1), "spo2": (97, -0.2), "nibp_systolic": (142, -1.2),
               "respiratory_rate": (16, 0.2), "etco2": (38, -0.1)}  # fmt: skip
    trend = {
        code: [
            [now_ms - (minutes - step) * 60_000, start + slope * step + step % 3]
            for step in range(minutes)
            if not 12 < step < 17
        ]
        for code, (start, slope) in courses.items()
    }
    pressure = [("nibp_systolic", 102.0), ("nibp_diastolic", 64.0), ("nibp_mean", 77.0)]
    return {
        "t": "history",
        "now": at(0),
        "readings": [
            {"code": code, "value": value, "unit": "mm[Hg]", "measured_at": at(-70),
             "quality": "good", "source": "test"}
            for code, value in pressure
        ],
        "waves": [],
        "trend": trend,
        "devices": [],
    }  # fmt: skip


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = page_of(browser, monitors=1, size=(660, 520))
    page.evaluate("m => feed('m0', m)", history())
    page.evaluate("beatFor('m0', 92)")
    yield page
    page.context.close()


def test_an_alarm_is_told_by_colour_symbol_and_words_and_answered_with_one_tap(page: Page) -> None:
    page.evaluate("rows => monitors[0].showAlarms(rows)", ALARMS)

    rows = page.locator(".alarm")
    expect(rows).to_have_count(4)
    assert rows.evaluate_all("all => all.map((one) => one.dataset.code)") == [
        *("vf", "spo2_low", "heart_rate_high", "temperature_low"),
    ]
    assert words_of(page, ".alarm[data-code=vf]").startswith("!!! Possible ventricular")
    assert "86 limit 90" in words_of(page, ".alarm[data-code=spo2_low]")
    assert "Wang Jun, sounds again in" in words_of(page, ".alarm[data-code=heart_rate_high]")
    expect(page.locator("[data-vital=spo2]")).to_have_attribute("data-alarm", "medium")
    page.locator(".alarm[data-code=vf] [data-act=acknowledge]").click()
    assert page.evaluate("acknowledged") == ["vf"]
    expect(page.locator(".alarm[data-code=heart_rate_high] button")).to_have_count(0)


def test_limits_and_scores_stand_beside_the_numbers(page: Page) -> None:
    page.evaluate("m => feed('m0', m)", ASSESSED)

    expect(page.locator("[data-vital=heart_rate] .vital-limits")).to_have_text("50–130")
    assert words_of(page, "[data-score=news2]") == "NEWS2 5 medium"
    incomplete = {"state": "incomplete", "value": None, "grade": "", "missing": ["temperature"]}
    news2 = {"score": "news2", "version": "2017", "not_testable": [], "parts": [], **incomplete}
    page.evaluate("m => feed('m0', m)", {**ASSESSED, "scores": [news2]})
    expect(page.locator("[data-score=news2]")).to_have_text(
        re.compile(r"incomplete\s+missing: Temperature")
    )


def test_a_probe_that_is_off_takes_the_number_away(page: Page) -> None:
    expect(page.locator("[data-vital=spo2][data-state=fresh]")).to_be_visible()

    off = {"sensor": "spo2", "state": "probe_off", "since": at(0)}
    page.evaluate("m => feed('m0', m)", {"t": "devices", "devices": [off]})

    expect(page.locator("[data-vital=spo2] .vital-value")).to_have_text("--")
    expect(page.locator("[data-vital=spo2] .vital-age")).to_have_text("probe off")


def test_numbers_turn_grey_within_three_seconds_of_silence(page: Page) -> None:
    expect(page.locator("[data-vital=heart_rate][data-state=fresh]")).to_be_visible()

    page.evaluate("window.feed = (mission, message) => message")

    expect(page.locator("[data-vital=heart_rate][data-state=stale]")).to_be_visible(timeout=4_500)


def test_chinese_words_stand_in_every_alarm_and_score(browser: Browser) -> None:
    page = page_of(browser, monitors=1, size=(660, 520), theme="contrast", language="zh-hans")

    page.evaluate("rows => monitors[0].showAlarms(rows)", ALARMS)
    page.evaluate("m => feed('m0', m)", history())
    page.evaluate("m => feed('m0', m)", ASSESSED)
    expect(page.locator(".score").first).to_be_visible()

    for text in page.locator(".alarm-what, .alarm-seen, .score").all_inner_texts():
        assert HAN.search(text), text
    target = page.locator(".alarm-seen").first.bounding_box()
    assert target is not None
    assert target["height"] >= 56
    page.context.close()


def test_eight_patients_sweep_at_once(browser: Browser) -> None:
    """A floor for a machine without a graphics card; the measured figure is in the documents."""
    page = page_of(browser, monitors=8, size=(1920, 1080), width="28rem")
    for place in range(8):
        page.evaluate("m => feed(...m)", [f"m{place}", history()])
        page.evaluate("([mission, rate]) => beatFor(mission, rate)", [f"m{place}", 60 + 10 * place])
    page.wait_for_timeout(3_000)

    strokes = page.evaluate(
        """async () => {
          let frames = 0; const until = performance.now() + 4000;
          await new Promise((done) => {
            const tick = (now) => {
              frames += 1;
              if (now < until) requestAnimationFrame(tick); else done();
            };
            requestAnimationFrame(tick);
          });
          return frames / 4;
        }"""
    )

    assert strokes >= 10
    inked = page.locator("canvas").evaluate_all(
        """all => all.filter((canvas) => {
          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          for (let i = 3; i < data.length; i += 4) if (data[i]) return true; return false;
        }).length"""
    )
    assert inked == 8
    page.context.close()
