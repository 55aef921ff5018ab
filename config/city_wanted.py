"""The city that was asked for: imported when it is not the one installed.

Named by the operator (`ONBOARD_CITY`, `up --city`), or the fictional one of the demonstration.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from signal import SIGKILL

from config.children import tied_to_this_process
from config.embedded import database_url
from config.env import ROOT, Environment
from config.guardian import Guardian, kill_session
from dispatch.city.queries import current_city, current_folder
from dispatch.city.store import content_mark

Say = Callable[[str], None]


class StepFailed(SystemExit):
    """A step of the preparation failed; its own lines above say why."""


def bring_city(environment: Environment, guardian: Guardian, say: Say, *, demo: bool) -> None:
    """Import what is wanted and not there; for trying out, sites may be assumed on a bare map."""
    if environment.city is None and not demo:
        return
    source = _source(environment, demo=demo)
    marker = environment.state_dir / "city-source"
    if _is_there(environment.city, marker, source, demo=demo):
        return
    extract = environment.city
    if extract is None:
        say("Making the demonstration city (once, about a minute) …")
        folder = environment.state_dir / "demo-city"
        _manage(guardian, "make_demo_city", str(folder))
        extract = next(folder.glob("*.osm.pbf"))
    else:
        say(f"Importing {extract.name} (once) …")
    options = [
        word
        for path in _tables_beside(extract)
        for word in (f"--{path.stem.rpartition('-')[2]}", str(path))
    ]
    _manage(guardian, "import_city", str(extract), *options, *(["--assume-sites"] if demo else []))
    marker.write_text(f"{source}\n{_version()}", encoding="utf-8")


def _source(environment: Environment, *, demo: bool) -> str:
    """Return what the city is made from and for which database: a change is imported anew."""
    database = sha256(database_url(environment).encode()).hexdigest()[:16]
    if environment.city is None:
        return f"demonstration city for {database}"
    files = [environment.city, *_tables_beside(environment.city)]
    known = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    # What was assumed for trying out must not stay when it becomes earnest.
    return "\n".join([*known, *(["sites may be assumed"] if demo else []), f"for {database}"])


def _is_there(extract: Path | None, marker: Path, source: str, *, demo: bool) -> bool:
    """Whether the installed city is the wanted one.

    Where the operator names none, a city that somebody imported by hand meanwhile stays.
    """
    installed = _version()
    text = marker.read_text(encoding="utf-8") if marker.exists() else ""
    brought, _newline, version = text.rpartition("\n")
    if installed and (extract is None or version == installed):
        return brought == source
    return not demo and _is_installed(extract)


def _is_installed(extract: Path | None) -> bool:
    """Whether somebody has imported these very bytes, perhaps with tables from elsewhere."""
    return extract is not None and _version().endswith(f"-{content_mark(extract)}")


def _version() -> str:
    """The installed city's; empty without one, or when its files are gone."""
    city, folder = current_city(), current_folder()
    return city.version if city and folder and folder.facts.exists() else ""


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
