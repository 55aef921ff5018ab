"""Whatever order two tablets and the office write in, one history of versions holds all of it."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.fleet.models import Mission, Shift
from dispatch.people.models import User
from ehr_prehospital.record.actions import Draft, add_entries, close_version
from ehr_prehospital.record.content import read
from ehr_prehospital.record.models import RecordEntry, RecordVersion
from ehr_prehospital.record.queries import broken_version, record_of
from ehr_prehospital.record.rules import Statement, merge
from ehr_prehospital.record.rules.statements_of import entry_in
from tests.actions.care import later
from tests.town import NOW

ELEMENTS = ("situation.acuity", "history.allergy", "narrative.note", "mood")


@pytest.fixture
def writers(mission: Mission, medic_wang: User) -> list[User]:
    """Two tablets in the vehicle, and a third of the crew who completes the record later."""
    from tests.town import person

    crew = [medic_wang]
    for name, seat in (("zhao", "attendant"), ("qian", "driver")):
        user = person(name, "paramedic", medic_wang.organisation)
        Shift.objects.create(
            user=user,
            ambulance=mission.ambulance,
            seat=seat,
            starts_at=later(-60),
            ends_at=later(36_000_000),
        )
        crew.append(user)
    return crew


Step = tuple[int, str, str, list[int], bool]
# Who writes; what; which of the entries made so far it replaces; whether all is closed then.
STEP = st.tuples(
    st.integers(0, 2),
    st.sampled_from(ELEMENTS),
    st.sampled_from(["critical", "lower", "x"]),
    st.lists(st.integers(0, 9), max_size=2),
    st.booleans(),
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, min_size=1, max_size=7))
def test_every_interleaving_ends_in_one_history_that_verifies(
    steps: list[Step], mission: Mission, writers: list[User]
) -> None:
    with transaction.atomic():
        play(steps, mission, writers)
        transaction.set_rollback(True)  # the next example begins anew


def play(steps: list[Step], mission: Mission, writers: list[User]) -> None:
    start = RecordEntry.objects.count()
    made: list[UUID] = []
    for number, (who, element, value, parents, close) in enumerate(steps):
        draft = Draft(
            id=uuid4(),
            said=Statement(element, value),
            occurred_at=later(number),
            replaces=tuple({made[one] for one in parents if one < len(made)}),
        )
        made.append(draft.id)
        twice = [draft, draft]  # a tablet that heard no answer sends again
        now = later(1000 + number)
        add_entries(mission=mission, drafts=twice, actor=writers[who], now=now)
        record = record_of(mission)
        assert record
        if close:
            close_version(record=record, handover=None, actor=writers[who], now=now)
    record = record_of(mission)
    assert record
    close_version(record=record, handover=None, actor=writers[0], now=later(2000))

    versions = list(RecordVersion.objects.filter(record=record).order_by("version"))
    assert broken_version(versions) is None
    assert [row.version for row in versions] == list(range(1, len(versions) + 1))
    assert RecordEntry.objects.count() == start + len(made)
    told = {part.id: part for part in read(versions[-1].content).entries}
    assert {str(one) for one in made} <= told.keys()
    assert all(told[str(one)].value == step[2] for one, step in zip(made, steps, strict=True))
    merged = merge(entry_in(part) for part in told.values())
    assert {str(one) for one in merged.replaced} == {
        part.id for part in told.values() if part.replaced
    }


def test_a_version_from_before_groups_and_conflicts_still_reads_and_verifies() -> None:
    from ehr_prehospital.record.rules import GENESIS, version_hash

    old = (
        '{"closed_at":"","entries":[{"author":null,"element":"drug.aspirin","entered_at":'
        f'"{NOW.isoformat()}","id":"{UUID(int=1)}","not_value":"","occurred_at":'
        f'"{NOW.isoformat()}","pertinent_negative":"","replaced":false,"route":"oral",'
        '"source":"tablet","unit":"mg","value":"300"}],"handover":null,"mission":{"call_sign":'
        '"A1","capability":"als","centre":{"code":"C","name_en":"","name_zh":""},"complaint":'
        '"chest_pain","crew":[],"destination":null,"determinant":"","incident_number":"I",'
        '"moments":[],"number":"M","place_detail":"","place_label":"","plate":"","priority":1,'
        '"state":"","station":{"code":"S","name_en":"","name_zh":""}},"patient":{"age_years":'
        'null,"birth_date":"","id_number":"","id_type":"","name":"","phone":"","sex":"",'
        '"temporary_number":"U"},"record_id":"r","version":1,"vitals":[]}'
    )
    version = RecordVersion(
        version=1,
        content=old,
        previous_hash=GENESIS,
        hash=version_hash(previous=GENESIS, content=old),
    )

    (part,) = read(old).entries

    assert broken_version([version]) is None
    assert (part.value, part.group, part.replaces, part.problems) == ("300", "", (), ())
