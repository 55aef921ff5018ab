"""Learn from the fleet's own tracks how long its roads take, and say so in a table."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.city.models import City, SpeedFactor, SpeedTable
from dispatch.city.queries import cells_of, current_city, plain_roads, tables_in_force
from dispatch.city.roads.learning import DrivenLeg, Learnt, learn_from
from dispatch.city.roads.matching import TrackFix, driven
from dispatch.city.roads.router import Profile
from dispatch.city.rules import is_better
from dispatch.decision.actions.units import NoCity
from dispatch.decision.estimate_queries import shown_etas
from dispatch.decision.models import EtaBand
from dispatch.decision.rules.accuracy import bands
from dispatch.fleet.models import Mission, Track
from dispatch.fleet.rules import FixFault
from dispatch.journal.actions import append

# A position in doubt is not learnt from, except one that only came late.
BELIEVED = ("", FixFault.OLDER, FixFault.LATE)
# Shorter drives say more of doors than of roads; longer ones are not a drive to a patient.
LEAST_LEG_S, LONGEST_LEG_S = 60.0, 3 * 3600.0


def learn_speeds(*, begins: datetime, ends: datetime, now: datetime) -> list[SpeedTable]:
    """Learn from the tracks of this stretch, one table a profile; store it with its test.

    A table takes force only when the legs kept out of the learning are estimated better
    with it than with what is in force. Raises NoCity. Profiles without legs give no table.
    """
    city, roads = current_city(), plain_roads()
    if city is None or roads is None:
        raise NoCity(_("No city is imported; road times are not known."))
    before = {Profile(one.profile): one for one in tables_in_force(city.version)}
    stored = []
    for profile, legs in (
        (Profile.BLUE_LIGHT, list(mission_legs(begins, ends))),
        (Profile.NORMAL, list(way_back_legs(begins, ends))),
    ):
        table = before.get(profile)
        known = (cells_of(table), table.leg_factor) if table else ([], 1.0)
        found = learn_from(legs, roads, profile, before=known)
        if found.cells:
            stored.append(_stored(city, profile, found, begins=begins, ends=ends, now=now))
    return stored


# --- which drives the fleet made ----------------------------------------------------


def mission_legs(begins: datetime, ends: datetime) -> Iterator[DrivenLeg]:
    """To the scene and to the hospital: what is estimated by blue light."""
    for name, ambulance_id, since, until in _mission_spans(begins, ends):
        leg = _leg(name, ambulance_id, since, until)
        if leg:
            yield leg


def way_back_legs(begins: datetime, ends: datetime) -> Iterator[DrivenLeg]:
    """From the last patient home: a free unit until it stands, or is sent again."""
    ended = Mission.objects.filter(available_at__gte=begins, available_at__lt=ends)
    for mission in ended.order_by("available_at"):
        since = mission.available_at
        following = Mission.objects.filter(
            ambulance=mission.ambulance_id, assigned_at__gt=since
        ).order_by("assigned_at")
        following_at = following.values_list("assigned_at", flat=True).first()
        until = min(filter(None, (following_at, ends)))
        if since is not None:
            leg = _leg(f"{mission.pk}:back", mission.ambulance_id, since, until, home=True)
            if leg:
                yield leg


def _mission_spans(
    begins: datetime, ends: datetime
) -> Iterator[tuple[str, UUID, datetime, datetime]]:
    legs = (
        ("scene", "en_route_at", "on_scene_at"),
        ("destination", "left_scene_at", "at_destination_at"),
    )
    for name, since, until in legs:
        rows = Mission.objects.filter(
            **{f"{until}__gte": begins, f"{until}__lt": ends, f"{since}__lt": F(until)}
        )
        for pk, ambulance_id, start, stop in rows.order_by(until).values_list(
            "pk", "ambulance_id", since, until
        ):
            yield f"{pk}:{name}", ambulance_id, start, stop


def _leg(
    name: str, ambulance_id: UUID, since: datetime, until: datetime, *, home: bool = False
) -> DrivenLeg | None:
    """The drive between two moments, without the standing before and after it."""
    rows = Track.objects.filter(
        ambulance=ambulance_id, fix_at__gte=since, fix_at__lte=until, doubt__in=BELIEVED
    )
    every = [
        TrackFix(timezone.localtime(at), lon, lat)
        for at, lon, lat in rows.order_by("fix_at").values_list("fix_at", "lon", "lat")
    ]
    fixes = driven(every, to_first_stop=home)
    if len(fixes) < 2:
        return None
    leg = DrivenLeg(name, fixes)
    return leg if LEAST_LEG_S <= leg.took_s <= LONGEST_LEG_S else None


# --- kept -----------------------------------------------------------------------------


def _stored(
    city: City,
    profile: Profile,
    found: Learnt,
    *,
    begins: datetime,
    ends: datetime,
    now: datetime,
) -> SpeedTable:
    with transaction.atomic():
        table = SpeedTable.objects.create(
            version=f"{profile.value}-{now:%Y%m%d-%H%M%S}",
            city_version=city.version,
            profile=profile,
            begins=begins,
            ends=ends,
            learnt_at=now,
            legs=found.legs,
            leg_factor=found.leg_factor,
            judged_legs=found.with_table.legs,
            mae_s=found.with_table.mae_s,
            before_mae_s=found.before.mae_s,
            mape_pct=found.with_table.mape_pct,
            before_mape_pct=found.before.mape_pct,
            in_force=is_better(found.with_table, found.before),
        )
        SpeedFactor.objects.bulk_create(
            SpeedFactor(table=table, **asdict(cell)) for cell in found.cells
        )
        append(
            kind="speeds.learnt",
            actor=None,
            now=now,
            refs={},
            detail={"version": table.version, "legs": table.legs, "in_force": table.in_force},
        )
    return table


def learn_bands(*, begins: datetime, ends: datetime, now: datetime) -> list[EtaBand]:
    """Score what the screens showed in this stretch and keep the ranges that follow."""
    found = bands(shown_etas(begins=begins, ends=ends))
    return EtaBand.objects.bulk_create(
        EtaBand(learnt_at=now, horizon=horizon, **asdict(band)) for horizon, band in found.items()
    )
