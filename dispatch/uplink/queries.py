"""The order that a vehicle must have: its open mission with the way to go."""

from collections.abc import Collection
from uuid import UUID

from ambulance_agent.protocol import MissionState, Order, Point
from dispatch.decision.queries import way
from dispatch.fleet.models import Ambulance, Mission

# More points than a vehicle's map needs would only fill the link.
MOST_POINTS = 9_000


def open_mission(ambulance_id: UUID) -> Mission | None:
    """What this vehicle is on now, None when it is free."""
    return (
        Mission.objects.filter(ambulance_id=ambulance_id, open=True)
        .select_related("incident", "destination", "ambulance__fix")
        .first()
    )


# What of its mission a vehicle must be told anew when it changes; empty while it is free.
Standing = tuple[object, ...]
FREE: Standing = ()


def standing_of(mission: Mission | None) -> Standing:
    """Before the first fix there is no way to show, hence the last part."""
    if mission is None:
        return FREE
    return (
        mission.pk,
        mission.state,
        mission.destination_id,
        hasattr(mission.ambulance, "fix"),
    )


def standings(ambulance_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Of many vehicles at once; agrees with `standing_of`."""
    rows = Mission.objects.filter(ambulance_id__in=ambulance_ids, open=True).values_list(
        "ambulance_id", "pk", "state", "destination_id", "ambulance__fix__fix_at"
    )
    found: dict[UUID, Standing] = dict.fromkeys(ambulance_ids, FREE)
    found |= {vehicle: (pk, state, to, fix is not None) for vehicle, pk, state, to, fix in rows}
    return found


def order_of(mission: Mission) -> Order:
    """The mission as its vehicle must know it, with the road from where it is."""
    path = way(mission)
    incident, destination = mission.incident, mission.destination
    return Order(
        mission_id=mission.pk,
        number=mission.number,
        state=MissionState(mission.state),
        priority=incident.priority,
        complaint=incident.complaint,
        scene=Point(lat=incident.lat, lon=incident.lon, label=incident.place_label),
        destination=(
            Point(lat=destination.lat, lon=destination.lon, label=destination.name_en)
            if destination and destination.lat is not None and destination.lon is not None
            else None
        ),
        route=path.points[:MOST_POINTS] if path else [],
        route_s=path.cumulative_s[:MOST_POINTS] if path else [],
    )


def vehicle_with(*, ambulance_id: UUID, token: str) -> Ambulance | None:
    """The vehicle if it is who it says, else None."""
    ambulance = Ambulance.objects.filter(pk=ambulance_id).first()
    return ambulance if ambulance and ambulance.accepts(token) else None


def last_ended(ambulance_id: UUID) -> Mission | None:
    return (
        Mission.objects.filter(ambulance_id=ambulance_id, open=False).order_by("-ended_at").first()
    )
