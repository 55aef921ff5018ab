"""A record as one frozen tree: what a closed version holds and what is printed.

Codes, not labels; times as text with their offset (NEMSIS refuses `Z`).
"""

import json
from dataclasses import asdict, dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name in both languages; `code` is its short name, if any."""

    name_en: str
    name_zh: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class CrewMember:
    name_en: str
    name_zh: str
    seat: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One clock of the mission, with its NEMSIS element ("" where NEMSIS has none)."""

    state: str
    nemsis: str
    at: str


@dataclass(frozen=True, slots=True)
class MissionPart:
    number: str
    incident_number: str
    centre: Named
    station: Named
    call_sign: str
    plate: str
    capability: str
    crew: tuple[CrewMember, ...]
    complaint: str
    determinant: str
    priority: int
    place_label: str
    place_detail: str
    moments: tuple[Moment, ...]
    destination: Named | None
    state: str


@dataclass(frozen=True, slots=True)
class PatientPart:
    temporary_number: str
    name: str
    sex: str
    birth_date: str
    age_years: int | None
    id_type: str
    id_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class VitalPart:
    code: str
    value: float
    unit: str
    measured_at: str
    quality: str
    source: str


@dataclass(frozen=True, slots=True)
class ProblemPart:
    """What is wrong with an entry: a code of `Wrong`, and what it is about."""

    code: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class EntryPart:
    """One entry; `replaced` entries stay in the record and are shown struck through."""

    id: str
    element: str
    value: str
    unit: str
    route: str
    not_value: str
    pertinent_negative: str
    occurred_at: str
    entered_at: str
    author: Named | None
    source: str
    replaced: bool
    # Versions from before groups, conflicts and problems have none of them.
    group: str = ""
    replaces: tuple[str, ...] = ()
    device_at: str = ""
    reading_id: int | None = None
    problems: tuple[ProblemPart, ...] = ()


@dataclass(frozen=True, slots=True)
class EcgPart:
    """A 12-lead ECG: the hash ties the record to the file's very bytes."""

    id: str
    sha256: str
    occurred_at: str
    format: str
    state: str
    fault: str


@dataclass(frozen=True, slots=True)
class ThingPart:
    what: str
    count: int
    keeper: str
    valuable: bool


@dataclass(frozen=True, slots=True)
class SheetPart:
    """What both sides signed: the condition and the things that came along."""

    condition: str
    condition_note: str
    things: tuple[ThingPart, ...]
    note: str
    written_at: str
    hash: str


@dataclass(frozen=True, slots=True)
class SignaturePart:
    """One side's signature, and the hash of the sheet that it stands under."""

    side: str
    method: str
    signer: Named | None
    signed_at: str
    remark: str
    image: str
    sheet_hash: str


@dataclass(frozen=True, slots=True)
class HandoverPart:
    """The transfer of care, with both names."""

    hospital: Named
    preadmission_number: str
    state: str
    bay: str
    team: str
    moments: tuple[Moment, ...]
    confirmed_by: Named | None
    given_at: str
    given_by: Named | None
    received_at: str
    received_by: Named | None
    # Versions from before sheets and signatures have none.
    sheet: SheetPart | None = None
    signatures: tuple[SignaturePart, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    record_id: str
    version: int
    closed_at: str
    mission: MissionPart
    patient: PatientPart
    vitals: tuple[VitalPart, ...]
    entries: tuple[EntryPart, ...]
    handover: HandoverPart | None
    # Versions from before ECGs have none.
    ecgs: tuple[EcgPart, ...] = ()


def canonical(content: Content) -> str:
    """The one text of a content: sorted keys, no spaces, Chinese as itself."""
    return json.dumps(
        asdict(content),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )


def read(text: str) -> Content:
    """The content of a canonical text; raises when it is none."""
    return msgspec.json.decode(text, type=Content)
