"""The tablet as an installed application: what it keeps to work without a network.

The list of files is read off the folders, so that nobody has to remember to add one. The
worker takes a file only with the hash that stands in the list: never half of two versions.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.pages import screen
from config.settings import BASE_DIR, STATIC_URL
from dispatch.people.models import Role

STATIC = BASE_DIR / "static"
FOLDERS = ("tablet", "shared", "vendor")
KINDS = frozenset({".js", ".mjs", ".css", ".svg", ".png", ".json", ".woff2"})
WORKER = STATIC / "tablet" / "offline" / "worker.js"
# The words of the scripts, compiled: a new translation is a new version.
WORDS = BASE_DIR / "locale"


@dataclass(frozen=True, slots=True)
class Release:
    """One version of the tablet: `files` are (address, SHA-256 in hexadecimal)."""

    name: str
    files: tuple[tuple[str, str], ...]


def current_release() -> Release:
    """The version that stands in the folders now; read again only when a file changed."""
    paths = [*_kept(), *sorted(WORDS.glob("*/LC_MESSAGES/djangojs.mo")), WORKER]
    return _release(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


def _kept() -> list[Path]:
    return sorted(
        path
        for folder in FOLDERS
        for path in (STATIC / folder).rglob("*")
        if path.suffix in KINDS and not path.name.endswith(".test.js")
    )


@lru_cache(maxsize=1)
def _release(state: tuple[tuple[Path, int, int], ...]) -> Release:
    hashes = {path: sha256(path.read_bytes()).hexdigest() for path, _mtime, _size in state}
    name = sha256("".join(hashes.values()).encode()).hexdigest()[:16]
    files = tuple(
        (f"{STATIC_URL}{path.relative_to(STATIC).as_posix()}", digest)
        for path, digest in hashes.items()
        if path.is_relative_to(STATIC) and path != WORKER
    )
    return Release(name, files)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps; its folder bounds it to /tablet/."""
    release = current_release()
    known = json.dumps({"name": release.name, "files": dict(release.files)})
    response = HttpResponse(
        f"const RELEASE = {known};\n{WORKER.read_text()}", content_type="text/javascript"
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """The web manifest, in the language of whoever asks."""
    icon = f"{STATIC_URL}tablet/icons/"
    response = JsonResponse(
        {
            "id": "/tablet/",
            "name": _("Onboard – ambulance tablet"),
            "short_name": _("Onboard"),
            "lang": get_language(),
            "start_url": "/tablet/",
            "scope": "/tablet/",
            "display": "standalone",
            "orientation": "any",
            "background_color": "#0c1117",
            "theme_color": "#121922",
            "icons": [
                {"src": f"{STATIC_URL}shared/mark.svg", "sizes": "any", "type": "image/svg+xml"},
                *(
                    {"src": f"{icon}{name}.png", "sizes": size, "type": "image/png",
                     "purpose": purpose}
                    for name, size, purpose in (
                        ("any-192", "192x192", "any"),
                        ("any-512", "512x512", "any"),
                        ("maskable-512", "512x512", "maskable"),
                    )
                ),
            ],
        },
        content_type="application/manifest+json",
    )  # fmt: skip
    response["Cache-Control"] = "no-cache"
    return response


def tablet(request: HttpRequest) -> HttpResponse:
    """The crew's screen; it says of which version it is, for the worker."""
    release = current_release().name
    response = screen(
        "tablet/mission.html", Role.PARAMEDIC, script="tablet/tablet.js", release=release
    )(request)
    response["X-Release"] = release
    return response
