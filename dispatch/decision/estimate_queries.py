"""What the screens showed, beside what happened; and the ranges that followed."""

from datetime import datetime

from dispatch.decision.models import EtaBand, ShownEta
from dispatch.decision.rules.accuracy import Band, Shown
from dispatch.people.models import Organisation


def bands_in_force() -> dict[int, Band]:
    """The newest learnt bands by horizon; empty before the first learning."""
    newest = EtaBand.objects.order_by("-learnt_at").values("learnt_at")[:1]
    return {
        row.horizon: Band(row.low, row.high, row.missions, row.learnt)
        for row in EtaBand.objects.filter(learnt_at=newest)
    }


def shown_etas(
    *, begins: datetime, ends: datetime, centre: Organisation | None = None
) -> list[Shown]:
    """Every kept estimate whose arrival is known by now, of one centre or of all.

    One towards a hospital that was not the last one says nothing of the way there.
    """
    rows = ShownEta.objects.filter(shown_at__gte=begins, shown_at__lt=ends)
    if centre is not None:
        rows = rows.filter(mission__incident__centre=centre)
    found = []
    for row in rows.select_related("mission").order_by("shown_at"):
        mission = row.mission
        to_scene = row.heading_for == "scene"
        arrived_at = mission.on_scene_at if to_scene else mission.at_destination_at
        elsewhere = not to_scene and row.destination_id != mission.destination_id
        if arrived_at is None or arrived_at < row.shown_at or elsewhere:
            continue
        taken_s = (arrived_at - row.shown_at).total_seconds()
        key = (row.mission_id, row.heading_for)
        found.append(Shown(key, row.eta_s, row.low_s, row.high_s, taken_s))
    return found
