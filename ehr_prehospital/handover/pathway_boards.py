"""Pathways on the boards: whole for crew and receiving hospital, bare for the dispatcher."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from dispatch.live.board import Items, Viewer
from dispatch.live.projections import within
from dispatch.people.models import Role
from ehr_prehospital.handover.boards import seen_missions
from ehr_prehospital.pathways.items import pathway_item
from ehr_prehospital.pathways.models import Pathway
from ehr_prehospital.pathways.queries import first_ecgs, shown_pathways, standing_entries

Ids = Collection[UUID] | None


def pathways(viewer: Viewer, ids: Ids) -> Items:
    """All of the missions that this person's board shows, the discarded ones with their reason."""
    clinical = viewer.user.role in (Role.PARAMEDIC, Role.ED_STAFF)
    rows = list(shown_pathways().filter(within(ids), shown_to(viewer, clinical=clinical)))
    missions = {row.mission_id for row in rows}
    entries, ecgs = standing_entries(missions), first_ecgs(missions)
    return {
        str(row.pk): pathway_item(
            row,
            entries=entries.get(row.mission_id, ()),
            ecg_at=ecgs.get(row.mission_id),
            clinical=clinical,
        )
        for row in rows
    }


def shown_to(viewer: Viewer, *, clinical: bool) -> Q:
    if clinical:
        return Q(mission__in=seen_missions(viewer))
    return Q(
        mission__incident__centre=viewer.user.centre, mission__incident__closed_at__isnull=True
    )


def pathways_of_missions(ids: set[UUID]) -> set[UUID]:
    """Its times, its record and its ECGs run the clocks; every row of theirs names the mission."""
    return set(Pathway.objects.filter(mission__in=ids).values_list("pk", flat=True))


def pathways_of_incidents(ids: set[UUID]) -> set[UUID]:
    return set(Pathway.objects.filter(mission__incident__in=ids).values_list("pk", flat=True))


def pathways_of_handovers(ids: set[UUID]) -> set[UUID]:
    """A hospital gains and loses sight of them with its handover."""
    return set(Pathway.objects.filter(mission__handovers__in=ids).values_list("pk", flat=True))
