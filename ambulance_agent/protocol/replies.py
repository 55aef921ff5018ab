"""What the dispatch centre sends to a vehicle.

Welcome answers Hello; Ack follows a durable commit; Order comes on connecting
and at every change of the mission; Refused is followed by a close.
"""

from itertools import pairwise
from math import isfinite
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from ambulance_agent.protocol.codes import MissionState, RefusalCode
from ambulance_agent.protocol.frames import Instant, Latitude, Longitude, Name, Sequence


class Welcome(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="welcome"
):
    """`acknowledged`: every frame of the Hello's epoch up to and including it is stored.

    None when the centre knows none, or does not want to say: acks come anyway.
    """

    server_time: Instant
    vehicle: Name
    acknowledged: Sequence | None = None


class Ack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="ack"):
    """Stored for ever, duplicates included. `parked` ones are stored but not understood."""

    epoch: UUID
    sequences: Annotated[list[Sequence], Meta(max_length=10_000)] = []
    parked: Annotated[list[Sequence], Meta(max_length=10_000)] = []


class Point(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    lat: Latitude
    lon: Longitude
    label: Annotated[str, Meta(max_length=400)] = ""


class Order(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="order"
):
    """The mission as it stands. `route` leads to the destination once on board, else to the scene.

    `route` is [lon, lat] pairs from the vehicle, `route_s` the seconds from the start
    to each of them. Both empty when no road path is known.
    """

    mission_id: UUID
    number: Name
    state: MissionState
    priority: Annotated[int, Meta(ge=1, le=5)]
    complaint: Annotated[str, Meta(max_length=64)]
    scene: Point
    destination: Point | None = None
    route: Annotated[list[tuple[Longitude, Latitude]], Meta(max_length=10_000)] = []
    route_s: Annotated[list[Annotated[float, Meta(ge=0, le=1e6)]], Meta(max_length=10_000)] = []

    def __post_init__(self) -> None:
        if len(self.route) != len(self.route_s):
            raise ValueError("route and route_s have different lengths")
        if not all(isfinite(value) for pair in self.route for value in pair):
            raise ValueError("a route must be finite")
        if any(not late >= early for early, late in pairwise(self.route_s)):
            raise ValueError("route_s must not decrease")


class StandDown(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="stand_down"
):
    """The mission is over for this vehicle: cancelled, diverted or ended."""

    mission_id: UUID
    reason: Annotated[str, Meta(max_length=200)]


class Refused(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="refused"
):
    code: RefusalCode
    message: Annotated[str, Meta(max_length=400)]


FromServer = Welcome | Ack | Order | StandDown | Refused
