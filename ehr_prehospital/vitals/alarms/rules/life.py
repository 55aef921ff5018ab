"""The life of an alarm: raised, acknowledged by a name, escalated when nobody reacts, ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ehr_prehospital.vitals.alarms.rules.settings import Priority, Settings


class State(StrEnum):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    ENDED = "ended"


class Step(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    REARM = "rearm"
    END = "end"


TRANSITIONS: dict[State, dict[Step, State]] = {
    State.RAISED: {
        Step.ACKNOWLEDGE: State.ACKNOWLEDGED,
        Step.ESCALATE: State.ESCALATED,
        Step.END: State.ENDED,
    },
    State.ACKNOWLEDGED: {Step.REARM: State.RAISED, Step.END: State.ENDED},
    State.ESCALATED: {Step.ACKNOWLEDGE: State.ACKNOWLEDGED, Step.END: State.ENDED},
    # A high alarm that ended before anybody saw it is still seen by a name.
    State.ENDED: {Step.ACKNOWLEDGE: State.ENDED},
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An open alarm as the rules see it. `gone_since` is None while its condition holds."""

    state: State
    priority: Priority
    sounding_since: datetime
    rearm_at: datetime | None
    gone_since: datetime | None


def due(alarm: Standing, settings: Settings, *, now: datetime) -> Step | None:
    """What the watch must do with this alarm now."""
    clear = timedelta(seconds=settings.signal.clear_after_s)
    if alarm.gone_since is not None and now - alarm.gone_since >= clear:
        return Step.END
    if alarm.state is State.ACKNOWLEDGED:
        return Step.REARM if alarm.rearm_at and now >= alarm.rearm_at else None
    after_s = settings.escalate_after_s[alarm.priority]
    waited = now - alarm.sounding_since >= timedelta(seconds=after_s)
    return Step.ESCALATE if alarm.state is State.RAISED and after_s > 0 and waited else None
