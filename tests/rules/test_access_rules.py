"""Who sees what of a patient: the table, its time limits, and nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehr_prehospital.access.rules import TABLE, Case, Level, Relation, judge

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
OPEN = Case(mission_ended_at=None, incident_closed_at=None)
ROLES = [
    "dispatcher",
    "supervisor",
    "paramedic",
    "ed_staff",
    "remote_physician",
    "quality_reviewer",
    "administrator",
]


def granted(*, closes_at: datetime | None = None, opened_at: datetime = NOW) -> Case:
    return Case(
        mission_ended_at=None,
        incident_closed_at=None,
        grant_opened_at=opened_at,
        grant_closes_at=closes_at,
    )


@pytest.mark.parametrize(
    ("role", "relation", "case", "level"),
    [
        ("paramedic", Relation.CREW, OPEN, Level.CLINICAL),
        ("ed_staff", Relation.RECEIVING_HOSPITAL, granted(), Level.CLINICAL),
        ("dispatcher", Relation.OWN_CENTRE, OPEN, Level.OPERATIONAL),
        ("supervisor", Relation.OWN_CENTRE, OPEN, Level.OPERATIONAL),
        ("administrator", Relation.OWN_CENTRE, OPEN, Level.NONE),
        ("quality_reviewer", Relation.OWN_CENTRE, OPEN, Level.NONE),
        ("remote_physician", Relation.OWN_CENTRE, OPEN, Level.NONE),
        ("dispatcher", Relation.CREW, OPEN, Level.NONE),
        ("paramedic", Relation.OWN_CENTRE, OPEN, Level.NONE),
    ],
)
def test_a_role_sees_through_its_own_relation_only(
    role: str, relation: Relation, case: Case, level: Level
) -> None:
    assert judge(role=role, relations={relation}, case=case, now=NOW).level is level


def test_a_crew_keeps_sight_for_twelve_hours_and_not_a_second_longer() -> None:
    ended = Case(mission_ended_at=NOW, incident_closed_at=NOW)

    def level(after: timedelta) -> Level:
        return judge(role="paramedic", relations={Relation.CREW}, case=ended, now=NOW + after).level

    assert level(timedelta(hours=12) - timedelta(seconds=1)) is Level.CLINICAL
    assert level(timedelta(hours=12)) is Level.NONE


def test_a_hospital_sees_from_its_grant_until_it_closes() -> None:
    case = granted(closes_at=NOW + timedelta(hours=24))

    def level(after: timedelta) -> Level:
        return judge(
            role="ed_staff", relations={Relation.RECEIVING_HOSPITAL}, case=case, now=NOW + after
        ).level

    assert level(-timedelta(seconds=1)) is Level.NONE
    assert level(timedelta(0)) is Level.CLINICAL
    assert level(timedelta(hours=24)) is Level.NONE


def test_a_dispatcher_sees_open_incidents_only() -> None:
    closed = Case(mission_ended_at=NOW, incident_closed_at=NOW)

    judged = judge(role="dispatcher", relations={Relation.OWN_CENTRE}, case=closed, now=NOW)

    assert (judged.level, judged.reason) == (Level.NONE, "too_late")


moments = st.none() | st.integers(-400, 400).map(lambda hours: NOW + timedelta(hours=hours))


@settings(max_examples=50)
@given(
    role=st.sampled_from(ROLES),
    relations=st.frozensets(st.sampled_from(list(Relation))),
    ended=moments,
    closed=moments,
    opened=moments,
    closes=moments,
)
def test_nobody_sees_more_than_the_table_gives(
    role: str,
    relations: frozenset[Relation],
    ended: datetime | None,
    closed: datetime | None,
    opened: datetime | None,
    closes: datetime | None,
) -> None:
    judged = judge(
        role=role, relations=relations, case=Case(ended, closed, opened, closes), now=NOW
    )

    most = max(
        (TABLE.get((role, relation), Level.NONE) for relation in relations),
        key=lambda level: level.rank,
        default=Level.NONE,
    )
    assert judged.level.rank <= most.rank
    if judged.level is not Level.NONE:
        assert judged.relation in relations
