"""What the tests of consults do again and again, said in one line each."""

from datetime import datetime, timedelta
from uuid import uuid4

from dispatch.fleet.models import Mission
from dispatch.people.models import Organisation, User
from ehr_prehospital.consult import actions
from ehr_prehospital.consult.models import Consult, DeskPresence, Order, PhysicianDuty
from ehr_prehospital.consult.rules.orders import OrderStep
from tests.actions.care import later
from tests.town import NOW, Town, person

ASPIRIN = {"drug": "aspirin", "use": "acs", "dose": "300", "unit": "mg", "route": "oral"}


def physician(
    town: Town, name: str, *, rank: int = 1, specialties: tuple[str, ...] = ("cardiology",)
) -> User:
    """On call at the town's centre, and at the desk at NOW."""
    user = person(name, "remote_physician", town.centre)
    PhysicianDuty.objects.create(
        user=user,
        centre=town.centre,
        specialties=list(specialties),
        rank=rank,
        starts_at=NOW - timedelta(hours=1),
        ends_at=NOW + timedelta(days=36_500),
    )
    at_desk(user, NOW)
    return user


def at_desk(user: User, at: datetime) -> None:
    DeskPresence.objects.update_or_create(user=user, defaults={"heard_at": at, "available": True})


def call(
    mission: Mission,
    actor: User,
    *,
    specialty: str = "cardiology",
    hospital: Organisation | None = None,
    at: datetime = NOW,
) -> Consult:
    return actions.call(
        consult_id=uuid4(),
        mission=mission,
        specialty="" if hospital else specialty,
        hospital=hospital,
        reason="ST elevation",
        actor=actor,
        now=at,
    )


def states(consult: Consult) -> dict[str, str]:
    """Who is in which state, by username; a hospital without an answer by its code."""
    return {
        (
            party.user.username
            if party.user
            else f"{party.hospital.code if party.hospital else ''}"
        ): (party.state)
        for party in consult.parties.select_related("user", "hospital").order_by("rung_at")
    }


def order_aspirin(consult: Consult, actor: User, *, at: datetime = NOW, **more: str) -> Order:
    return actions.order(
        consult=consult,
        order_id=uuid4(),
        kind="drug",
        content={**ASPIRIN, **more},
        weighed=False,
        actor=actor,
        now=at,
    )


def say_of(order: Order, step: str, actor: User, *, at: float = 60, **said: str) -> Order:
    word = actions.ordering.Word(uuid4(), OrderStep(step), later(at), said)
    return actions.say_of_order(order=order, word=word, actor=actor, now=later(at))
