"""Whose matter a journal row is: nobody reads of the work of another organisation.

The journal is one for the whole platform, because one chain in one order is what makes
it evidence. What a person is shown of it is chosen here, row by row.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet

from dispatch.calls.models import Call, Incident
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.models import Entry
from dispatch.people.models import Organisation, User

PAGE = 200
# So far back rows are looked for; a centre that was silent for longer is shown fewer.
MOST_READ = 5000
Owners = dict[UUID, UUID | None]


def newest_own_rows(user: User, *, among: QuerySet[Entry], limit: int) -> list[Entry]:
    """The newest of these rows that are this person's organisation's matter, newest first."""
    found: list[Entry] = []
    for page in _pages_backwards(among.order_by("-id")):
        found += own_rows(user, page)
        if len(found) >= limit:
            break
    return found[:limit]


def own_rows(user: User, rows: Sequence[Entry]) -> list[Entry]:
    """Those of the rows that are this person's organisation's matter, in their order.

    A centre's, and its stations': by what the row tells of, else by who acted. A
    hospital's: what names the hospital, or was done by its people.
    """
    own = user.organisation
    if own is None:
        return []
    if own.kind == Organisation.Kind.HOSPITAL:
        staff = {pk for pk, one in _actors(rows).items() if one.organisation_id == own.pk}
        return [
            row for row in rows if row.actor_id in staff or row.refs.get("hospital") == str(own.pk)
        ]
    centre = own.parent_id or own.pk
    owners = _owners(rows)
    return [row for row in rows if owners[row.pk] == centre]


def _owners(rows: Sequence[Entry]) -> dict[int, UUID | None]:
    """The centre whose matter each row is."""
    owners: dict[int, UUID | None] = {}
    for subject, centres_of in _SUBJECTS:
        named = {row.pk: UUID(row.refs[subject]) for row in rows if subject in row.refs}
        open_ = {pk: one for pk, one in named.items() if pk not in owners}
        centres = centres_of(set(open_.values())) if open_ else {}
        owners |= {pk: centres.get(one) for pk, one in open_.items()}
    rest = [row for row in rows if row.pk not in owners]
    actors = _actors(rest)
    for row in rest:
        actor = actors.get(row.actor_id) if row.actor_id else None
        centre = actor.centre if actor else None
        owners[row.pk] = centre.pk if centre else None
    return owners


def _actors(rows: Sequence[Entry]) -> dict[UUID, User]:
    ids = {row.actor_id for row in rows if row.actor_id}
    return User.objects.select_related("organisation__parent").in_bulk(ids) if ids else {}


def _pages_backwards(rows: QuerySet[Entry]) -> Iterator[list[Entry]]:
    page = list(rows[:PAGE])
    for _ in range(MOST_READ // PAGE):
        if not page:
            return
        yield page
        page = list(rows.filter(id__lt=page[-1].pk)[:PAGE])


def _centres_of_incidents(ids: Collection[UUID]) -> Owners:
    return dict(Incident.objects.filter(pk__in=ids).values_list("pk", "centre"))


def _centres_of_missions(ids: Collection[UUID]) -> Owners:
    return dict(Mission.objects.filter(pk__in=ids).values_list("pk", "incident__centre"))


def _centres_of_calls(ids: Collection[UUID]) -> Owners:
    return dict(Call.objects.filter(pk__in=ids).values_list("pk", "centre"))


def _centres_of_units(ids: Collection[UUID]) -> Owners:
    return dict(Ambulance.objects.filter(pk__in=ids).values_list("pk", "station__parent"))


def _themselves(ids: Collection[UUID]) -> Owners:
    return {pk: pk for pk in ids}


# The first of these that a row names says whose it is. The incident before the unit: a
# neighbour's ambulance that helps out works on a matter of the incident's centre.
_SUBJECTS: tuple[tuple[str, Callable[[Collection[UUID]], Owners]], ...] = (
    ("incident", _centres_of_incidents),
    ("mission", _centres_of_missions),
    ("call", _centres_of_calls),
    ("unit", _centres_of_units),
    ("centre", _themselves),
)
