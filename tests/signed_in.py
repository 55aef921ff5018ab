"""What the socket middleware puts into a connection's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dispatch.people.models import User


# Any: a scope holds what its middleware puts there.
def signed_in(user: User | None) -> dict[str, Any]:
    """The scope of somebody who has just signed in, with a session of their own."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    if user is None:
        return {"user": AnonymousUser(), "session": session}
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"user": user, "session": session}
