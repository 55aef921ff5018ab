"""Which management commands need a database, and that they have one when run on their own."""

from __future__ import annotations

from collections.abc import Sequence

from config import embedded, env

# These read and write files only, or bring their own servers.
_NEED_NO_SERVER = frozenset(
    {
        "check",
        "print_tables",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "help",
        "make_demo_city",
        "makemessages",
        "makemigrations",
        "spectacular",
        "story",
        "up",
        "version",
    }
)
_HELP = frozenset({"-h", "--help", "--version"})


def servers_for(arguments: Sequence[str]) -> None:
    """Attach to the running embedded servers, or start them for the life of this process."""
    command = next((word for word in arguments if not word.startswith("-")), "help")
    # `check --database default` looks into the database
    needs = command not in _NEED_NO_SERVER or "--database" in arguments
    if needs and _HELP.isdisjoint(arguments):
        environment = env.read()
        embedded.ensure_database(environment)
        embedded.ensure_channels(environment)
