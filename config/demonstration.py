"""What the demonstration needs before it starts: a city, and people and vehicles in it.

The steps are management commands of their own; here is only when each is needed.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import call_command

from config.city_wanted import bring_city
from config.env import Environment
from config.guardian import Guardian


def prepare(environment: Environment, guardian: Guardian, say: Callable[[str], None]) -> None:
    """Make the city once (again when the operator names another), then people and vehicles."""
    bring_city(environment, guardian, say, demo=True)
    call_command("seed_demo")  # at every start, so in this process: another takes 2 s longer
