"""What is kept of each mission, until when, and what holds it: for the office, no patient."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from dispatch.fleet.models import Mission
from dispatch.people.models import Organisation, in_language
from ehr_prehospital.recording.models import LegalHold, Recording
from ehr_prehospital.recording.queries import keeping_of, keeps_until
from ehr_prehospital.recording.rules.retention import Keeping

# Missions of a page, the newest first.
SHOWN = 50


@dataclass(slots=True)
class Films:
    """The films of one class of a mission."""

    keeping: Keeping
    count: int = 0
    bytes: int = 0
    # The earliest day on which one of them may go.
    until: datetime | None = None
    dropped: int = 0

    @property
    def name(self) -> str:
        return in_language(self.keeping.en, self.keeping.zh)


@dataclass(slots=True)
class KeptMission:
    mission: Mission
    films: list[Films] = field(default_factory=list)
    # The standing one first, then the lifted, newest first.
    holds: list[LegalHold] = field(default_factory=list)
    # For the one that this page may place: sent twice it is placed once.
    new_hold: UUID = field(default_factory=uuid4)

    @property
    def hold(self) -> LegalHold | None:
        return next((one for one in self.holds if one.lifted_at is None), None)


def kept_missions(
    centre: Organisation, *, number: str = "", held: bool = False
) -> list[KeptMission]:
    """The centre's missions that have films or a hold, newest first, at most `SHOWN`."""
    missions = Mission.objects.filter(incident__centre=centre).select_related("ambulance")
    with_films = Recording.objects.values("stream__mission")
    standing = LegalHold.objects.filter(lifted_at__isnull=True).values("mission")
    found = missions.filter(pk__in=standing) if held else missions.filter(pk__in=with_films)
    if number:
        # A hold may be wanted before the first film has come.
        found = (found if held else missions).filter(number__icontains=number)
    rows = {one.pk: KeptMission(one) for one in found.order_by("-assigned_at")[:SHOWN]}
    films = Recording.objects.filter(stream__mission__in=rows).select_related("stream__mission")
    for row in rows.values():
        row.films = by_class(one for one in films if one.stream.mission_id == row.mission.pk)
    holds = LegalHold.objects.filter(mission__in=rows).select_related("placed_by", "lifted_by")
    for hold in holds.order_by("-placed_at"):
        rows[hold.mission_id].holds.append(hold)
    for row in rows.values():
        row.holds.sort(key=lambda one: one.lifted_at is not None)
    return list(rows.values())


def by_class(recordings: Iterable[Recording]) -> list[Films]:
    """What may go first stands first."""
    found: dict[str, Films] = {}
    for one in recordings:
        keeping = keeping_of(one)
        films = found.setdefault(keeping.code, Films(keeping))
        if one.state == Recording.State.DROPPED:
            films.dropped += 1
            continue
        films.count += 1
        films.bytes += one.size
        due = keeps_until(one)
        films.until = min(films.until or due, due)
    return sorted(found.values(), key=lambda one: one.keeping.keep)
