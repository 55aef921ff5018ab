"""Where an incident's hub is: the process from the incident, the host from the setting or page."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from ehr_prehospital.video.rules import shard_of


def hub_address(incident_id: UUID, *, host: str, secure: bool) -> str:
    """`wss://media1.example` or `ws://127.0.0.1:8003`, without a slash at its end.

    `host` is the name by which the asker reached us, its port is not used.
    """
    shard = shard_of(incident_id, settings.HUB_PROCESSES)
    if settings.HUB_URL:
        return settings.HUB_URL.replace("{shard}", str(shard))
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return f"{'wss' if secure else 'ws'}://{name}:{settings.HUB_PORT + shard}"


def is_served_here(incident_id: UUID) -> bool:
    """A process that was told no number serves all: a small installation, a test."""
    here = settings.HUB_SHARD
    return here is None or here == shard_of(incident_id, settings.HUB_PROCESSES)
