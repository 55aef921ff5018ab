"""Which scripts a screen's script brings along: named in the page, so that they come at once.

Otherwise a browser learns of them one level of imports after another: on a slow tablet that was
four seconds of waiting.
"""

import re
from functools import lru_cache
from pathlib import Path

from config.settings import BASE_DIR, STATIC_URL

STATIC = BASE_DIR / "static"
# `import … from "x"`, `export … from "x"` and `import "x"`; not `import("x")`, which comes later.
_IMPORTED = re.compile(r'(?:\bfrom|(?:^|;)\s*import)\s*"([^"]+\.m?js)"', re.MULTILINE)


def modules_of(entry: str) -> tuple[str, ...]:
    """Addresses of the script (`tablet/tablet.js`) and of all that it imports, nearest first."""
    found = {STATIC / entry: None}
    for file in (waiting := list(found)):
        for other in imports(file, file.stat().st_mtime_ns):
            if other not in found:
                found[other] = None
                waiting.append(other)
    return tuple(f"{STATIC_URL}{file.relative_to(STATIC).as_posix()}" for file in found)


@lru_cache(maxsize=2000)
def imports(file: Path, mtime_ns: int) -> tuple[Path, ...]:
    """The files that this one imports; read again when it changed."""
    names = _IMPORTED.findall(file.read_text(encoding="utf-8"))
    paths = [
        STATIC / name.removeprefix(STATIC_URL)
        if name.startswith(STATIC_URL)
        else (file.parent / name).resolve()
        for name in names
    ]
    return tuple(path for path in paths if path.is_file())
