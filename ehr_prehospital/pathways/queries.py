"""Moments of a mission that fill checklists and run clocks; pathways as screens need them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Prefetch, QuerySet
from django.utils.dateparse import parse_datetime

from dispatch.fleet.models import Mission
from ehr_prehospital.ecg.models import Ecg
from ehr_prehospital.pathways.files import checklists
from ehr_prehospital.pathways.models import ACTIVE, Pathway, PathwayTick, TeamActivation
from ehr_prehospital.pathways.rules import MISSION_MOMENTS, RECORD_TIMES, Tick
from ehr_prehospital.pathways.rules import Answer as TickAnswer
from ehr_prehospital.record.models import RecordEntry
from ehr_prehospital.record.queries import replaced_in

Entry = tuple[str, str, datetime]


def shown_pathways() -> QuerySet[Pathway]:
    """With their ticks and teams, newest word last."""
    ticks = PathwayTick.objects.select_related("by").order_by("at", "recorded_at")
    teams = TeamActivation.objects.select_related(
        "hospital", "activated_by", "accepted_by", "stood_down_by"
    ).order_by("activated_at")
    return Pathway.objects.select_related(
        "mission__incident", "opened_by", "ended_by", "direct_by"
    ).prefetch_related(Prefetch("ticks", queryset=ticks), Prefetch("teams", queryset=teams))


def active_pathway(mission: Mission, kind: str) -> Pathway | None:
    return Pathway.objects.filter(mission=mission, kind=kind, state__in=ACTIVE).first()


def ticks_of(pathway: Pathway) -> list[Tick]:
    return [
        Tick(one.item, TickAnswer(one.answer), one.at, one.recorded_at, one.by)
        for one in pathway.ticks.all()
    ]


def standing_entries(missions: Collection[UUID]) -> dict[UUID, list[Entry]]:
    """Mission → (element, value, when), of what checklists and clocks ask for, oldest first."""
    wanted = {*RECORD_TIMES.values()}
    for checklist in checklists().values():
        wanted |= {element for pairs in checklist.moments.values() for element, _value in pairs}
        wanted |= {one.element for one in checklist.suspects if one.element}
    rows = list(
        RecordEntry.objects.filter(
            record__mission__in=missions,
            element__in=wanted,
            pertinent_negative="",
            not_value="",
        )
        .order_by("occurred_at", "entered_at")
        .values_list("pk", "record", "record__mission", "element", "value", "occurred_at")
    )
    gone = replaced_in({record for _pk, record, *_rest in rows})
    found: dict[UUID, list[Entry]] = {}
    for entry_id, _record, mission_id, element, value, at in rows:
        if entry_id not in gone:
            found.setdefault(mission_id, []).append((element, value, at))
    return found


def first_ecgs(missions: Collection[UUID]) -> dict[UUID, datetime]:
    rows = (
        Ecg.objects.filter(mission__in=missions).values("mission").annotate(at=Min("occurred_at"))
    )
    return {row["mission"]: row["at"] for row in rows}


def moments_of(
    pathway: Pathway, *, entries: Sequence[Entry], ecg_at: datetime | None
) -> dict[str, datetime]:
    """Every moment that its checklist may name and that has come."""
    mission = pathway.mission
    found = {name: at for name in MISSION_MOMENTS if (at := getattr(mission, f"{name}_at", None))}
    if pathway.opened_at:
        found["opened"] = pathway.opened_at
    if ecg_at:
        found["ecg"] = ecg_at
    for name, element in RECORD_TIMES.items():
        said = [value for of, value, _at in entries if of == element]
        moment = parse_datetime(said[-1]) if said else None
        if moment and moment.tzinfo:
            found[name] = moment
    for name, pairs in checklists()[pathway.kind].moments.items():
        at = first_of(entries, pairs)
        if at:
            found[name] = at
    return found | team_moments(pathway)


def first_of(entries: Sequence[Entry], pairs: Sequence[tuple[str, str]]) -> datetime | None:
    return next(
        (
            at
            for element, value, at in entries
            if any(element == of and wanted in ("", value) for of, wanted in pairs)
        ),
        None,
    )


def team_moments(pathway: Pathway) -> dict[str, datetime]:
    standing = [one for one in pathway.teams.all() if one.stood_down_at is None]
    called = min((one.activated_at for one in standing), default=None)
    taken = min((one.accepted_at for one in standing if one.accepted_at), default=None)
    return {
        **({"team_activated": called} if called else {}),
        **({"team_accepted": taken} if taken else {}),
    }
