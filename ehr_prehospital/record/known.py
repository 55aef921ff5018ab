"""Patients that the centre knows already, found by what identifies a person. Asks nobody's leave.

Only whole numbers and whole names find: a search must not become a list of patients.
"""

from dataclasses import dataclass

from django.db.models import Q

from ehr_prehospital.access.models import Patient

MOST_FOUND = 10
SHORTEST_NAME = 2
SHORTEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Sought:
    name: str = ""
    id_number: str = ""
    phone: str = ""

    @property
    def by(self) -> str:
        """What it is sought by, for the journal: never the words themselves."""
        return ",".join(part for part in ("name", "id_number", "phone") if getattr(self, part))

    @property
    def enough(self) -> bool:
        return (
            len(self.name) >= SHORTEST_NAME
            or len(self.id_number) >= SHORTEST_NUMBER
            or len(self.phone) >= SHORTEST_NUMBER
        )


def known_patients(*, sought: Sought, other_than: Patient) -> list[Patient]:
    """Patients of the same centre to whom everything sought applies, newest first.

    Those merged with another are found under the other.
    """
    said = {
        part: getattr(sought, part)
        for part in ("name", "id_number", "phone")
        if getattr(sought, part)
    }
    rows = Patient.objects.filter(
        Q(**{f"{part}__iexact": value for part, value in said.items()}),
        centre_id=other_than.centre_id,
    ).exclude(pk=other_than.pk)
    return list(
        rows.exclude(merges__isnull=False, merges__parted_at__isnull=True)
        .order_by("-created_at")
        .distinct()[:MOST_FOUND]
    )
