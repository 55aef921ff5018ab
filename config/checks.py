"""System checks: what must be true of this machine before a call may be taken.

Those that need the database run with `manage.py check --database default`; `up` runs all.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from dispatch.decision.policy_file import BadPolicy, read_policy
from dispatch.people.models import Organisation

_RELEASED = datetime(2025, 1, 1, tzinfo=UTC)
_DRIFT = timedelta(seconds=2)


@register(Tags.security)
def secret_key_is_private(**_: object) -> list[CheckMessage]:
    """The key signs the sessions: whoever reads it is any dispatcher he likes."""
    path = Path(settings.STATE_DIR) / "secret_key"
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        hint = f"chmod 600 {path}"
        return [Error("Other users can read the secret key.", hint=hint, id="onboard.E001")]
    return []


@register()
def policy_can_be_used(**_: object) -> list[CheckMessage]:
    """A misspelt policy must stop the start, not the first recommendation."""
    try:
        read_policy(settings.POLICY_FILE)
    except BadPolicy as wrong:
        hint = "Correct the file that ONBOARD_POLICY names."
        return [Error(str(wrong), hint=hint, id="onboard.E012")]
    return []


@register()
def clock_is_set(**_: object) -> list[CheckMessage]:
    """Every time on a record is evidence; a board without a battery starts in 1970."""
    if timezone.now() < _RELEASED:
        hint = "Set the clock and start a time service (NTP)."
        return [Error("The machine's clock is wrong.", hint=hint, id="onboard.E002")]
    return []


@register()
def map_is_imported(**_: object) -> list[CheckMessage]:
    """Without a city there is neither a road time nor a map."""
    if any((Path(settings.STATE_DIR) / "city").glob("*")):
        return []
    hint = "python manage.py import_city FILE.osm.pbf (make run imports a demonstration city)"
    return [Caution("No city has been imported.", hint=hint, id="onboard.W003")]


@register(Tags.database)
def clocks_agree(*, databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """Times are taken here and compared in the database."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            before = timezone.now()
            cursor.execute("select clock_timestamp()")
            (theirs,) = cursor.fetchone()
            after = timezone.now()
        if not before - _DRIFT < theirs < after + _DRIFT:
            hint = "Run a time service (NTP) on both machines."
            text = f"The database's clock is {abs(theirs - after).total_seconds():.0f} s off."
            messages.append(Error(text, hint=hint, id="onboard.E004"))
    return messages


@register(Tags.database)
def trigrams_know_chinese(
    *, databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    """In a database with a C locale pg_trgm finds nothing in Chinese, silently."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("select 1 from pg_extension where extname = 'pg_trgm'")
            if cursor.fetchone() is None:
                continue  # the migrations that bring it have not run; the next check says so
            cursor.execute("select show_trgm('南京市')")
            (trigrams,) = cursor.fetchone()
        if not trigrams:
            hint = "Create the database with ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C.UTF-8'."
            text = "This database's locale cannot search Chinese addresses."
            messages.append(Error(text, hint=hint, id="onboard.E005"))
    return messages


@register(Tags.database)
def waiting_points_exist(
    *, databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    """A compliance table that names an unknown point would propose nothing, silently."""
    rule = read_policy(settings.POLICY_FILE).relocation
    named = {code for row in rule.table.values() for code in row}
    missing = named - {point.code for point in rule.points}
    messages: list[CheckMessage] = []
    for alias in databases or ():
        tables = connections[alias].introspection.table_names()
        if not missing or "dispatch_organisation" not in tables:
            continue
        stations = Organisation.objects.using(alias).filter(
            kind=Organisation.Kind.STATION, active=True
        )
        unknown = sorted(missing - set(stations.values_list("code", flat=True)))
        if unknown:
            text = f"relocation.table of the policy names unknown points: {', '.join(unknown)}."
            hint = "Use codes of stations or of [[relocation.points]]."
            messages.append(Caution(text, hint=hint, id="onboard.W013"))
    return messages


@register(Tags.database)
def migrations_are_applied(
    *, databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    """Old code on a new schema works by design; new code on an old schema does not."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        executor = MigrationExecutor(connections[alias])
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            names = ", ".join(str(migration) for migration, _ in missing[:3])
            text = f"{len(missing)} migrations are not applied ({names} …)."
            hint = "python manage.py migrate"
            messages.append(Caution(text, hint=hint, id="onboard.W006"))
    return messages
