"""An alarm and an assessment as JSON: the same on the boards, the sockets and in the API."""

from decimal import Decimal

from dispatch.people.models import User
from ehr_prehospital.vitals.alarms.assessing import Assessment
from ehr_prehospital.vitals.alarms.models import Alarm
from ehr_prehospital.vitals.live import stamp
from ehr_prehospital.vitals.scores.rules import Result

Plain = str | float | bool | None


def alarm_item(row: Alarm) -> dict[str, Plain | dict[str, str]]:
    return {
        "id": str(row.pk),
        "mission_id": str(row.mission_id),
        "code": row.code,
        "priority": row.priority,
        "state": row.state,
        "vital": row.vital,
        "value": row.value,
        "limit": row.limit,
        "began_at": stamp(row.began_at),
        "raised_at": stamp(row.raised_at),
        "sounding_since": stamp(row.sounding_since),
        "acknowledged_at": stamp(row.acknowledged_at) if row.acknowledged_at else None,
        "acknowledged_by": _names(row.acknowledged_by),
        "rearm_at": stamp(row.rearm_at) if row.rearm_at else None,
        "escalated_at": stamp(row.escalated_at) if row.escalated_at else None,
        "ended_at": stamp(row.ended_at) if row.ended_at else None,
    }


def _names(of: User | None) -> dict[str, str] | None:
    return {"name_en": of.name_en, "name_zh": of.name_zh} if of else None


def assessment_item(of: Assessment) -> dict[str, object]:
    """As the monitor gets it; `poor` says of a vital why its newest value must not be shown."""
    return {
        "group": of.group,
        "age_known": of.age_known,
        "limits": {code: [limit.low, limit.high] for code, limit in of.limits.items()},
        "poor": dict(of.poor),
        "scores": [score_item(result) for result in of.scores],
    }


def score_item(of: Result) -> dict[str, object]:
    return {
        "score": of.score,
        "version": of.version,
        "state": of.state,
        "value": _number(of.value),
        "grade": of.grade,
        "missing": list(of.missing),
        "not_testable": list(of.not_testable),
        "parts": [[part.item, part.value, part.points] for part in of.parts],
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
