"""Make a recommendation, store it with its inputs, and act on it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import control_room
from dispatch.calls.models import Incident
from dispatch.city.queries import current_city, router
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile, Router
from dispatch.decision.models import Hospital, Recommendation
from dispatch.decision.queries import hospital_candidates, target_of, unit_candidates
from dispatch.decision.rules import (
    FIX_STALE,
    POLICY,
    RankedHospital,
    UnitRanking,
    rank_hospitals,
    rank_units,
)
from dispatch.fleet.actions import Post, assign, install_ambulances
from dispatch.fleet.models import Ambulance, Fix, Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.actions import install_stations
from dispatch.people.models import Organisation, User

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Json = dict[str, object]


class HospitalRow(Protocol):
    """A hospital as an import gives it."""

    @property
    def code(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def capabilities(self) -> Iterable[str]: ...
    @property
    def beds(self) -> int | None: ...


class NoCity(Refused):
    code = "no_city"


def recommend_units(
    *, incident: Incident, actor: User | None, now: datetime
) -> tuple[Recommendation, UnitRanking]:
    """Rank the centre's units by blue-light road time to the scene; store why.

    Raises NoCity when no city is imported. A scene far from any road still gets an
    answer: every unit is then listed as unreachable.
    """
    began = perf_counter()
    roads = router()
    city = current_city()
    if roads is None or city is None:
        raise NoCity(_("No city is imported; road times are not known."))
    units = unit_candidates(centre=incident.centre, now=now)
    origins = {
        unit.unit_id: Origin(fix.lon, fix.lat, fix.heading_deg) for unit, fix in units if fix
    }
    try:
        legs = dict(
            zip(
                origins,
                roads.times_to(
                    LonLat(incident.lon, incident.lat), list(origins.values()), Profile.BLUE_LIGHT
                ),
                strict=True,
            )
        )
    except OffRoad:
        legs = {}
    candidates = [
        replace(unit, eta_s=leg.eta_s, distance_m=leg.distance_m)
        if (leg := legs.get(unit.unit_id))
        else unit
        for unit, _fix in units
    ]
    ranking = rank_units(candidates, needs=incident.needs, now=now)
    took_ms = (perf_counter() - began) * 1000
    with transaction.atomic():
        stored = Recommendation.objects.create(
            question=Recommendation.Question.UNIT,
            incident=incident,
            made_at=now,
            took_ms=took_ms,
            policy=POLICY,
            city_version=city.version,
            inputs={
                "needs": incident.needs,
                "priority": incident.priority,
                "scene": [incident.lon, incident.lat],
                "units": [_plain(candidate) for candidate in candidates],
            },
            ranked=[_plain(unit) for unit in ranking.ranked],
            excluded=[_plain(unit) for unit in ranking.excluded],
        )
        append(
            kind="recommendation.made",
            actor=actor,
            now=now,
            refs={"recommendation": stored.pk, "incident": incident.pk},
            detail={"policy": POLICY, "took_ms": round(took_ms)},
        )
    return stored, ranking


def _plain(row: "DataclassInstance") -> Json:
    """A frozen dataclass as JSON: ids and times as strings."""
    return {key: _value(value) for key, value in asdict(row).items()}


def _value(value: object) -> object:
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.isoformat()
        case tuple() | list():
            return [_value(item) for item in value]
        case dict():
            return {key: _value(item) for key, item in value.items()}
        case _:
            return value


def choose_unit(
    *,
    incident: Incident,
    ambulance: Ambulance,
    recommendation: Recommendation | None,
    override_reason: str,
    actor: User,
    now: datetime,
    mission_id: UUID,
) -> Mission:
    """Assign a unit and keep what was recommended; another than the first needs a reason."""
    centre = control_room(actor)
    if incident.centre_id != centre.pk or ambulance.station.parent_id != centre.pk:
        raise Refused(_("This belongs to another centre."), code="other_centre")
    if recommendation is None or recommendation.incident_id != incident.pk:
        raise BadInput(_("Ask for a recommendation first."), code="no_recommendation")
    first = recommendation.ranked[0]["unit_id"] if recommendation.ranked else None
    if first != str(ambulance.pk) and not override_reason:
        raise BadInput(_("Say why not the first unit."), code="override_needs_reason")
    with transaction.atomic():
        mission = assign(
            incident=incident, ambulance=ambulance, actor=actor, now=now, mission_id=mission_id
        )
        chosen = Recommendation.objects.filter(pk=recommendation.pk, chosen_at__isnull=True).update(
            chosen_id=ambulance.pk,
            chosen_at=now,
            chosen_by=actor,
            override_reason=override_reason if first != str(ambulance.pk) else "",
            mission=mission,
        )
        if chosen and first != str(ambulance.pk):
            append(
                kind="recommendation.overridden",
                actor=actor,
                now=now,
                refs={
                    "recommendation": recommendation.pk,
                    "incident": incident.pk,
                    "unit": ambulance.pk,
                },
                detail={"reason": override_reason},
            )
    return mission


def recommend_hospitals(*, mission: Mission, now: datetime) -> list[RankedHospital]:
    """Rank hospitals for this mission's patient from where the vehicle is now; stored.

    Without a position the scene stands in for it.
    """
    began = perf_counter()
    roads, city = router(), current_city()
    if roads is None or city is None:
        raise NoCity(_("No city is imported; road times are not known."))
    incident = mission.incident
    fix = getattr(mission.ambulance, "fix", None)
    origin = (
        Origin(fix.lon, fix.lat, fix.heading_deg) if fix else Origin(incident.lon, incident.lat)
    )
    hospitals = Hospital.objects.filter(organisation__active=True).select_related("organisation")
    targets = [LonLat(hospital.lon, hospital.lat) for hospital in hospitals]
    try:
        legs = roads.times_from(origin, targets, Profile.BLUE_LIGHT)
    except OffRoad:
        legs = [None] * len(targets)
    candidates = hospital_candidates(hospitals=list(hospitals), legs=legs, without=mission, now=now)
    ranking = rank_hospitals(candidates, needs=incident.needs)
    Recommendation.objects.create(
        question=Recommendation.Question.HOSPITAL,
        incident=incident,
        mission=mission,
        made_at=now,
        took_ms=(perf_counter() - began) * 1000,
        policy=POLICY,
        city_version=city.version,
        inputs={
            "needs": incident.needs,
            "from": [origin.lon, origin.lat],
            "hospitals": [
                {**_plain(candidate), "capabilities": sorted(candidate.capabilities)}
                for candidate in candidates
            ],
        },
        ranked=[_plain(hospital) for hospital in ranking],
    )
    return list(ranking)


def install_hospitals(*, rows: Sequence[HospitalRow], centre: Organisation, now: datetime) -> int:
    """Make the imported hospitals the current ones; those not named become inactive."""
    kept = []
    for row in rows:
        organisation, _created = Organisation.objects.update_or_create(
            kind=Organisation.Kind.HOSPITAL,
            code=row.code,
            defaults={
                "name_en": row.name_en,
                "name_zh": row.name_zh,
                "lat": row.lat,
                "lon": row.lon,
                "parent": centre,
                "active": True,
            },
        )
        Hospital.objects.update_or_create(
            organisation=organisation,
            defaults={
                "lat": row.lat,
                "lon": row.lon,
                "capabilities": sorted(row.capabilities),
                "beds": row.beds,
                "updated_at": now,
            },
        )
        kept.append(organisation.pk)
    Organisation.objects.filter(kind=Organisation.Kind.HOSPITAL).exclude(pk__in=kept).update(
        active=False
    )
    append(
        kind="city.hospitals_installed",
        actor=None,
        now=now,
        refs={"centre": centre.pk},
        detail={"count": len(kept)},
    )
    return len(kept)


class StationRow(Protocol):
    """A station as an import gives it."""

    @property
    def code(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def ambulances(self) -> int: ...


def install_city(
    *, hospitals: Sequence[HospitalRow], stations: Sequence[StationRow], now: datetime
) -> None:
    """Hospitals, stations and ambulances of a newly imported city, in its transaction."""
    with transaction.atomic():
        centre, _created = Organisation.objects.get_or_create(
            kind=Organisation.Kind.DISPATCH_CENTRE,
            code="C1",
            defaults={"name_en": "Emergency Centre", "name_zh": "急救中心"},
        )
        install_hospitals(rows=hospitals, centre=centre, now=now)
        posts = install_stations(rows=stations, centre=centre)
        install_ambulances(
            posts=[
                Post(station, row.ambulances) for station, row in zip(posts, stations, strict=True)
            ]
        )


# --- estimates ------------------------------------------------------------------


def refresh_etas(*, now: datetime) -> list[Mission]:
    """Estimate every moving mission again by road; return those whose estimate was written.

    With a stale position the last estimate stays as it was and says so: a countdown
    over an unknown position would be an invention.
    """
    roads = router()
    if roads is None:
        return []
    missions = Mission.objects.filter(open=True).select_related(
        "incident", "ambulance__fix", "destination"
    )
    written = []
    for mission in missions:
        target = target_of(mission)
        fix = getattr(mission.ambulance, "fix", None)
        if target is None:
            eta, note = None, ""
        elif fix is None or now - fix.fix_at > FIX_STALE:
            eta, note = mission.eta_s, "stale_fix"
        else:
            eta, note = _eta(roads, fix, target[1])
        if (eta, note) != (mission.eta_s, mission.eta_note) or note == "":
            at = mission.eta_computed_at if note == "stale_fix" else now
            Mission.objects.filter(pk=mission.pk, open=True).update(
                eta_s=eta, eta_computed_at=at if eta is not None else None, eta_note=note
            )
            mission.eta_s, mission.eta_computed_at, mission.eta_note = eta, at, note
            written.append(mission)
    return written


def _eta(roads: Router, fix: Fix, target: LonLat) -> tuple[float | None, str]:
    try:
        (leg,) = roads.times_to(
            target, [Origin(fix.lon, fix.lat, fix.heading_deg)], Profile.BLUE_LIGHT
        )
    except OffRoad:
        return None, "off_road"
    return (leg.eta_s, "") if leg else (None, "unreachable")
