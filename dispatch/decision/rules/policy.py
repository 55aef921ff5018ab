"""A policy: the numbers and lists by which units and hospitals are chosen, with their source."""

from collections.abc import Mapping
from dataclasses import dataclass

# What a crew may do, lowest first; "als" as a need is met by als and above.
LEVELS = ("bls", "als", "micu")


_LEVEL = {code: place for place, code in enumerate(LEVELS)}


def level_of(code: str) -> int:
    """0 for the lowest. Raises KeyError for what is no level."""
    return _LEVEL[code]


@dataclass(frozen=True, slots=True)
class Text:
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class RunCard:
    """How many units of which level a complaint of a priority gets; no complaints means any."""

    complaints: frozenset[str]
    priorities: frozenset[int]
    levels: tuple[str, ...]
    equipment: frozenset[str]

    def fits(self, complaint: str, priority: int) -> bool:
        return (not self.complaints or complaint in self.complaints) and (
            not self.priorities or priority in self.priorities
        )


@dataclass(frozen=True, slots=True)
class RunCards:
    """The cards in the order in which they are tried; the last one fits everything."""

    id: str
    version: str
    source: str
    cards: tuple[RunCard, ...]

    def card(self, complaint: str, priority: int) -> RunCard:
        return next(card for card in self.cards if card.fits(complaint, priority))


@dataclass(frozen=True, slots=True)
class Gates:
    """What shuts a unit out. Up to `spared_priority` neither rest nor a shift's end does."""

    fix_stale_s: float
    fix_unusable_s: float
    least_crew: int
    shift_ending_s: float
    shift_gate_s: float
    spared_priority: int
    equipment: frozenset[str]
    respect_level: bool


@dataclass(frozen=True, slots=True)
class Response:
    """Seconds besides the road, and the target of each priority."""

    turn_out_s: float
    turn_out_on_road_s: float
    clear_up_s: float
    # A higher crew than needed counts as so much slower from this priority on.
    spare_higher_s: float
    spare_from_priority: int
    target_s: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Rerouting:
    """When a unit under way is taken for another incident, or relieved; priority 0: never."""

    up_to_priority: int
    least_gap: int
    least_gain_s: float
    # A unit that has become free is proposed for one under way from so much gain on.
    swap_up_to_priority: int
    swap_gain_s: float


@dataclass(frozen=True, slots=True)
class Bypass:
    """A need for which the nearest emergency department is passed by, and how far at most."""

    need: str
    longest_s: float
    longest_extra_s: float
    source: str


@dataclass(frozen=True, slots=True)
class HospitalPolicy:
    """What a wrong, full or closed door costs, as seconds of driving."""

    lacking_s: float
    divert_s: float
    no_bed_s: float
    inbound_s: float
    offloading_s: float
    word_old_s: float
    bed_of: Mapping[str, str]
    bypass: Mapping[str, Bypass]


@dataclass(frozen=True, slots=True)
class Escalation:
    """After how long nobody's word is told, and what may be left alone how long."""

    unacknowledged_s: Mapping[int, float]
    overdue_s: Mapping[str, float]
    check_every_s: float
    check_answer_s: float


@dataclass(frozen=True, slots=True)
class WaitingPoint:
    """A place at the roadside where a unit may stand by; stations need not be named."""

    code: str
    text: Text
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Relocation:
    """Where free units wait: by expected coverage, by a compliance table, or at home only."""

    mode: str
    # Probability that a unit is busy, and from the assignment to the arrival what is in time.
    busy: float
    target_s: float
    # Parts of the target with their weights: the nearer a unit, the better.
    graded: tuple[tuple[float, float], ...]
    # A unit that stands somewhere is moved for this much more of the demand, one that is
    # driving home anyway for less.
    least_gain: float
    least_gain_homeward: float
    longest_s: float
    # A crew is left alone so long before its shift ends, and after a refusal.
    rest_of_shift_s: float
    refused_for_s: float
    expires_s: float
    cell_m: float
    # As many calls as the population and the whole week count for where calls are few.
    prior_calls: float
    points: tuple[WaitingPoint, ...]
    # Compliance table: so many free units -> the codes of the points to be filled, first first.
    table: Mapping[int, tuple[str, ...]]

    @property
    def targets_s(self) -> tuple[tuple[float, float], ...]:
        return tuple((self.target_s * part, weight) for part, weight in self.graded)


@dataclass(frozen=True, slots=True)
class Policy:
    id: str
    version: str
    source: str
    text: Text
    run_cards: RunCards
    gates: Gates
    response: Response
    rerouting: Rerouting
    hospitals: HospitalPolicy
    escalation: Escalation
    relocation: Relocation

    @property
    def name(self) -> str:
        """What is stored with each recommendation."""
        return f"{self.id}-{self.version}"
