"""What stands beside each handover on the boards: the door, both signatures, what came back.

Shelves of their own, named by the handover or the hospital, so that the handover's own item
stays what it is.
"""

from collections.abc import Collection
from uuid import UUID

from dispatch.decision.models import Hospital
from dispatch.live.board import Item, Items, Viewer
from dispatch.live.projections import names, when, within
from dispatch.people.models import Role
from ehr_prehospital.handover.boards import on_board_of
from ehr_prehospital.handover.department.models import Bay
from ehr_prehospital.handover.department.queries import department_of
from ehr_prehospital.handover.department.rules import FIRST_BAYS, bay_state
from ehr_prehospital.handover.door.models import HandoverSignature
from ehr_prehospital.handover.door.queries import colour_of, content_of, scene_tags
from ehr_prehospital.handover.door.rules import SheetContent, sheet_hash
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.outcome.models import AlertJudgement, Outcome
from ehr_prehospital.handover.outcome.queries import newest_judgements, newest_outcomes
from ehr_prehospital.record.models import RecordVersion

Ids = Collection[UUID] | None


def doors(viewer: Viewer, ids: Ids) -> Items:
    """By handover: offload target, sheet, signatures, triage, wristband, outcome, versions.

    The control room is told the clock and the colour, never what was signed or found.
    """
    rows = list(
        Handover.objects.filter(within(ids), on_board_of(viewer)).select_related(
            "mission__incident", "sheet", "reception"
        )
    )
    keys = [row.pk for row in rows]
    clinical = viewer.user.role in (Role.PARAMEDIC, Role.ED_STAFF)
    signed = signatures_of(keys) if clinical else {}
    outcomes, judged = newest_outcomes(keys), newest_judgements(keys)
    versions = versions_of([row.encounter_id for row in rows]) if clinical else {}
    targets = {key: department_of(key).offload_target_s for key in {r.hospital_id for r in rows}}
    tags = scene_tags([row.mission_id for row in rows])
    found: Items = {}
    for row in rows:
        item: Item = {
            "id": str(row.pk),
            "hospital_id": str(row.hospital_id),
            "incident_id": str(row.mission.incident_id),
            "offload_target_s": targets[row.hospital_id],
            **reception_item(row, tags.get(row.mission_id, ""), clinical=clinical),
        }
        if clinical:
            item |= {
                "sheet": sheet_item(row),
                "signatures": [signature_item(one) for one in signed.get(row.pk, ())],
                "outcome": outcome_item(outcomes.get(row.pk)),
                "judgement": judgement_item(judged.get(row.pk)),
                # 1 is what was closed at the door; what is higher came later.
                "record_version": versions.get(row.encounter_id, (0, None))[0],
                "record_closed_at": versions.get(row.encounter_id, (0, None))[1],
            }
        found[str(row.pk)] = item
    return found


def doors_of_missions(ids: set[UUID]) -> set[UUID]:
    """A record that gets a later version, or an incident whose priority changes."""
    return set(Handover.objects.filter(mission__in=ids).values_list("pk", flat=True))


def doors_of_incidents(ids: set[UUID]) -> set[UUID]:
    return set(Handover.objects.filter(mission__incident__in=ids).values_list("pk", flat=True))


def signatures_of(keys: list[UUID]) -> dict[UUID, list[HandoverSignature]]:
    found: dict[UUID, list[HandoverSignature]] = {}
    rows = HandoverSignature.objects.filter(handover__in=keys).select_related("signer")
    for row in rows.order_by("side"):
        found.setdefault(row.handover_id, []).append(row)
    return found


def versions_of(encounters: list[UUID]) -> dict[UUID, tuple[int, str | None]]:
    """Encounter → number and time of its record's newest version."""
    rows = RecordVersion.objects.filter(record__encounter__in=encounters).order_by("version")
    return {
        encounter: (number, when(at))
        for encounter, number, at in rows.values_list("record__encounter", "version", "closed_at")
    }


def reception_item(row: Handover, tag: str, *, clinical: bool) -> Item:
    kept = getattr(row, "reception", None)
    shown, by = colour_of(row, tag)
    said: Item = {"colour": shown, "colour_by": by}
    if clinical:
        said |= {
            "triage": {"scale": kept.scale, "level": kept.level, "at": when(kept.triaged_at)}
            if kept and kept.level
            else None,
            "wristband": {
                "code": kept.wristband,
                "scanned": kept.wristband_scanned,
                "at": when(kept.wristband_at),
                "matches": kept.wristband == row.preadmission_number,
            }
            if kept and kept.wristband
            else None,
        }
    return said


def sheet_item(row: Handover) -> Item | None:
    kept = getattr(row, "sheet", None)
    if kept is None:
        return None
    content: SheetContent = content_of(kept)
    return {
        "condition": content.condition,
        "condition_note": content.condition_note,
        "things": [
            {"what": one.what, "count": one.count, "keeper": one.keeper, "valuable": one.valuable}
            for one in content.things
        ],
        "note": content.note,
        "at": when(kept.written_at),
        "hash": sheet_hash(content),
    }


def signature_item(row: HandoverSignature) -> Item:
    return {
        "side": row.side,
        "method": row.method,
        "by": names(row.signer),
        "at": when(row.signed_at),
        "remark": row.remark,
        "image": row.image,
        "sheet_hash": row.sheet_hash,
    }


def outcome_item(row: Outcome | None) -> Item | None:
    if row is None:
        return None
    return {
        "diagnosis": row.diagnosis,
        "diagnosis_code": row.diagnosis_code,
        "disposition": row.disposition,
        "hospital_disposition": row.hospital_disposition,
        "hospital_diagnosis": row.hospital_diagnosis,
        "times": row.times,
        "note": row.note,
        "at": when(row.returned_at),
        "by": names(row.returned_by),
    }


def judgement_item(row: AlertJudgement | None) -> Item | None:
    if row is None:
        return None
    return {
        "verdict": row.verdict,
        "text": row.text,
        "at": when(row.judged_at),
        "by": names(row.judged_by),
    }


# --- the department ---------------------------------------------------------------


def departments(viewer: Viewer, ids: Ids) -> Items:
    """By hospital: its bays and settings. A department sees its own, the others see none."""
    user = viewer.user
    if user.role != Role.ED_STAFF or user.organisation_id is None:
        return {}
    own = Hospital.objects.filter(within(ids), pk=user.organisation_id)
    return {str(row.pk): department_item(row.pk) for row in own}


def department_item(hospital_id: UUID) -> Item:
    settings = department_of(hospital_id)
    bays = list(
        Bay.objects.filter(hospital=hospital_id)
        .select_related("handover")
        .order_by("position", "code")
    )
    return {
        "id": str(hospital_id),
        "scale": settings.scale,
        "offload_target_s": settings.offload_target_s,
        # Named by nobody yet: the first names stand, and nothing is kept of them.
        "bays_named": bool(bays),
        "bays": [bay_item(bay) for bay in bays]
        or [
            {"id": None, "code": code, "kind": "resus", "state": "free", "handover_id": None}
            for code in FIRST_BAYS
        ],
    }


def bay_item(bay: Bay) -> Item:
    state = bay_state(
        closed=bay.closed,
        cleaning_since=bay.cleaning_since,
        holds=bay.handover.state if bay.handover else None,
    )
    held = state in ("awaited", "occupied")
    return {
        "id": str(bay.pk),
        "code": bay.code,
        "kind": bay.kind,
        "state": str(state),
        "closed": bay.closed,
        "handover_id": str(bay.handover_id) if held and bay.handover_id else None,
        "since": when(bay.cleaning_since or (bay.since if held else None)),
    }
