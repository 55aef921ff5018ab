"""What may stand on a mission's time line, and in which lane.

A source is a function of the mission that gives moments; config/timeline.py lists them all. A
moment says when it was by our clock, in words for the reader's language, and where it leads.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.fleet.models import Mission


class Lane(StrEnum):
    """The rows of the time line, from top to bottom."""

    STATUS = "status"
    CARE = "care"  # entries of the record
    FINDING = "finding"  # 12-leads, photographs, voice notes, alarms
    CONSULT = "consult"  # calls, strokes on the picture, orders


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened.

    `at` is when, by our clock as far as the teller's is known; `until` makes it a stretch.
    `recorded_at` is when it reached us: a late one is shown as late. `kind` is a code
    (`"ecg"`, `"stroke"`), `title` and `detail` are sentences in the language of the request.
    `by` is the name of a person. `link` is a page of its own, `media` the address of a picture or a
    sound that the player shows itself, `stream` the camera that it belongs to.
    """

    id: str
    lane: Lane
    kind: str
    at: datetime
    title: str
    detail: str = ""
    until: datetime | None = None
    recorded_at: datetime | None = None
    by: str = ""
    link: str = ""
    media: str = ""
    media_type: str = ""
    stream: str = ""
    # Drawn in the colour of a warning; said in words by the title, too.
    urgent: bool = False
    # What a feature's own drawing needs, as JSON has it; for example the points of a stroke.
    more: dict[str, object] = field(default_factory=dict)


Source = Callable[[Mission], Iterable[Moment]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that stands there."""

    sources: Sequence[Source]

    def of(self, mission: Mission) -> list[Moment]:
        """Oldest first. The person's right to see the patient has been asked before."""
        found = [moment for source in self.sources for moment in source(mission)]
        return sorted(found, key=lambda one: (one.at, one.id))
