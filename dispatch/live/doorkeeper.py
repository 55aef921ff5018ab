"""The doorkeeper of a process: who of those with an open socket is still signed in.

A socket is judged when it opens, and lives for a shift. So each asks again with every beat,
and the doorkeeper reads for all sockets of its event loop at once, at most once a second:
hundreds of them cost two small reads.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from channels.db import database_sync_to_async
from django.utils import timezone

from dispatch.people.models import User
from dispatch.people.queries import SignIn, people_behind
from dispatch.per_loop import PerLoop

EVERY_S = 1.0
# Closing codes of our own range (RFC 6455, 7.4.2).
CLOSE_NOT_SIGNED_IN = 4401
CLOSE_NOT_ALLOWED = 4403


class Doorkeeper:
    """Of one event loop. A socket that was let in must be seen out."""

    def __init__(self) -> None:
        self._inside: Counter[SignIn] = Counter()
        self._people: dict[SignIn, User] = {}
        self._asked_at = asyncio.get_running_loop().time()
        self._asking = asyncio.Lock()

    # Any: the scope of an ASGI connection holds what its middleware puts there.
    async def let_in(self, scope: Mapping[str, Any]) -> tuple[SignIn, User] | None:
        """The person behind a new socket, None when nobody is signed in."""
        user, session = scope.get("user"), scope.get("session")
        if not isinstance(user, User) or session is None or not session.session_key:
            return None
        return await self.let_in_as(
            SignIn(session.session_key, user.pk, user.get_session_auth_hash())
        )

    async def let_in_as(self, sign_in: SignIn) -> tuple[SignIn, User] | None:
        """The same for whoever proved their sign-in in another way."""
        person = (await self._ask({sign_in})).get(sign_in)
        if person is None:
            return None
        self._inside[sign_in] += 1
        self._people[sign_in] = person
        return sign_in, person

    def see_out(self, sign_in: SignIn) -> None:
        self._inside[sign_in] -= 1
        if not self._inside[sign_in]:
            del self._inside[sign_in]
            self._people.pop(sign_in, None)

    async def person(self, sign_in: SignIn) -> User | None:
        """As they were at most a second ago; None when they are no longer signed in."""
        loop = asyncio.get_running_loop()
        async with self._asking:
            if loop.time() - self._asked_at >= EVERY_S:
                asked = set(self._inside)
                found = await self._ask(asked)
                # Who came in meanwhile was not asked for, and is known from the door.
                came = {one: who for one, who in self._people.items() if one not in asked}
                self._people, self._asked_at = found | came, loop.time()
        return self._people.get(sign_in)

    async def _ask(self, sign_ins: set[SignIn]) -> dict[SignIn, User]:
        def ask() -> dict[SignIn, User]:
            return people_behind(sign_ins, now=timezone.now())

        return await database_sync_to_async(ask)()


_doorkeepers = PerLoop[Doorkeeper]()


def doorkeeper() -> Doorkeeper:
    """The doorkeeper of the running loop."""
    return _doorkeepers.get(Doorkeeper)
