"""`make test`: every kind of test in turn, quick ones first, and one clear summary at the end."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NOTHING_COLLECTED = 5
_PYTEST_COUNT = re.compile(r"(\d+) (passed|failed|skipped|error)s?\b")
_NODE_COUNT = re.compile(r"^\S+ (pass|fail|skipped) (\d+)$", re.MULTILINE)
_NODE_WORDS = {"pass": "passed", "fail": "failed", "skipped": "skipped"}

# One worker a core; a file stays with one worker, for the sake of its servers. They are given out
# in the order of conftest.py, long ones first.
_SIDE_BY_SIDE = ["-n", "auto", "--maxprocesses", "8", "--dist", "loadfile"]
_SIDE_BY_SIDE += ["--no-loadscope-reorder"]
_SLOW_KINDS = "browser or import_city or alone"
_BROWSER = ["-m", "browser"]  # one platform for all of them
_KINDS = {
    "all but browser and import": ["-m", f"not ({_SLOW_KINDS})", *_SIDE_BY_SIDE],
    "city import": ["-m", "import_city", *_SIDE_BY_SIDE],
    "beside a load": ["-m", "alone"],  # its bound of time would be the neighbours'
}
# Of 64 stories in three browsers each on two cores, one may meet a stall of the machine. So many
# may have failed for them to be played once more; the summary names what passed only then.
_SECOND_CHANCES = 3


@dataclass(frozen=True)
class Outcome:
    """What one kind of test came to."""

    kind: str
    took_s: float
    counts: Counter[str]
    failed: bool
    note: str = ""

    @property
    def bad(self) -> int:
        return self.counts["failed"] + self.counts["error"]

    def line(self) -> str:
        counts = ", ".join(f"{number} {word}" for word, number in self.counts.items()) or "none"
        counts += self.note
        result = "FAILED" if self.failed else "ok"
        return f"  {result:<7} {self.kind:<28} {self.took_s:6.1f} s  {counts}"


def pytest_kind(kind: str, arguments: list[str]) -> Outcome:
    print(f"\n── {kind}", flush=True)
    begin = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "--durations=3", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        for line in child.stdout or ():
            lines = [*lines[-20:], line]
            print(line, end="", flush=True)
    counts = Counter[str]()
    for number, word in _PYTEST_COUNT.findall(lines[-1] if lines else ""):
        counts[word] += int(number)
    failed = child.returncode not in {0, _NOTHING_COLLECTED}
    return Outcome(kind, time.monotonic() - begin, counts, failed)


def browser_kind(kind: str, arguments: list[str]) -> Outcome:
    """Like any other; a few that failed are played once more, each on a machine at rest."""
    first = pytest_kind(kind, arguments)
    if not 0 < first.bad <= _SECOND_CHANCES:
        return first
    second = pytest_kind(f"{kind}, once more what failed", [*arguments, "--last-failed"])
    if second.failed or second.counts["passed"] < first.bad:
        return first
    counts = first.counts + second.counts
    del counts["failed"], counts["error"]
    note = f", {first.bad} of them only at the second try"
    return Outcome(kind, first.took_s + second.took_s, counts, failed=False, note=note)


def front_end() -> Outcome:
    """Run the reducers' tests with the machine's Node, or the one of the virtual environment."""
    print("\n── front end", flush=True)
    begin = time.monotonic()
    files = [path for path in ROOT.glob("static/**/*.test.js") if "vendor" not in path.parts]
    if not files:
        return Outcome("front end", 0.0, Counter(), failed=False)
    node = shutil.which("node") or str(Path(sys.executable).with_name("node"))
    done = subprocess.run(
        [node, "--test", "--test-reporter=spec", *sorted(map(str, files))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n")
    counts = Counter({_NODE_WORDS[word]: int(n) for word, n in _NODE_COUNT.findall(done.stdout)})
    return Outcome("front end", time.monotonic() - begin, +counts, failed=bool(done.returncode))


def main(arguments: list[str]) -> int:
    if arguments == ["front-end"]:
        outcomes = [front_end()]
    elif arguments:
        outcomes = [pytest_kind(" ".join(arguments), arguments)]
    else:
        quick, *slow = _KINDS.items()
        outcomes = [pytest_kind(*quick), front_end(), *(pytest_kind(*kind) for kind in slow)]
        outcomes.append(browser_kind("browser", _BROWSER))
    total = sum((outcome.counts for outcome in outcomes), Counter[str]())
    print("\n── summary")
    print("\n".join(outcome.line() for outcome in outcomes))
    bad = sum(outcome.bad for outcome in outcomes)
    print(f"{total['passed']} passed, {bad} failed, {total['skipped']} skipped", flush=True)
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
