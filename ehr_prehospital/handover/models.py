"""Handovers. PostgreSQL is the referee: one open per mission, every state has its time.

Every change of one is a `HandoverStep` with who and when; a `Notice` is one person told of it.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.alerting.rules import Channel
from ehr_prehospital.handover.rules import CLOSED, State


class Handover(models.Model):
    """From alert to transfer of care, between one mission and one hospital (院前-院内交接).

    A redirect closes this one and opens another, with the number of the other hospital.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "dispatch.Mission",
        verbose_name=_("mission"),
        related_name="handovers",
        on_delete=models.PROTECT,
    )
    hospital = models.ForeignKey(
        "dispatch.Organisation",
        verbose_name=_("hospital"),
        related_name="handovers",
        on_delete=models.PROTECT,
    )
    encounter = models.ForeignKey(
        "ehr_prehospital.Encounter", verbose_name=_("encounter"), on_delete=models.PROTECT
    )
    preadmission_number = models.CharField(_("pre-admission number"), max_length=40, unique=True)
    # The hospital's own number of the visit, as its system gave it back.
    visit_number = models.CharField(_("visit number"), max_length=40, blank=True, db_default="")
    visit_number_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=[(state.value, state.value) for state in State]
    )
    bay = models.CharField(_("bay"), max_length=40, blank=True)
    team = models.CharField(_("team"), max_length=80, blank=True)
    # How often nobody answered: raised at 30, 60 and 120 s.
    alarm_level = models.PositiveSmallIntegerField(default=0)

    sent_at = models.DateTimeField(_("sent at"))
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    offloading_at = models.DateTimeField(_("offloading since"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    redirected_at = models.DateTimeField(_("redirected at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=60, blank=True)
    withdrawn_by = models.ForeignKey(
        "dispatch.User", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    # A withdrawn alert stays on the hospital's screen until somebody there has seen that.
    withdrawal_seen_at = models.DateTimeField(null=True, blank=True)
    withdrawal_seen_by = models.ForeignKey(
        "dispatch.User", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    # Where it was not the crew that withdrew it: the crew has to know before it drives on.
    crew_told_at = models.DateTimeField(null=True, blank=True)
    crew_told_by = models.ForeignKey(
        "dispatch.User", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    # Sent from the scene: the road from there to here, until the vehicle itself drives it.
    drive_s = models.FloatField(null=True, blank=True)
    # The call "two minutes out", made once.
    near_at = models.DateTimeField(null=True, blank=True)

    confirmed_by = models.ForeignKey(
        "dispatch.User",
        verbose_name=_("confirmed by"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )
    given_at = models.DateTimeField(_("given at"), null=True, blank=True)
    # Null with a time when the vehicle itself said so (a simulated crew has no person).
    given_by = models.ForeignKey(
        "dispatch.User",
        verbose_name=_("given by"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    received_by = models.ForeignKey(
        "dispatch.User",
        verbose_name=_("received by"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        indexes = [
            models.Index(fields=["hospital", "sent_at"], name="handover_of_hospital"),
            models.Index(
                fields=["sent_at"],
                condition=Q(confirmed_at__isnull=True) & ~Q(state__in=sorted(CLOSED)),
                name="handover_unconfirmed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=~Q(state__in=sorted(CLOSED)),
                name="one_open_handover_per_mission",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="handover_confirmed_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by__isnull=True)
                | Q(received_at__isnull=False, received_by__isnull=False),
                name="handover_received_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HANDED_OVER)
                | Q(given_at__isnull=False, received_at__isnull=False),
                name="handover_needs_both_sides",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(state=state.value) | Q(**{f"{state}_at__isnull": False}),
                    name=f"handover_{state}_has_time",
                )
                for state in State
                if state is not State.SENT
            ),
            # A closed handover is closed once: handed over, redirected or cancelled.
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, redirected_at__isnull=True)
                | Q(handed_over_at__isnull=True, cancelled_at__isnull=True)
                | Q(redirected_at__isnull=True, cancelled_at__isnull=True),
                name="handover_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return self.preadmission_number


class HandoverStep(models.Model):
    """One change of a handover: which, when, by whom. Never changed."""

    class Source(models.TextChoices):
        PERSON = "person", _("person")
        # A screen says that it shows the card: a machine's word.
        SCREEN = "screen", _("screen")
        VEHICLE = "vehicle", _("vehicle")
        PLATFORM = "platform", _("platform")

    id = models.BigAutoField(primary_key=True)
    handover = models.ForeignKey(Handover, related_name="steps", on_delete=models.PROTECT)
    # A state, or what else happened to it: "arrival_undone", "withdrawal_seen", "crew_told", …
    step = models.CharField(_("step"), max_length=20)
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        "dispatch.User", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)

    class Meta:
        verbose_name = _("step of a handover")
        verbose_name_plural = _("steps of handovers")
        indexes = [models.Index(fields=["handover", "id"], name="step_of_handover")]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.step}"


class HandoverLook(models.Model):
    """When a person last read a card to its end: what is younger is marked for them."""

    handover = models.ForeignKey(Handover, related_name="looks", on_delete=models.CASCADE)
    reader = models.ForeignKey("dispatch.User", related_name="+", on_delete=models.PROTECT)
    looked_at = models.DateTimeField(_("looked at"))

    class Meta:
        verbose_name = _("look at a handover")
        verbose_name_plural = _("looks at handovers")
        constraints = [
            models.UniqueConstraint(fields=["handover", "reader"], name="one_last_look_of_a_reader")
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.reader_id}"


class Notice(models.Model):
    """One person, or the wall, that is told of a handover through one channel, once a level."""

    class Subject(models.TextChoices):
        ALERT = "alert", _("alert")
        WITHDRAWN = "withdrawn", _("withdrawn")
        TEAM = "team", _("team called")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(Handover, related_name="notices", on_delete=models.PROTECT)
    subject = models.CharField(_("subject"), max_length=10, choices=Subject.choices)
    level = models.PositiveSmallIntegerField(_("level"))
    # Null: the loudspeaker of the wall.
    person = models.ForeignKey(
        "dispatch.User", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    channel = models.CharField(
        _("channel"), max_length=12, choices=[(one.value, one.value) for one in Channel]
    )
    # One for every way: null for the wall, which reads the board.
    delivery = models.ForeignKey(
        "ehr_prehospital.Delivery",
        null=True,
        blank=True,
        related_name="notices",
        on_delete=models.PROTECT,
    )
    made_at = models.DateTimeField(_("made at"))
    # The wall has said it aloud.
    spoken_at = models.DateTimeField(_("spoken at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["handover", "made_at"], name="notice_of_handover")]
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "subject", "level", "person", "channel", "delivery"],
                nulls_distinct=False,
                name="notice_once_a_level",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.level}"
