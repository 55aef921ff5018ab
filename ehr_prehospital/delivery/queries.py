"""What is due, what is next, and what a person is shown of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from dispatch.people.models import Organisation
from ehr_prehospital.delivery.models import Delivery, DeliveryAttempt, Partner

# Sent to one partner at the same time, so that a slow one leaves senders to the others.
AT_ONCE = 2
OPEN = (Delivery.State.WAITING, Delivery.State.SENDING)
SHOWN = 200


def at_the_head() -> QuerySet[Delivery]:
    """Open ones that no earlier one of the same partner and key stands before.

    Of a partner that is being sent to enough already, only those.
    """
    busy = (
        Delivery.objects.filter(state=Delivery.State.SENDING)
        .values("partner")
        .annotate(count=Count("id"))
        .filter(count__gte=AT_ONCE)
        .values_list("partner", flat=True)
    )
    return Delivery.objects.filter(
        ~Exists(earlier().filter(state__in=OPEN)),
        ~Exists(earlier().filter(holding())),
        Q(state=Delivery.State.SENDING) | ~Q(partner__in=list(busy)),
        state__in=OPEN,
        partner__active=True,
    )


def earlier() -> QuerySet[Delivery]:
    """Those of the same partner and key that come before the outer one."""
    return Delivery.objects.filter(
        partner=OuterRef("partner"),
        order_key=OuterRef("order_key"),
        number__lt=OuterRef("number"),
    )


def holding() -> Q:
    """Refused, and not to be overtaken."""
    return Q(state=Delivery.State.REFUSED, holds=True)


def due(now: datetime) -> QuerySet[Delivery]:
    """To be sent now: its time has come, or whoever was sending it is gone."""
    resting = Partner.objects.filter(resting_until__gt=now).values_list("pk", flat=True)
    return (
        at_the_head()
        .filter(
            Q(state=Delivery.State.WAITING, next_attempt_at__lte=now)
            | Q(state=Delivery.State.SENDING, claimed_until__lte=now)
        )
        .exclude(state=Delivery.State.WAITING, partner__in=list(resting))
    )


def next_due_at() -> datetime | None:
    """When the next one is due if nothing else happens; None where nothing waits."""
    own = Coalesce(F("claimed_until"), F("next_attempt_at"))
    # A time that is not known is left out by PostgreSQL's greatest.
    times = at_the_head().aggregate(
        at=Min(
            Case(
                When(state=Delivery.State.SENDING, then=own),
                default=Greatest(own, F("partner__resting_until")),
            )
        )
    )
    found: datetime | None = times["at"]
    return found


def next_place() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ehr_prehospital_delivery_place')")
        (place,) = cursor.fetchone()
    return int(place)


@dataclass(frozen=True, slots=True)
class Shown:
    """A delivery without its content, its newest attempt, and how many there were."""

    delivery: Delivery
    attempts: tuple[DeliveryAttempt, ...]

    @property
    def newest(self) -> DeliveryAttempt | None:
        return self.attempts[-1] if self.attempts else None


def of_centre(
    centre: Organisation, *, state: str = "", partner: UUID | None = None, mission: str = ""
) -> QuerySet[Delivery]:
    """The deliveries of a centre's partners, newest first, without their content."""
    held = earlier().filter(holding()).order_by("number").values("pk")[:1]
    found = (
        Delivery.objects.filter(partner__centre=centre)
        .select_related("partner", "mission")
        .annotate(
            held_by=Case(When(state=Delivery.State.WAITING, then=Subquery(held)), default=None)
        )
    )
    if state:
        found = found.filter(state=state)
    if partner:
        found = found.filter(partner=partner)
    if mission:
        found = found.filter(mission__number__icontains=mission)
    return found.defer("content", "partner__credentials").order_by("-number")


def shown(rows: QuerySet[Delivery]) -> list[Shown]:
    """The first of them with their attempts, without the raw answers."""
    attempts = DeliveryAttempt.objects.order_by("number").defer("said")
    prefetched = rows.prefetch_related(Prefetch("attempts", queryset=attempts))[:SHOWN]
    return [Shown(one, tuple(one.attempts.all())) for one in prefetched]


def attempts_of(delivery: Delivery) -> list[DeliveryAttempt]:
    """Every attempt, newest first, without the raw answers: these may hold a patient's data."""
    return list(delivery.attempts.order_by("-number").defer("said"))


def counts(centre: Organisation) -> dict[str, int]:
    """How many there are in each state."""
    rows = Delivery.objects.filter(partner__centre=centre).values("state")
    found = {row["state"]: row["count"] for row in rows.annotate(count=Count("id"))}
    return {state: found.get(state, 0) for state in Delivery.State.values}


def partners_of(centre: Organisation) -> list[Partner]:
    rows = Partner.objects.filter(centre=centre).select_related("hospital")
    return list(rows.defer("credentials").order_by("name"))
