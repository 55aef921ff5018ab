"""The demonstration is prepared once, and again when its city changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import city_wanted, demonstration, env
from config.city_wanted import bring_city
from config.guardian import Guardian
from dispatch.city.store import content_mark


@pytest.fixture
def installed() -> list[str]:
    """The versions that were imported, the newest last."""
    return []


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, installed: list[str]) -> list[list[str]]:
    """The management commands that were run; they only leave their files behind."""
    commands: list[list[str]] = []

    def run(guardian: Guardian, command: str, *arguments: str) -> None:
        commands.append([command, *arguments])
        if command == "make_demo_city":
            folder = Path(arguments[0])
            folder.mkdir()
            for name in ("yunting.osm.pbf", "hospitals.csv", "stations.csv"):
                (folder / name).touch()
        if command == "import_city":
            installed.append(f"{len(installed)}-{content_mark(Path(arguments[0]))}")

    monkeypatch.setattr(city_wanted, "_manage", run)
    monkeypatch.setattr(city_wanted, "_version", lambda: installed[-1] if installed else "")
    monkeypatch.setattr(demonstration, "call_command", lambda *words: commands.append([*words]))
    return commands


def environment(state_dir: Path, city: Path | None) -> env.Environment:
    given = {"ONBOARD_STATE_DIR": str(state_dir)} | ({"ONBOARD_CITY": str(city)} if city else {})
    return env.read(given)


def prepare(state_dir: Path, city: Path | None = None) -> None:
    demonstration.prepare(environment(state_dir, city), Guardian(), lambda _: None)


def run_for_real(state_dir: Path, city: Path | None = None) -> None:
    bring_city(environment(state_dir, city), Guardian(), lambda _: None, demo=False)


@pytest.fixture
def porto(tmp_path: Path) -> Path:
    (tmp_path / "real").mkdir()
    extract = tmp_path / "real" / "porto.osm.pbf"
    extract.write_bytes(b"roads")
    return extract


def test_the_city_is_made_once_and_people_are_seen_to_at_every_start(
    ran: list[list[str]], tmp_path: Path
) -> None:
    prepare(tmp_path)
    prepare(tmp_path)

    made = tmp_path / "demo-city"
    assert ran == [
        ["make_demo_city", str(made)],
        [
            *("import_city", str(made / "yunting.osm.pbf")),
            *("--hospitals", str(made / "hospitals.csv")),
            *("--stations", str(made / "stations.csv")),
            "--assume-sites",
        ],
        ["seed_demo"],
        ["seed_demo"],
    ]


def test_a_real_city_is_imported_again_when_its_file_changes(
    ran: list[list[str]], porto: Path, tmp_path: Path
) -> None:
    (tmp_path / "real" / "porto-hospitals.csv").touch()

    prepare(tmp_path, porto)
    prepare(tmp_path, porto)
    porto.write_bytes(b"more roads")
    prepare(tmp_path, porto)

    imported = ["import_city", str(porto)]
    imported += ["--hospitals", str(tmp_path / "real" / "porto-hospitals.csv"), "--assume-sites"]
    assert ran == [imported, ["seed_demo"], ["seed_demo"], imported, ["seed_demo"]]


def test_a_named_city_comes_back_when_another_was_imported_by_hand(
    ran: list[list[str]], installed: list[str], porto: Path, tmp_path: Path
) -> None:
    prepare(tmp_path, porto)
    installed.append("by-hand")

    prepare(tmp_path, porto)

    assert [command for command, *_ in ran].count("import_city") == 2


def test_a_city_imported_by_hand_stays_when_none_is_named(
    ran: list[list[str]], installed: list[str], tmp_path: Path
) -> None:
    prepare(tmp_path)
    installed.append("by-hand")

    prepare(tmp_path)

    assert [command for command, *_ in ran].count("import_city") == 1


def test_without_the_demonstration_a_named_city_is_imported_once_and_nothing_assumed(
    ran: list[list[str]], porto: Path, tmp_path: Path
) -> None:
    run_for_real(tmp_path, porto)
    run_for_real(tmp_path, porto)
    porto.write_bytes(b"more roads")
    run_for_real(tmp_path, porto)

    assert ran == [["import_city", str(porto)], ["import_city", str(porto)]]


def test_what_was_imported_by_hand_with_its_own_tables_is_left_alone(
    ran: list[list[str]], installed: list[str], porto: Path, tmp_path: Path
) -> None:
    installed.append(f"by-hand-{content_mark(porto)}")

    run_for_real(tmp_path, porto)

    assert ran == []


def test_what_was_assumed_for_trying_out_does_not_stay_in_earnest(
    ran: list[list[str]], porto: Path, tmp_path: Path
) -> None:
    prepare(tmp_path, porto)
    run_for_real(tmp_path, porto)
    prepare(tmp_path, porto)

    tried = ["import_city", str(porto), "--assume-sites"]
    assert ran == [tried, ["seed_demo"], ["import_city", str(porto)], tried, ["seed_demo"]]


def test_without_the_demonstration_and_without_a_name_no_city_is_brought(
    ran: list[list[str]], tmp_path: Path
) -> None:
    run_for_real(tmp_path)

    assert ran == []
