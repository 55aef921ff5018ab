"""Live positions and estimates by payload: at most once, for screens that look now.

A lost message heals with the next one a second later; nothing here is history.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from dispatch.bulk import run
from dispatch.fleet.models import Fix, Mission


def group_of(centre_id: UUID) -> str:
    """The channel group of everyone who watches this centre's vehicles."""
    return f"fleet.{centre_id}"


def publish_positions(fixes: Iterable[Fix]) -> None:
    """Send believed positions to the screens of each centre, one message a centre."""
    rows = {fix.ambulance_id: fix for fix in fixes}
    if not rows:
        return
    centres: dict[UUID, list[Fix]] = {}
    homes = run(
        "SELECT unit.id, station.parent_id FROM dispatch_ambulance unit"
        " JOIN dispatch_organisation station ON station.id = unit.station_id"
        " WHERE unit.id = ANY(%s) AND station.parent_id IS NOT NULL",
        [list(rows)],
    )
    for unit_id, centre_id in homes:
        centres.setdefault(centre_id, []).append(rows[unit_id])
    for centre_id, moved in centres.items():
        _send(
            centre_id,
            {
                "t": "positions",
                "fixes": [
                    [
                        str(fix.ambulance_id),
                        round(fix.lat, 6),
                        round(fix.lon, 6),
                        fix.heading_deg,
                        fix.speed_mps,
                        fix.fix_at.isoformat(),
                    ]
                    for fix in moved
                ],
            },
        )


def publish_eta(mission: Mission, *, now: datetime) -> None:
    """Send a mission's new estimate to the screens of its centre."""
    _send(
        mission.incident.centre_id,
        {
            "t": "eta",
            "mission_id": str(mission.pk),
            "unit_id": str(mission.ambulance_id),
            "eta_s": mission.eta_s,
            "low_s": mission.eta_low_s,
            "high_s": mission.eta_high_s,
            "computed_at": now.isoformat(),
            "note": mission.eta_note,
        },
    )


def _send(centre_id: UUID, payload: dict[str, object]) -> None:
    layer = get_channel_layer()
    if layer is not None:
        async_to_sync(layer.group_send)(
            group_of(centre_id), {"type": "live.payload", "payload": payload}
        )
