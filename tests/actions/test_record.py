"""Writing into the record: added or replaced, never edited; versions that cannot change."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.record.actions import (
    Identity,
    add_entry,
    close_version,
    set_patient,
)
from ehr_prehospital.record.content import canonical, read
from ehr_prehospital.record.models import Record, RecordEntry, RecordVersion
from ehr_prehospital.record.queries import broken_version, content_now, record_of
from ehr_prehospital.record.rules import Statement
from ehr_prehospital.record.sentences import sentence
from tests.actions.care import kinds, later, newest, say
from tests.town import NOW

ASPIRIN = Statement("drug.aspirin", "300", "mg", "oral")


def write(
    mission: Mission,
    actor: User,
    said: Statement = ASPIRIN,
    *,
    entry_id: UUID | None = None,
    replaces: UUID | None = None,
    at: float = 60,
) -> RecordEntry:
    return add_entry(
        mission=mission,
        entry_id=entry_id or uuid4(),
        said=said,
        occurred_at=later(at),
        replaces=[replaces] if replaces else (),
        actor=actor,
        now=later(at),
    )


def the_record(mission: Mission) -> Record:
    record = record_of(mission)
    assert record
    return record


def test_the_record_opens_at_first_patient_contact(mission: Mission, medic_wang: User) -> None:
    assert record_of(mission) is None

    say(mission, "at_patient", later(300), medic_wang)

    record = the_record(mission)
    assert record.state == Record.State.OPEN
    assert record.encounter.patient.temporary_number == "U-20261122-0001"
    assert newest("record.opened").refs["record"] == str(record.pk)


def test_an_entry_is_written_with_author_and_both_times(mission: Mission, medic_wang: User) -> None:
    entry = write(mission, medic_wang, at=90)

    row = RecordEntry.objects.get(pk=entry.pk)
    assert (row.element, row.value, row.unit, row.route) == ("drug.aspirin", "300", "mg", "oral")
    assert (row.author, row.occurred_at, row.entered_at) == (medic_wang, later(90), later(90))
    told = newest("record.entry_added")
    assert told.refs["entry"] == str(entry.pk)
    assert told.detail == {}


def test_the_journal_never_holds_what_the_record_says(mission: Mission, medic_wang: User) -> None:
    write(mission, medic_wang, Statement("note", "SECRET-NOTE"))
    set_patient(
        mission=mission,
        identity=Identity(name="SECRET-NAME", phone="13800000000"),
        actor=medic_wang,
        now=later(70),
    )

    said = "".join(f"{row.refs}{row.detail}" for row in Entry.objects.all())
    assert "SECRET" not in said
    assert "13800000000" not in said


def test_the_same_entry_twice_is_stored_once(mission: Mission, medic_wang: User) -> None:
    entry_id = uuid4()

    first = write(mission, medic_wang, entry_id=entry_id)
    again = write(mission, medic_wang, entry_id=entry_id, at=120)

    assert first == again
    assert RecordEntry.objects.count() == 1
    assert kinds().count("record.entry_added") == 1


@pytest.mark.parametrize("who", ["nurse_chen", "medic_other", "dispatcher_li", "stranger"])
def test_nobody_but_the_crew_writes(
    who: str, mission: Mission, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)

    with pytest.raises(NoAccess):
        write(mission, user)
    with pytest.raises(NoAccess):
        set_patient(mission=mission, identity=Identity(), actor=user, now=NOW)

    assert RecordEntry.objects.count() == 0
    assert newest("patient.refused").actor_id == user.pk


def test_nonsense_is_stored_with_what_is_wrong_with_it(mission: Mission, medic_wang: User) -> None:
    entry = write(mission, medic_wang, Statement("drug.aspirin", "300", "kg"))

    assert RecordEntry.objects.get(pk=entry.pk).value == "300"
    (problem,) = entry.problems
    assert problem["code"] == "wrong_unit"
    assert "mg" in sentence(problem["code"], problem["params"])
    assert newest("record.entry_added").detail == {"problems": "wrong_unit"}


def test_a_correction_replaces_and_the_first_word_stays(mission: Mission, medic_wang: User) -> None:
    wrong = write(mission, medic_wang)

    right = write(
        mission, medic_wang, Statement("drug.aspirin", "100", "mg"), replaces=wrong.pk, at=80
    )

    parts = {part.id: part for part in content_of_now(mission)}
    assert parts[str(wrong.pk)].replaced
    assert not parts[str(right.pk)].replaced
    assert newest("record.entry_replaced").refs["entry"] == str(wrong.pk)
    lost = write(mission, medic_wang, replaces=uuid4(), at=90)
    assert [one["code"] for one in lost.problems] == ["unknown_parent"]


def content_of_now(mission: Mission):  # type: ignore[no-untyped-def] # noqa: ANN201
    return content_now(the_record(mission), handover=None, version=0, closed_at=None).entries


def test_the_patient_gets_a_name_and_every_part_its_history(
    mission: Mission, medic_wang: User
) -> None:
    known = Identity(
        name="王秀英",
        sex="female",
        birth_date=date(1958, 3, 2),
        id_type="resident_card",
        id_number="110101195803020020",
    )
    patient = set_patient(mission=mission, identity=known, actor=medic_wang, now=later(70))
    number = patient.temporary_number

    unknown = set_patient(
        mission=mission,
        identity=Identity(name="王秀英", sex="female", age_years=68, unknown=True),
        actor=medic_wang,
        now=later(90),
    )

    assert patient.name == "王秀英"
    assert (unknown.name, unknown.id_number, unknown.birth_date) == ("", "", None)
    assert (unknown.age_years, unknown.temporary_number) == (68, number)
    names = RecordEntry.objects.filter(element="identity.name").order_by("entered_at")
    assert [row.value for row in names] == ["王秀英", ""]
    assert names[1].replaces == [names[0].pk]
    assert kinds().count("patient.identified") == 1
    assert newest("patient.described").detail == {
        "parts": "name,birth_date,age_years,id_type,id_number"
    }


def test_saying_the_same_again_changes_nothing(mission: Mission, medic_wang: User) -> None:
    for at in (70, 80):
        set_patient(
            mission=mission, identity=Identity(name="李明"), actor=medic_wang, now=later(at)
        )

    assert kinds().count("patient.identified") == 1


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        (Identity(birth_date=date(2026, 11, 23)), "born_in_future"),
        (Identity(id_number="123"), "no_id_type"),
        (Identity(sex="yes"), "unknown_code"),
        (Identity(age_years=131), "out_of_bounds"),
    ],
)
def test_an_impossible_patient_is_refused(
    identity: Identity, code: str, mission: Mission, medic_wang: User
) -> None:
    with pytest.raises(BadInput) as refused:
        set_patient(mission=mission, identity=identity, actor=medic_wang, now=later(70))

    assert refused.value.code == code


def close(mission: Mission, actor: User, at: float) -> RecordVersion:
    return close_version(record=the_record(mission), handover=None, actor=actor, now=later(at))


def test_a_closed_version_reads_back_as_what_was_hashed(mission: Mission, medic_wang: User) -> None:
    write(mission, medic_wang)

    version = close(mission, medic_wang, 100)

    content = read(version.content)
    assert canonical(content) == version.content
    assert content.version == 1
    assert content.mission.moments[0].nemsis == "eTimes.03"
    assert not content.mission.moments[0].at.endswith("Z")
    record = the_record(mission)
    assert (record.state, record.version, record.closed_at) == ("closed", 1, later(100))
    assert newest("record.closed").detail == {"version": 1, "hash": version.hash.hex()}


def test_an_entry_after_closing_makes_the_next_version(mission: Mission, medic_wang: User) -> None:
    write(mission, medic_wang)
    first = close(mission, medic_wang, 100)

    write(mission, medic_wang, Statement("note", "家属补充病史"), at=200)

    versions = list(RecordVersion.objects.order_by("version"))
    assert [row.version for row in versions] == [1, 2]
    assert bytes(versions[1].previous_hash) == bytes(first.hash)
    assert len(read(versions[0].content).entries) + 1 == len(read(versions[1].content).entries)
    assert broken_version(versions) is None


def test_a_changed_version_is_noticed(mission: Mission, medic_wang: User) -> None:
    write(mission, medic_wang)
    close(mission, medic_wang, 100)
    write(mission, medic_wang, Statement("note", "x"), at=200)
    versions = list(RecordVersion.objects.order_by("version"))

    versions[0].content = versions[0].content.replace("300", "100")

    assert broken_version(versions) == 1
    assert broken_version(versions[1:]) == 2


@pytest.mark.parametrize("table", ["recordentry", "recordversion"])
@pytest.mark.parametrize("sentence", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_a_record(
    table: str, sentence: str, mission: Mission, medic_wang: User
) -> None:
    from django.db import connection

    write(mission, medic_wang)
    close(mission, medic_wang, 100)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sentence.format(f"ehr_prehospital_{table}"))
