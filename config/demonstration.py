"""What the demonstration needs before it starts: a city, and people and vehicles in it.

The steps are management commands of their own; here is only when each is needed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from signal import SIGKILL

from django.core.management import call_command

from config.children import tied_to_this_process
from config.embedded import database_url
from config.env import ROOT, Environment
from config.guardian import Guardian, kill_session


class StepFailed(SystemExit):
    """A step of the preparation failed; its own lines above say why."""


def prepare(environment: Environment, guardian: Guardian, say: Callable[[str], None]) -> None:
    """Make the city once (again when the operator names another), then people and vehicles."""
    source = _source(environment)
    marker = environment.state_dir / "city-source"
    is_there = any((environment.state_dir / "city").glob("*"))
    if not is_there or not marker.exists() or marker.read_text(encoding="utf-8") != source:
        _bring_city(environment, guardian, say)
        marker.write_text(source, encoding="utf-8")
    call_command("seed_demo")  # at every start, so in this process: another takes 2 s longer


def _source(environment: Environment) -> str:
    """Return what the city is made from and for which database: a change is imported anew."""
    database = sha256(database_url(environment).encode()).hexdigest()[:16]
    if environment.city is None:
        return f"demonstration city for {database}"
    files = [environment.city, *_tables_beside(environment.city)]
    known = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return "\n".join([*known, f"for {database}"])


def _bring_city(environment: Environment, guardian: Guardian, say: Callable[[str], None]) -> None:
    if environment.city is None:
        say("Making the demonstration city (once, about a minute) …")
        folder = environment.state_dir / "demo-city"
        _manage(guardian, "make_demo_city", str(folder))
        extract = next(folder.glob("*.osm.pbf"))
    else:
        say(f"Importing {environment.city.name} (once) …")
        extract = environment.city
    options = [
        word
        for path in _tables_beside(extract)
        for word in (f"--{path.stem.rpartition('-')[2]}", str(path))
    ]
    _manage(guardian, "import_city", str(extract), *options)


def _tables_beside(extract: Path) -> list[Path]:
    """Return hospitals.csv and stations.csv (or NAME-hospitals.csv …) that lie beside a map."""
    name = extract.name.removesuffix(".osm.pbf")
    candidates = [
        extract.with_name(f"{prefix}{table}.csv")
        for table in ("hospitals", "stations")
        for prefix in (f"{name}-", "")
    ]
    return [path for path in candidates if path.exists()]


def _manage(guardian: Guardian, command: str, *arguments: str) -> None:
    """Run a management command in a process of its own: an import's memory goes with it."""
    with subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), command, *arguments, "--skip-checks"],
        start_new_session=True,
        preexec_fn=tied_to_this_process(SIGKILL),  # noqa: PLW1509 - two system calls
    ) as process:
        guardian.guard(process.pid)
        try:
            code = process.wait()
        finally:  # Ctrl-C comes to us alone
            kill_session(process.pid)
    if code != 0:
        raise StepFailed(f"{command} failed; nothing was started.")
