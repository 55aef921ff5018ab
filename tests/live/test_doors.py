"""What each listening process serves: pages are the web's alone."""

from __future__ import annotations

from http.client import HTTPConnection

import pytest

from tests.running import served

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PAGES = (
    "/", "/login/", "/admin/login/", "/console/", "/journal/", "/api/me/", "/api/schema/",
    "/map/style.json", "/static/shared/tokens.css", "/health", "/health/more/",
)  # fmt: skip


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_processes_for_machines_have_no_pages_but_say_that_they_are_well() -> None:
    with served("uplink", "media") as ports:
        for port in ports.values():
            assert {path: get(port, path)[0] for path in PAGES} == dict.fromkeys(PAGES, 404)
            assert get(port, "/health/") == (200, b"ok\n")
