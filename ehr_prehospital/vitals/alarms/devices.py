"""The states that devices tell of themselves: leads off, probe off, low battery."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from dispatch.uplink.takers import TelemetryFrame
from ehr_prehospital.vitals.live import publish_devices, stamp
from ehr_prehospital.vitals.queries import missions_of

# Part of a device's name → the sensor that the monitor shows. Names are the drivers' own.
SENSORS = {
    "ecg": "ecg",
    "spo2": "spo2",
    "nibp": "nibp",
    "temp": "temperature",
    "co2": "etco2",
    "resp": "respiratory_rate",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One device's state, as the vehicle's clock dates it."""

    device: str
    state: str
    since: datetime


def sensor_of(device: str) -> str:
    """The sensor that a device is, its own name when it is none that a patient wears."""
    return next((sensor for part, sensor in SENSORS.items() if part in device.lower()), device)


def shown_device(told: Told) -> dict[str, str]:
    """A device's state as the page gets it."""
    return {
        "sensor": sensor_of(told.device),
        "state": told.state,
        "since": stamp(told.since),
    }


# What this process has kept already. A vehicle tells its devices' states every second, and
# `since` moves whenever one changes.
_kept: dict[tuple[UUID, str], Told] = {}


def take_devices(frames: Sequence[TelemetryFrame], now: datetime) -> None:
    """Keep the newest state of each device, and show it where it changed, after the commit.

    Joins the uplink's transaction: one statement a batch, which writes only what is new.
    """
    newest: dict[tuple[UUID, str], Told] = {}
    for frame in frames:
        for told in frame.body.devices:
            key = (frame.ambulance_id, told.device)
            if key not in newest or told.since >= newest[key].since:
                newest[key] = Told(told.device, told.state, told.since)
    newest = {key: told for key, told in newest.items() if _kept.get(key) != told}
    if not newest:
        return
    with transaction.atomic():
        changed = _keep(newest, now=now)
        transaction.on_commit(lambda: _kept.update(newest))
        if not changed:
            return
        missions = missions_of(ambulance_ids={key[0] for key in changed}, since=now)
        shown: dict[UUID, list[dict[str, str]]] = {}
        for key in changed:
            if mission_id := missions.at(key[0], now):
                shown.setdefault(mission_id, []).append(shown_device(newest[key]))
        transaction.on_commit(lambda: publish_devices(shown), robust=True)


def _keep(newest: dict[tuple[UUID, str], Told], *, now: datetime) -> list[tuple[UUID, str]]:
    rows = sorted(newest.items(), key=lambda pair: (str(pair[0][0]), pair[0][1]))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ehr_prehospital_devicestatus AS kept"
            " (ambulance_id, device, state, since, recorded_at)"
            " SELECT *, %s::timestamptz FROM unnest(%s::uuid[], %s::text[], %s::text[],"
            " %s::timestamptz[])"
            " ON CONFLICT (ambulance_id, device) DO UPDATE"
            " SET state = excluded.state, since = excluded.since,"
            "  recorded_at = excluded.recorded_at"
            # The same state, but since later, counts too: what came in between may come after it.
            " WHERE kept.since < excluded.since"
            "  OR (kept.since = excluded.since AND kept.state <> excluded.state)"
            " RETURNING ambulance_id, device",
            [
                now,
                [key[0] for key, _told in rows],
                [key[1] for key, _told in rows],
                [told.state for _key, told in rows],
                [told.since for _key, told in rows],
            ],
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]
