"""Reads of a department: its settings, its bays with whom they await or hold."""

import hashlib
from uuid import UUID

from ehr_prehospital.handover.department.models import Bay, Department, Display


def department_of(hospital_id: UUID) -> Department:
    """The settings; a hospital that has set nothing gets the defaults, unsaved."""
    return Department.objects.filter(pk=hospital_id).first() or Department(pk=hospital_id)


def bays_of(hospital_id: UUID) -> list[Bay]:
    return list(
        Bay.objects.filter(hospital=hospital_id)
        .select_related("handover")
        .order_by("position", "code")
    )


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def display_with(token: str) -> Display | None:
    """The corridor screen that shows this token, unless it was revoked."""
    return (
        Display.objects.filter(token_hash=hash_of(token), revoked_at__isnull=True)
        .select_related("hospital")
        .first()
    )
