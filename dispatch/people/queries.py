"""Who works where, and who is still signed in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session

from dispatch.people.models import Organisation, User


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser's session and whose it was when a socket opened."""

    session_key: str
    user_id: UUID
    # Django's mark of the password: changing it ends every session of that person.
    password_mark: str


def people_behind(sign_ins: Collection[SignIn], *, now: datetime) -> dict[SignIn, User]:
    """The person as they are now, for each of these that still holds: two reads for any number.

    Gone are those whose session was ended or has run out, who may no longer sign in, or
    whose password was changed.
    """
    sessions = set(
        Session.objects.filter(
            pk__in={one.session_key for one in sign_ins}, expire_date__gt=now
        ).values_list("pk", flat=True)
    )
    people = (
        User.objects.filter(is_active=True)
        .select_related("organisation__parent")
        .in_bulk({one.user_id for one in sign_ins if one.session_key in sessions})
    )
    marks = {pk: person.get_session_auth_hash() for pk, person in people.items()}
    return {
        one: people[one.user_id]
        for one in sign_ins
        if one.session_key in sessions and marks.get(one.user_id) == one.password_mark
    }


def the_centre() -> Organisation | None:
    """The first dispatch centre: calls that arrive with no centre go there."""
    return (
        Organisation.objects.filter(kind=Organisation.Kind.DISPATCH_CENTRE, active=True)
        .order_by("code")
        .first()
    )
