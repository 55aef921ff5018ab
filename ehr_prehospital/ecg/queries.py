"""ECGs to look at, and their missions."""

from uuid import UUID

from ehr_prehospital.ecg.models import Ecg

# What a list needs: never the samples or the file.
LISTED = ("samples",)


def ecgs_of(mission_id: UUID) -> list[Ecg]:
    """Oldest first, without their samples."""
    rows = Ecg.objects.filter(mission_id=mission_id).defer(*LISTED)
    return list(rows.select_related("author").order_by("occurred_at", "recorded_at"))


def ecgs_of_handovers(ids: set[UUID]) -> set[UUID]:
    """A hospital gains and loses sight of a mission's ECGs with its handover."""
    return set(Ecg.objects.filter(mission__handovers__in=ids).values_list("pk", flat=True))
