"""Who a vehicle is, and the order that it must have: its open mission with the way to go."""

from collections.abc import Collection, Mapping
from uuid import UUID

from ambulance_agent.protocol import MissionState, Order, Point, StandDown
from dispatch.bulk import run
from dispatch.decision.queries import way
from dispatch.fleet.models import Ambulance, Mission

# More points than a vehicle's map needs would only fill the link.
MOST_POINTS = 9_000


# What of its mission a vehicle must be told anew when it changes; empty while it is free.
Standing = tuple[object, ...]
FREE: Standing = ()


def standing_of(mission: Mission) -> Standing:
    """Before the first fix there is no way to show, hence the last part."""
    return (
        mission.pk,
        mission.state,
        mission.destination_id,
        hasattr(mission.ambulance, "fix"),
    )


def standings(ambulance_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Of many vehicles at once; agrees with `standing_of`."""
    rows = run(
        "SELECT mission.ambulance_id, mission.id, state, destination_id, fix_at IS NOT NULL"
        " FROM dispatch_mission mission LEFT JOIN dispatch_fix USING (ambulance_id)"
        " WHERE mission.ambulance_id = ANY(%s) AND open",
        [list(ambulance_ids)],
    )
    found: dict[UUID, Standing] = dict.fromkeys(ambulance_ids, FREE)
    found |= {vehicle: tuple(standing) for vehicle, *standing in rows}
    return found


News = tuple[Standing, Order | StandDown | None]


def news(shown: Mapping[UUID, Standing | None]) -> dict[UUID, News]:
    """What these vehicles must be told who were shown something else, or nothing yet (None).

    A free one is told of its last mission's end also on connecting: that may have come while it
    was away.
    """
    missions = {
        mission.ambulance_id: mission
        for mission in Mission.objects.filter(ambulance_id__in=shown, open=True).select_related(
            "incident", "destination", "ambulance__fix"
        )
    }
    free = [vehicle for vehicle in shown if vehicle not in missions and shown[vehicle] != FREE]
    ended = (
        Mission.objects.filter(ambulance_id__in=free, open=False)
        .order_by("ambulance_id", "-ended_at")
        .distinct("ambulance_id")
        .values_list("ambulance_id", "pk", "state")
    )
    found: dict[UUID, News] = dict.fromkeys(free, (FREE, None))
    found |= {
        vehicle: (FREE, StandDown(mission_id=mission, reason=state))
        for vehicle, mission, state in ended
    }
    for vehicle, mission in missions.items():
        standing = standing_of(mission)
        if standing != shown[vehicle]:
            found[vehicle] = (standing, order_of(mission))
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
