"""A record as FHIR resources, each with the element that it tells. Ids are the same every time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid5

from ehr_prehospital.exchange.canonical import CanonicalRecord, Statement
from ehr_prehospital.exchange.fhir.mapping import Json, code_of
from ehr_prehospital.exchange.fhir.values import instant, negated, time_of, value_of, why_not
from ehr_prehospital.record.catalogue import elements

Group = Mapping[str, tuple[Statement, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """A resource, and the element of ours that says in which section it stands."""

    element: str
    resource: Json


@dataclass(frozen=True)
class Frame:
    """What every resource of a record refers to."""

    record: CanonicalRecord
    language: str

    def id(self, *names: object) -> str:
        return str(uuid5(self.record.id, "/".join(str(name) for name in names)))

    def make(self, kind: str, *names: object, **parts: object) -> Json:
        """A resource with its id; parts that are empty are left out."""
        head = {"resourceType": kind, "id": self.id(kind, *names)}
        return head | {name: part for name, part in parts.items() if part not in (None, "", [], {})}

    def ref(self, kind: str, *names: object, display: str = "") -> Json:
        said = {"reference": f"urn:uuid:{self.id(kind, *names)}"}
        return said | ({"display": display} if display else {})

    @property
    def patient(self) -> Json:
        return self.ref("Patient")

    @property
    def encounter(self) -> Json:
        return self.ref("Encounter")

    @cached_property
    def crew(self) -> tuple[tuple[str, Group], ...]:
        """Each crew member's name or number, with what is said of them."""
        return tuple(
            (group["crew.member"][0].value, group)
            for group in self.record.groups("crew")
            if "crew.member" in group and group["crew.member"][0].value
        )

    @cached_property
    def performer(self) -> Json:
        """Who observed: the one who cares for the patient; the agency where nobody is named."""
        for name, group in self.crew:
            if any(role.value.startswith("lead") for role in group.get("crew.role", ())):
                return self.ref("Practitioner", name)
        if self.crew:
            return self.ref("Practitioner", self.crew[0][0])
        return self.ref("Organization", "agency")

    def when(self, said: Statement, group: Group | None = None) -> str:
        """The time of a statement: of its group, of its own, or of the whole mission."""
        for name in ("taken_at", "given_at", "done_at", "confirmed_at", "signed_at"):
            for one in (group or {}).get(f"{said.head}.{name}", ()):
                if moment := time_of(one.value):
                    return moment
        if said.occurred_at:
            return instant(said.occurred_at)
        for element in ("times.at_patient", "times.on_scene", "times.unit_notified"):
            if moment := time_of(self.record.value(element)):
                return moment
        return instant(self.record.written_at)


def name_of(element: str, language: str) -> str:
    known = elements().get(element)
    if known is None:
        return element
    return known.en if language == "en" else known.zh


def observation(
    frame: Frame, said: Statement, *, group: Group | None = None, **more: object
) -> Json:
    """One statement as an Observation."""
    return frame.make(
        "Observation",
        said.element,
        said.group or "",
        said.id or f"{said.value}{said.not_value}{said.pertinent_negative}",
        status="final",
        code=code_of(said.element, name_of(said.element, frame.language)),
        subject=frame.patient,
        encounter=frame.encounter,
        effectiveDateTime=frame.when(said, group),
        performer=[frame.performer],
        **(value_of(said, frame.language) or why_not(said)),
        **negated(said),
        **more,
    )


def component(frame: Frame, said: Statement) -> Json:
    return {
        "code": code_of(said.element, name_of(said.element, frame.language)),
        **(value_of(said, frame.language) or why_not(said)),
        **negated(said),
    }


def panel(
    frame: Frame, head: Json, parts: Sequence[Statement], group: Group, **more: object
) -> Json:
    """Several statements of a group as one Observation with components."""
    return frame.make(
        "Observation",
        parts[0].element,
        parts[0].group or "",
        "panel",
        status="final",
        code=head,
        subject=frame.patient,
        encounter=frame.encounter,
        effectiveDateTime=frame.when(parts[0], group),
        performer=[frame.performer],
        component=[component(frame, one) for one in parts],
        **more,
    )


def flat(group: Group) -> Iterator[Statement]:
    for several in group.values():
        yield from several


def first(group: Group, element: str) -> Statement | None:
    return next(iter(group.get(element, ())), None)


def group_id(group: Group) -> UUID | str:
    return next(flat(group)).group or ""
