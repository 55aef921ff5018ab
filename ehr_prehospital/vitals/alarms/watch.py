"""The watch at every bedside: reads what was stored, judges it, keeps alarms, shows scores.

Its own loop, beside the uplink and never in its way: an acknowledgement waits for nobody here.
What it needs of the record is handed in, because the record lies above vital signs.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from dispatch.fleet.models import Mission
from ehr_prehospital.vitals.alarms.actions import end_all, follow
from ehr_prehospital.vitals.alarms.assessing import Assessment, assess
from ehr_prehospital.vitals.alarms.models import Alarm
from ehr_prehospital.vitals.alarms.queries import (
    device_states,
    new_numbers,
    new_strips,
    open_alarms,
    watched_missions,
)
from ehr_prehospital.vitals.alarms.rules.conditions import conditions
from ehr_prehospital.vitals.alarms.rules.settings import Settings
from ehr_prehospital.vitals.alarms.stream import Stream
from ehr_prehospital.vitals.scores.inputs import Findings

FINDINGS_EVERY_S = 2.0


class ReadsFindings(Protocol):
    def __call__(
        self, mission_ids: Collection[UUID], *, now: datetime
    ) -> Mapping[UUID, Findings]: ...


Show = Callable[[Mapping[UUID, Assessment]], None]


@dataclass(slots=True)
class Watch:
    """One process of it is enough; two harm nobody, the database refuses double alarms."""

    settings: Settings
    read_findings: ReadsFindings
    show: Show
    _streams: dict[UUID, Stream] = field(default_factory=dict)
    _cursors: dict[tuple[UUID, str], datetime] = field(default_factory=dict)
    _shown_at: datetime | None = None

    def look(self, *, now: datetime) -> int:
        """One round over all patients; returns how many alarms changed."""
        missions = {mission.pk: mission for mission in watched_missions()}
        self._forget(missions)
        for mission in missions.values():
            self._streams.setdefault(mission.pk, Stream(started_at=now))
        self._read(missions, now=now)
        return self._judge(missions, now=now)

    def _forget(self, missions: Mapping[UUID, Mission]) -> None:
        for mission_id in self._streams.keys() - missions.keys():
            del self._streams[mission_id]
        self._cursors = {key: at for key, at in self._cursors.items() if key[0] in missions}

    def _read(self, missions: Mapping[UUID, Mission], *, now: datetime) -> None:
        if not missions:
            return
        for mission_id, recorded_at, number in new_numbers(missions, self._cursors, now=now):
            self._streams[mission_id].take_number(number, recorded_at)
            self._cursors[mission_id, number.code] = number.measured_at
        for mission_id, recorded_at, strip in new_strips(missions, self._cursors, now=now):
            self._streams[mission_id].take_strip(strip, recorded_at)
            self._cursors[mission_id, strip.lead] = strip.started_at
        states = device_states({mission.ambulance_id for mission in missions.values()})
        for mission in missions.values():
            self._streams[mission.pk].hear_devices(states.get(mission.ambulance_id, {}))

    def _judge(self, missions: Mapping[UUID, Mission], *, now: datetime) -> int:
        showing = (
            self._shown_at is None or (now - self._shown_at).total_seconds() >= FINDINGS_EVERY_S
        )
        if showing and missions:
            for mission_id, findings in self.read_findings(list(missions), now=now).items():
                self._streams[mission_id].findings = findings
        standing: dict[UUID, list[Alarm]] = {}
        for alarm in open_alarms():
            standing.setdefault(alarm.mission_id, []).append(alarm)
        changed = 0
        assessed: dict[UUID, Assessment] = {}
        for mission_id, mission in missions.items():
            bedside = self._streams[mission_id].bedside(now=now)
            changed += follow(
                mission=mission,
                standing=standing.pop(mission_id, []),
                holding=conditions(bedside, self.settings),
                heard=self._streams[mission_id].heard_at is not None,
                settings=self.settings,
                now=now,
            )
            if showing:
                assessed[mission_id] = assess(bedside, self.settings)
        for alarms in standing.values():
            end_all(alarms, now=now)
            changed += len(alarms)
        if showing:
            self._shown_at = now
            self.show(assessed)
        return changed
