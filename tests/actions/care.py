"""What the clinical tests do again and again, said in one line each."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from dispatch.fleet.actions import record_fact
from dispatch.fleet.models import Mission, MissionFact
from dispatch.journal.models import Entry
from dispatch.people.models import Organisation, User
from ehr_prehospital.handover.actions import board
from ehr_prehospital.handover.models import Handover
from tests.town import NOW


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def say(mission: Mission, fact: str, at: datetime, actor: User | None = None) -> MissionFact:
    return record_fact(
        mission=mission,
        fact=fact,
        occurred_at=at,
        actor=actor,
        source="tablet",
        now=at,
        fact_id=uuid4(),
    )


def put_on_board(
    mission: Mission,
    hospital: Organisation,
    actor: User | None,
    *,
    at: datetime,
    fact_id: UUID | None = None,
) -> Handover:
    boarded = board(
        mission=mission,
        hospital=hospital,
        fact_id=fact_id or uuid4(),
        occurred_at=at,
        actor=actor,
        source="tablet",
        now=at,
    )
    assert boarded.handover is not None
    return boarded.handover


def kinds() -> list[str]:
    """The kinds of everything in the journal, oldest first."""
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def newest(kind: str) -> Entry:
    """The newest journal entry of a kind."""
    return Entry.objects.filter(kind=kind).latest("id")
