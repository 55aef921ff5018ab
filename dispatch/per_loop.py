"""One of a kind for each event loop: tasks and queues belong to the loop that runs them."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Forgets what belonged to a loop that is closed."""

    def __init__(self) -> None:
        self._of: dict[asyncio.AbstractEventLoop, T] = {}

    def get(self, make: Callable[[], T]) -> T:
        """The one of the running loop, made when it is first asked for."""
        loop = asyncio.get_running_loop()
        if loop not in self._of:
            self._of = {one: kept for one, kept in self._of.items() if not one.is_closed()}
            self._of[loop] = make()
        return self._of[loop]
