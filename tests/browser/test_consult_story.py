"""A consult as a day brings it: declined, taken, held, handed on; orders without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dispatch.fleet.models import Mission
from dispatch.people.models import Role, User
from ehr_prehospital.attachments.models import Attachment
from ehr_prehospital.consult.models import ConsultParty, Order, PhysicianDuty
from ehr_prehospital.record.models import RecordEntry
from tests.actions.consults import physician
from tests.browser.consults import (
    WAIT_MS,
    chromium,
    page_of,
    ring,
    start_camera,
    talking,
    truth,
    until,
)
from tests.live_platform import live_platform
from tests.town import Town, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

VOICE = "Procedure · Oxygen by mask"


@pytest.fixture
def people(town: Town) -> dict[str, User]:
    """Sun is on call for hearts; Qian is a physician whom nobody has planned yet."""
    return {
        "sun": physician(town, "sun"),
        "qian": person("qian", Role.REMOTE_PHYSICIAN, town.centre),
        "zhao": person("zhao", Role.SUPERVISOR, town.centre),
    }


def test_a_call_is_declined_taken_held_and_handed_on_and_an_order_arrives_once_from_a_dead_link(
    under_way: Mission, medic_wang: User, people: dict[str, User], film: Path
) -> None:
    with live_platform() as platform, chromium(film) as browser:
        plan_qian(page_of(browser, platform, people["zhao"], "/consult/roster/"))
        sun = page_of(browser, platform, people["sun"], "/consult/")
        qian = page_of(browser, platform, people["qian"], "/consult/")
        tablet = page_of(browser, platform, medic_wang, "/tablet/")

        can_be_heard(sun)
        decline_and_take(tablet, sun)
        hold_and_mute(tablet, sun)
        hand_on(tablet, sun, qian)
        sun.close()
        an_order_without_a_network(tablet, qian)
        a_voice_note_and_a_photograph(tablet)
        truth(lambda: {"Injury", VOICE} <= spoken_of(under_way), "both stand in the record")

    states = dict(ConsultParty.objects.values_list("user__username", "state").order_by("rung_at"))
    assert states["sun"] == "left"
    assert states["qian"] in ("connected", "lost")
    order = Order.objects.get()
    assert [word.step for word in order.words.order_by("occurred_at")] == ["read_back", "give"]
    entries = RecordEntry.objects.filter(record__mission=under_way)
    given = entries.get(source="order", element="procedure.kind")
    assert given.value == "oxygen_mask"
    assert Attachment.objects.count() == 2


def spoken_of(mission: Mission) -> set[str]:
    """What the files of the record say that they are about."""
    found = RecordEntry.objects.filter(record__mission=mission, element="attachment.about")
    return set(found.values_list("value", flat=True))


def plan_qian(roster: Page) -> None:
    """By the supervisor's own page: from now, for injuries, after Sun."""
    roster.select_option("select[name=physician]", label="Qian")
    roster.check("input[name=specialties][value=trauma]")
    roster.fill("input[name=rank]", "2")
    with roster.expect_navigation():
        roster.click("button.primary")
    expect(roster.locator("tbody tr")).to_have_count(2)
    truth(lambda: PhysicianDuty.objects.filter(user__username="qian").exists(), "Qian is planned")
    roster.close()


def can_be_heard(desk: Page) -> None:
    """Three seconds of the fake microphone, and the same three seconds played back."""
    desk.click("[data-call=echo]")
    until(desk, "() => document.querySelector('.echo meter')?.value > 0")
    expect(desk.locator(".echo [role=status]")).to_contain_text(
        "microphone and speaker work", timeout=WAIT_MS
    )


def decline_and_take(tablet: Page, sun: Page) -> None:
    ring(tablet)
    sun.click("[data-ringing] [data-act=decline]", timeout=WAIT_MS)
    sun.click("[data-decline=busy]")
    expect(tablet.locator(".party[data-state=declined]")).to_contain_text(
        "With another patient", timeout=WAIT_MS
    )
    tablet.wait_for_selector("[data-consult-state=waiting]", timeout=WAIT_MS)
    sun.click("[data-waiting] [data-act=take]", timeout=WAIT_MS)
    talking(tablet, sun)
    expect(tablet.locator(".party[data-state=declined]")).to_have_count(0)


def hold_and_mute(tablet: Page, sun: Page) -> None:
    party = tablet.locator(".party", has_text="Sun")
    for call, said in (("hold", "on hold"), ("mute", "muted")):
        sun.click(f"[data-call={call}]")
        expect(party).to_contain_text(said, timeout=WAIT_MS)
        sun.click(f"[data-call={call}]")
        expect(party).not_to_contain_text(said, timeout=WAIT_MS)


def hand_on(tablet: Page, sun: Page, qian: Page) -> None:
    """Sun leaves when Qian has answered, and sees the patient no more."""
    sun.click("[data-act=transfer]")
    sun.click("[data-ask=trauma]")
    qian.click("[data-ringing] [data-act=accept]", timeout=WAIT_MS)
    talking(tablet, qian)
    sun.wait_for_selector("#case", state="hidden", timeout=WAIT_MS)
    expect(tablet.locator(".party[data-state=connected]", has_text="Qian")).to_be_visible(
        timeout=WAIT_MS
    )


def an_order_without_a_network(tablet: Page, desk: Page) -> None:
    """The link dies between the order and its answers; both arrive, each once."""
    desk.click("[data-kind=procedure]")
    desk.select_option("select[name=procedure]", "oxygen_mask")
    desk.click("[data-act=order]")
    desk.wait_for_selector("[data-cautions], .order-row", timeout=WAIT_MS)
    if desk.locator("[data-cautions]").count():
        desk.click("[data-act=order]")
    tablet.wait_for_selector("[data-order-bar]", timeout=WAIT_MS)

    tablet.context.set_offline(True)
    tablet.click("[data-order-bar] [data-order-act=read_back]")
    tablet.click("[data-order-bar] [data-order-act=give]")
    tablet.wait_for_selector("[data-order-bar]", state="detached", timeout=WAIT_MS)
    expect(tablet.locator("#waiting")).to_contain_text("2", timeout=WAIT_MS)
    expect(desk.locator(".order-row")).to_have_attribute("data-state", "ordered")
    tablet.context.set_offline(False)

    desk.wait_for_selector(".order-row[data-state=recorded]", timeout=WAIT_MS)
    expect(tablet.locator("#waiting")).to_contain_text("All sent", timeout=WAIT_MS)


def a_voice_note_and_a_photograph(tablet: Page) -> None:
    """Of what was just done, by the fake microphone; and a picture of the injury."""
    tablet.click("[data-tab=timeline]")
    tablet.locator(".line li", has_text="Oxygen").locator("[data-act=detail]").click()
    tablet.click("[data-act=voice]")
    tablet.click("[data-act=speak]")
    tablet.wait_for_selector("[data-act=speak][aria-pressed=true]", timeout=WAIT_MS)
    expect(tablet.locator("[data-act=speak] time")).to_have_text("0:02", timeout=WAIT_MS)
    tablet.click("[data-act=speak]")
    expect(tablet.locator(".voices audio")).to_have_count(1, timeout=WAIT_MS)
    until(
        tablet,
        "() => fetch(document.querySelector('.voices audio').src).then((one) =>"
        " one.ok && one.headers.get('Content-Type').startsWith('audio/'))",
    )
    tablet.click("[data-act=back]")
    tablet.click("[data-act=back]")
    tablet.click("[data-event=photo]")
    tablet.set_input_files(
        ".take-photo input",
        {"name": "arm.png", "mimeType": "image/png", "buffer": tablet.screenshot()},
    )
    expect(tablet.locator(".line li", has_text="Injury")).to_be_visible(timeout=WAIT_MS)


def test_the_desk_opens_the_picture_on_a_press_and_the_crew_reads_who_looks(
    under_way: Mission, medic_wang: User, dispatcher_li: User, film: Path
) -> None:
    with live_platform() as platform, chromium(film) as browser:
        tablet = page_of(browser, platform, medic_wang, "/tablet/")
        start_camera(tablet)
        tablet.click("#on-air")
        console = page_of(browser, platform, dispatcher_li, "/console/")

        console.locator(".row.incident").first.click(timeout=WAIT_MS)
        console.wait_for_selector("#work [data-act=picture]", timeout=WAIT_MS)
        expect(console.locator("#work .camera")).to_have_count(0)
        expect(tablet.locator(".camera-watch")).to_contain_text("Nobody is watching")
        console.click("#work [data-act=picture]")

        console.wait_for_selector("#work .camera[data-shown]:not([data-late])", timeout=WAIT_MS)
        expect(tablet.locator(".camera-watch")).to_contain_text("Li (Dispatcher)", timeout=WAIT_MS)
        console.click("#work [data-act=picture]")
        expect(console.locator("#work .camera")).to_have_count(0)
        expect(tablet.locator(".camera-watch")).to_contain_text(
            "Nobody is watching", timeout=WAIT_MS
        )
