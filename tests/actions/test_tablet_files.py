"""What the tablet keeps to work without a network: every file that it can ask for, by hash."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client

from config.middleware import POLICY
from config.offline import STATIC, current_release
from dispatch.people.models import User
from tests.actions.test_ecg import signed_in

IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']|new URL\(["']([^"']+)["']""")
IN_STYLE = re.compile(r"""(?:@import\s+|url\()\s*["']?([^"')]+)""")


def asked_for(address: str) -> set[str]:
    """The addresses that a script or style names, made absolute; data and fragments left out."""
    path = STATIC / address.removeprefix("/static/")
    text = path.read_text(errors="replace")
    if path.suffix == ".css":
        named = {name for name in IN_STYLE.findall(text) if not name.startswith(("data:", "#"))}
    elif "/vendor/" in address:
        named = {a or b for a, b in IMPORT.findall(text) if (a or b).startswith("./")}
    else:
        named = {a or b for a, b in IMPORT.findall(text)}
    home = Path(address).parent
    return {
        name if name.startswith("/") else "/" + str((home / name).resolve().relative_to("/"))
        for name in named
    }


@pytest.mark.django_db
def test_everything_that_the_tablet_can_ask_for_is_kept(medic_wang: User) -> None:
    page = signed_in(medic_wang).get("/tablet/").content.decode()
    kept = dict(current_release().files)
    queue = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    seen: set[str] = set()
    while queue:
        address = queue.pop()
        seen.add(address)
        if address.endswith((".js", ".mjs", ".css")):
            queue |= asked_for(address) - seen

    assert "/static/tablet/tablet.js" in seen
    assert "/static/vendor/maplibre-gl/maplibre-gl-worker.mjs" in kept
    assert len(seen) > 60
    assert seen <= kept.keys()
    assert not [name for name in kept if name.endswith(".test.js")]


def test_the_list_has_the_hash_of_each_file_as_it_is_served(client: Client) -> None:
    script = client.get("/tablet/worker.js").content.decode()
    release = json.loads(script.partition(";\n")[0].removeprefix("const RELEASE = "))

    assert release["name"] == current_release().name
    for address, digest in release["files"].items():
        served = (STATIC / address.removeprefix("/static/")).read_bytes()
        assert sha256(served).hexdigest() == digest


def test_the_worker_stays_in_its_folder_and_pages_keep_their_policy(client: Client) -> None:
    worker = client.get("/tablet/worker.js")

    assert "Service-Worker-Allowed" not in worker  # its scope cannot be wider than /tablet/
    assert worker["Cache-Control"] == "no-cache"
    assert worker["Content-Security-Policy"] == POLICY
    assert "worker-src 'self'" in POLICY


@pytest.mark.django_db
def test_the_screen_says_of_which_version_it_is(medic_wang: User) -> None:
    assert signed_in(medic_wang).get("/tablet/")["X-Release"] == current_release().name


def test_the_application_has_a_name_in_both_languages_and_icons_that_are_there(
    client: Client,
) -> None:
    english, chinese = (
        client.get("/tablet/app.webmanifest", headers={"Accept-Language": language}).json()
        for language in ("en", "zh-CN")
    )

    manifest = english
    assert manifest["scope"] == manifest["start_url"] == "/tablet/"
    assert manifest["display"] == "standalone"
    assert english["name"] != chinese["name"]
    for icon in manifest["icons"]:
        assert (STATIC / icon["src"].removeprefix("/static/")).exists()
