"""Who holds a row may not stand in the way of rows that only refer to it.

Foreign keys are looked at when a transaction commits, that is while it holds the journal's lock.
A row held FOR UPDATE by somebody who waits for the journal would then be a deadlock; held
FOR NO KEY UPDATE it is not.
"""

import re

from config.env import ROOT

LOCK = re.compile(r"select_for_update\((?P<how>(?:[^()]|\([^()]*\))*)\)")
APPS = ("dispatch", "ehr_prehospital", "config")


def test_rows_are_held_without_their_key() -> None:
    files = [file for app in APPS for file in (ROOT / app).rglob("*.py")]

    held = [
        (file.name, lock["how"])
        for file in files
        for lock in LOCK.finditer(file.read_text(encoding="utf-8"))
    ]

    assert len(held) > 20
    assert [one for one in held if "no_key=True" not in one[1]] == []
