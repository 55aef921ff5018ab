"""The scripts of a screen, named before they are asked for."""

import re
from pathlib import Path

import pytest

from config.modules import STATIC, imports, modules_of

SCREENS = ("tablet/tablet.js", "dispatcher/console.js", "emergency_department/ed.js")


@pytest.mark.parametrize("screen", SCREENS)
def test_every_script_that_a_screen_imports_is_named_once(screen: str) -> None:
    named = modules_of(screen)

    assert named[0] == f"/static/{screen}"
    assert len(set(named)) == len(named) > 30
    assert "/static/shared/api.js" in named
    assert "/static/vendor/lit-html/lit-html.js" in named
    for address in named:
        text = (STATIC / address.removeprefix("/static/")).read_text()
        whole = re.findall(r'^import .*? from "(\.[^"]+)"', text, re.MULTILINE)
        beside = (STATIC / address.removeprefix("/static/")).parent
        assert {f"/static/{(beside / name).resolve().relative_to(STATIC)}" for name in whole} <= {
            *named
        }


def test_what_is_imported_later_is_not_named(tmp_path: Path) -> None:
    for name in ("a.js", "b.js", "c.js", "d.js"):
        (tmp_path / name).write_text("")
    first = tmp_path / "first.js"
    first.write_text(
        'import { a } from "./a.js";\nexport * from "./b.js";\nimport "./c.js";\n'
        'const later = () => import("./d.js");\n'
    )

    assert [one.name for one in imports(first, 0)] == ["a.js", "b.js", "c.js"]
    assert "/static/shared/map.js" not in modules_of("tablet/tablet.js")
