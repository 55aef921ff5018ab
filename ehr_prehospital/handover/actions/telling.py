"""Tell people of a hospital: at the alert, when nobody answers, when it is withdrawn, for a team.

Runs inside the transaction of what happened, like everything that is queued for delivery.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.people.models import User
from ehr_prehospital.alerting.channels.message import CONTENT_TYPE, Message
from ehr_prehospital.alerting.models import PushSubscription
from ehr_prehospital.alerting.queries import Duty, channels_of, on_call
from ehr_prehospital.alerting.rules import ADDRESS, Channel, Told, told_at
from ehr_prehospital.alerting.words import spoken_by, text_for, title
from ehr_prehospital.delivery.actions import Draft, cancel, queue
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.handover.actions.steps import refs_to
from ehr_prehospital.handover.models import Handover, Notice

# A message that comes later than this wakes somebody for nothing.
OF_USE = timedelta(minutes=15)


def tell_level(handover: Handover, mission: Mission, *, level: int, now: datetime) -> list[Notice]:
    """Whom the ladder tells at this level. Twice is once."""
    duties = on_call(handover.hospital, now=now)
    partners = channels_of(handover.hospital)
    usable = {*partners, Channel.LOUDSPEAKER}
    subject = Notice.Subject.ALERT
    already = set(
        handover.notices.filter(subject=subject, level__lt=level, person__isnull=False).values_list(
            "person", flat=True
        )
    )
    told = told_at(level, [one.reachable for one in duties], usable, already)
    return tell(handover, mission, duties, partners, told, subject=subject, level=level, now=now)


def tell_team(handover: Handover, mission: Mission, *, team: str, now: datetime) -> list[Notice]:
    """Everybody on the team's own list, by every way to them."""
    duties = on_call(handover.hospital, now=now, team=team)
    partners = channels_of(handover.hospital)
    told = [
        Told(one.reachable.person, channel)
        for one in duties
        for channel in partners
        if getattr(one.reachable, ADDRESS[channel])
    ]
    subject = Notice.Subject.TEAM
    return tell(handover, mission, duties, partners, told, subject=subject, level=0, now=now)


def tell_withdrawn(handover: Handover, mission: Mission, *, now: datetime) -> list[Notice]:
    """Whoever was told that somebody comes is told by the same way that nobody does."""
    stop_telling(handover, now=now)
    sent = list(
        handover.notices.filter(person__isnull=False).exclude(
            delivery__state=Delivery.State.CANCELLED
        )
    )
    known = {one.person_id for one in sent}
    duties = [one for one in on_call(handover.hospital, now=now) if one.user.pk in known]
    told = list(dict.fromkeys(Told(one.person_id, Channel(one.channel)) for one in sent))
    subject = Notice.Subject.WITHDRAWN
    partners = channels_of(handover.hospital)
    return tell(handover, mission, duties, partners, told, subject=subject, level=0, now=now)


def stop_telling(handover: Handover, *, now: datetime) -> None:
    """Somebody answered: what has not left the house need not leave it."""
    waiting = Delivery.objects.filter(
        notices__handover=handover, state=Delivery.State.WAITING
    ).distinct()
    for one in waiting:
        cancel(delivery=one, actor=None, now=now)


def tell(
    handover: Handover,
    mission: Mission,
    duties: Sequence[Duty],
    partners: dict[Channel, Partner],
    told: Sequence[Told],
    *,
    subject: str,
    level: int,
    now: datetime,
) -> list[Notice]:
    """One notice and one journal row for each person, channel and browser."""
    by_person = {one.user.pk: one for one in duties}
    made = []
    for one in told:
        duty = by_person.get(one.person) if one.person else None
        if duty is None and one.person is not None:
            continue
        browsers: Sequence[PushSubscription | None] = (
            duty.subscriptions if duty and one.channel is Channel.WEB_PUSH else (None,)
        )
        for browser in browsers:
            notice = _tell_one(
                handover, mission, duty, partners.get(one.channel), one, browser,
                subject=subject, level=level, now=now,
            )  # fmt: skip
            made += [notice] if notice else []
    return made


def _tell_one(
    handover: Handover,
    mission: Mission,
    duty: Duty | None,
    partner: Partner | None,
    told: Told,
    browser: PushSubscription | None,
    *,
    subject: str,
    level: int,
    now: datetime,
) -> Notice | None:
    delivery = None
    if duty is not None:
        if partner is None:
            return None
        delivery = queue(
            partner=partner,
            draft=Draft(
                content=message_to(
                    duty, told.channel, browser, handover, mission, subject=subject, level=level
                ).content(),
                content_type=CONTENT_TYPE,
                sameness_key=":".join(
                    [str(handover.pk), subject, str(level), told.channel, str(told.person),
                     str(browser.pk) if browser else ""]
                ),
                mission=mission,
                of_use_until=now + OF_USE,
            ),
            actor=None,
            now=now,
        )  # fmt: skip
    notice, fresh = Notice.objects.get_or_create(
        handover=handover,
        subject=subject,
        level=level,
        person=duty.user if duty else None,
        channel=told.channel,
        delivery=delivery,
        defaults={"made_at": now},
    )
    if fresh:
        refs = {**refs_to(handover, mission), "notice": notice.pk}
        if duty:
            refs["user"] = duty.user.pk
        append(
            kind="handover.notified",
            actor=None,
            now=now,
            refs=refs,
            detail={"level": level, "channel": told.channel, "subject": subject},
        )
    return notice


def message_to(
    duty: Duty,
    channel: Channel,
    browser: PushSubscription | None,
    handover: Handover,
    mission: Mission,
    *,
    subject: str,
    level: int,
) -> Message:
    person: User = duty.user
    language = spoken_by(person)
    with translation.override(language):
        return Message(
            channel=channel,
            to="" if browser else str(getattr(duty.reachable, ADDRESS[channel])),
            text=text_for(
                subject,
                level=level,
                unit=mission.ambulance.call_sign,
                hospital=handover.hospital,
            ),
            title=title(),
            address=f"{settings.ENVIRONMENT.public_url}/ed/",
            language=language,
            hospital=handover.hospital.code,
            subscription={
                "endpoint": browser.endpoint,
                "p256dh": browser.p256dh,
                "auth": browser.auth,
            }
            if browser
            else {},
        )
