"""Web and media processes on a test's database, and pages that are signed in without a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from subprocess import Popen
from typing import TYPE_CHECKING, TypeVar

from django.db import connections

from tests.running import answers, free_port, process
from tests.signed_in import signed_in
from tests.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from dispatch.people.models import User


Found = TypeVar("Found")


def beside(ask: Callable[[], Found]) -> Found:
    """Ask the database in a thread: Playwright keeps an event loop in the test's own."""

    def asked() -> Found:
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asked).result()


def session_of(user: User) -> str:
    return str(signed_in(user)["session"].session_key)


@dataclass
class LivePlatform:
    web: int
    media: int
    _stack: ExitStack
    hub: Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web}"

    def sign_in(self, context: BrowserContext, user: User) -> None:
        cookie = {"name": "sessionid", "value": beside(partial(session_of, user)), "url": self.url}
        context.add_cookies([cookie])  # type: ignore[list-item]

    def kill_hub(self) -> None:
        self.hub.kill()
        self.hub.wait()

    def start_hub(self) -> None:
        self.hub = self._stack.enter_context(_daphne("media", self.media, self.media))
        wait_until(lambda: answers(self.media), timeout_s=60, what="the hub answers")


def _daphne(name: str, port: int, media: int) -> AbstractContextManager[Popen[bytes]]:
    return process(
        *("-m", "daphne", "--bind", "127.0.0.1", "--port", str(port)),
        *("--verbosity", "0", "--application-close-timeout", "1"),
        *("--websocket_connect_timeout", "20"),
        f"config.asgi:{name}",
        ONBOARD_MEDIA_PORT=str(media),
    )


@contextmanager
def hub_on(port: int) -> Iterator[Popen[bytes]]:
    """A media process that knows its own port, as it has to say where it is."""
    with _daphne("media", port, port) as child:
        wait_until(lambda: answers(port), timeout_s=60, what="the hub answers")
        yield child


@contextmanager
def live_platform() -> Iterator[LivePlatform]:
    web, media = free_port(), free_port()
    with ExitStack() as stack:
        hub = stack.enter_context(_daphne("media", media, media))
        stack.enter_context(_daphne("web", web, media))
        wait_until(
            lambda: answers(web) and answers(media), timeout_s=60, what="web and media answer"
        )
        yield LivePlatform(web, media, stack, hub)
