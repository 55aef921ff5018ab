"""What `make test` makes of a browser test that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.everything import browser_kind

ONCE = """
from pathlib import Path

def test_that_meets_a_stall_once():
    met = Path(__file__).with_name("met")
    known = met.exists()
    met.touch()
    assert known
"""
ALWAYS = """
def test_that_always_fails():
    assert False
"""
FINE = """
def test_that_passes():
    pass
"""


@pytest.mark.parametrize(
    ("files", "failed", "said"),
    [
        ((FINE, ONCE), False, "2 passed, 1 of them only at the second try"),
        ((FINE, ONCE, ALWAYS), True, "2 failed, 1 passed"),
        ((FINE, *[ALWAYS] * 4), True, "4 failed, 1 passed"),
    ],
    ids=["passes the second time", "fails again", "too many to be chance"],
)
def test_what_failed_is_played_once_more_and_named(
    tmp_path: Path,
    files: tuple[str, ...],
    failed: bool,  # noqa: FBT001
    said: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for number, text in enumerate(files):
        (tmp_path / f"test_{number}.py").write_text(text)
    bare = ["-c", "/dev/null", "--rootdir", str(tmp_path), "-o", f"cache_dir={tmp_path}/cache"]

    outcome = browser_kind("browser", [*bare, "-p", "no:django", "-p", "no:xdist", str(tmp_path)])

    assert outcome.failed is failed
    assert outcome.line().endswith(said)
    assert ("once more" in capfd.readouterr().out) is (len(files) < 5)
