"""The set-up does each thing once, again when its input changes, and says what is missing."""

from __future__ import annotations

import gettext
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import setup
from config.env import ROOT
from config.setup import Setup, SetupFailed, Step


def test_a_step_runs_once_and_again_when_its_input_changes(tmp_path: Path) -> None:
    lock, made = tmp_path / "lock.txt", list[str]()
    lock.write_text("django==5.2")

    def step() -> Step:
        return Step("packages", tmp_path / "made" / "stamp", (lock,), lambda: made.append("now"))

    first, second = step().run(), step().run()
    lock.write_text("django==5.2.1")
    third = step().run()

    assert (first, second, third) == (True, False, True)
    assert made == ["now", "now"]


def test_a_step_that_failed_is_not_taken_for_done(tmp_path: Path) -> None:
    def fail() -> None:
        raise SetupFailed("no network")

    step = Step("packages", tmp_path / "stamp", (), fail)

    with pytest.raises(SetupFailed, match="no network"):
        step.run()

    assert not step.is_done()


def test_with_nothing_to_do_it_takes_less_than_a_second() -> None:
    if not all(step.is_done() for step in Setup().steps("test")):
        pytest.skip("this checkout was not set up by make")
    begin = time.monotonic()

    done = subprocess.run(
        [sys.executable, str(ROOT / "config" / "setup.py"), "run"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert time.monotonic() - begin < 1.0
    assert done.stdout == ""


def test_the_tests_packages_are_enough_to_run(tmp_path: Path) -> None:
    checkout = Setup(tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    (tmp_path / "package-lock.json").write_text("{}")
    tests_packages = checkout.steps("test")[0]
    tests_packages.stamp.parent.mkdir()
    tests_packages.stamp.write_text(tests_packages.digest())

    assert checkout.steps("run")[0].is_done()


def test_the_browser_gets_modules_without_links_to_source_maps(tmp_path: Path) -> None:
    if not (ROOT / "node_modules" / "lit-html").exists():
        pytest.skip("the front-end modules are not installed")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")

    Setup(tmp_path).copy_vendor()

    vendor = tmp_path / "static" / "vendor"
    assert (vendor / "lit-html" / "directives" / "repeat.js").is_file()
    assert (vendor / "maplibre-gl" / "maplibre-gl-worker.mjs").is_file()
    texts = [path.read_text() for path in vendor.rglob("*.*js")]
    assert texts
    assert not any("sourceMappingURL" in text for text in texts)


def test_catalogues_are_compiled_without_gettext(tmp_path: Path) -> None:
    folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "On board"\nmsgstr "已上车"\n',
        encoding="utf-8",
    )
    checkout = Setup(tmp_path)
    checkout.python = Path(sys.executable)

    checkout.compile_messages()

    with (folder / "django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("On board") == "已上车"


def test_an_ordinary_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda _name, **_more: None)
    monkeypatch.setattr(setup, "CHINESE_FONTS", ())

    with pytest.raises(SetupFailed) as refused:
        setup.require_test_tools()

    wanted = "chromium fonts-noto-cjk gettext gpsd gpsd-clients coturn"
    assert f"sudo apt-get install {wanted}" in str(refused.value)


def test_an_unknown_purpose_gets_the_usage() -> None:
    with pytest.raises(SystemExit, match="usage"):
        setup.main(["deploy"])
