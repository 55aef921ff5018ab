"""The demonstration is prepared once, and again when its city changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import demonstration, env
from config.guardian import Guardian


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
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
            (Path(arguments[0]).parent.parent / "city" / "1").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(demonstration, "_manage", run)
    monkeypatch.setattr(demonstration, "call_command", lambda *words: commands.append([*words]))
    return commands


def prepare(state_dir: Path, city: Path | None = None) -> None:
    given = {"ONBOARD_STATE_DIR": str(state_dir)} | ({"ONBOARD_CITY": str(city)} if city else {})
    demonstration.prepare(env.read(given), Guardian(), lambda _: None)


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
        ],
        ["seed_demo"],
        ["seed_demo"],
    ]


def test_a_real_city_is_imported_again_when_its_file_changes(
    ran: list[list[str]], tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    extract = tmp_path / "real" / "porto.osm.pbf"
    extract.write_bytes(b"roads")
    (tmp_path / "real" / "porto-hospitals.csv").touch()

    prepare(tmp_path, extract)
    prepare(tmp_path, extract)
    extract.write_bytes(b"more roads")
    prepare(tmp_path, extract)

    imported = ["import_city", str(extract)]
    imported += ["--hospitals", str(tmp_path / "real" / "porto-hospitals.csv")]
    assert ran == [imported, ["seed_demo"], ["seed_demo"], imported, ["seed_demo"]]
