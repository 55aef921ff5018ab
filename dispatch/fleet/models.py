"""Ambulances, shifts, positions, missions. PostgreSQL is the referee of all of them."""

import hashlib
import hmac
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from dispatch.calls.models import Incident
from dispatch.fleet.rules import ENDS, WAY, State
from dispatch.people.models import Organisation, User


class Ambulance(models.Model):
    class Capability(models.TextChoices):
        BLS = "bls", _("basic life support")
        ALS = "als", _("advanced life support")
        MICU = "micu", _("mobile intensive care")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call_sign = models.CharField(_("call sign"), max_length=20, unique=True)
    plate = models.CharField(_("plate"), max_length=20)
    station = models.ForeignKey(
        Organisation, verbose_name=_("station"), on_delete=models.PROTECT, related_name="ambulances"
    )
    capability = models.CharField(_("capability"), max_length=10, choices=Capability.choices)
    in_service = models.BooleanField(_("in service"), default=True)
    # SHA-256 of the vehicle's token; the token itself is only in the vehicle.
    token_hash = models.BinaryField(max_length=32, default=bytes, editable=False)

    class Meta:
        verbose_name = _("ambulance")
        verbose_name_plural = _("ambulances")

    def __str__(self) -> str:
        return self.call_sign

    def accepts(self, token: str) -> bool:
        """Constant-time comparison; a vehicle without a token accepts none."""
        digest = hashlib.sha256(token.encode()).digest()
        return bool(self.token_hash) and hmac.compare_digest(digest, bytes(self.token_hash))


class Shift(models.Model):
    """Who sits where in which ambulance, and for how long."""

    class Seat(models.TextChoices):
        LEAD = "lead", _("lead")
        ATTENDANT = "attendant", _("attendant")
        DRIVER = "driver", _("driver")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.PROTECT)
    ambulance = models.ForeignKey(
        Ambulance, verbose_name=_("ambulance"), on_delete=models.PROTECT, related_name="shifts"
    )
    seat = models.CharField(_("seat"), max_length=10, choices=Seat.choices)
    # What this person may do, where it is less than the vehicle is fitted for.
    level = models.CharField(
        _("level"), max_length=10, choices=Ambulance.Capability.choices, blank=True
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            ExclusionConstraint(
                name="shift_one_seat_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func("starts_at", "ends_at", function="TSTZRANGE"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.ambulance} {self.seat}"


class Hold(models.Model):
    """A person's word that a unit is kept for later, rests or lacks equipment."""

    class Kind(models.TextChoices):
        RESERVED = "reserved", _("reserved")
        REST = "rest", _("rest")
        EQUIPMENT = "equipment", _("equipment out of order")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ambulance = models.ForeignKey(Ambulance, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    what = models.CharField(_("what"), max_length=20)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                fields=["ambulance", "kind", "what"],
                condition=Q(ended_at__isnull=True),
                name="one_hold_of_a_kind_per_ambulance",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="hold_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ambulance_id} {self.kind} {self.what}"


class Fix(models.Model):
    """The newest believed position of an ambulance."""

    ambulance = models.OneToOneField(
        Ambulance, primary_key=True, on_delete=models.CASCADE, related_name="fix"
    )
    lat = models.FloatField()
    lon = models.FloatField()
    heading_deg = models.FloatField(null=True)
    speed_mps = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    fix_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ambulance_id} {self.lat:.5f} {self.lon:.5f}"


class Track(models.Model):
    """Where an ambulance was: every position that it sent, in parts of a day, written by COPY.

    `doubt` says why one was not drawn when it came; "older" and "late" ones are true all the
    same. No foreign key is checked by the database, see ehr_prehospital/vitals/models.py.
    """

    id = models.BigAutoField(primary_key=True)
    ambulance = models.ForeignKey(
        Ambulance, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    fix_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    lat = models.FloatField()
    lon = models.FloatField()
    heading_deg = models.FloatField(null=True)
    speed_mps = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    doubt = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ambulance", "fix_at"], name="track_of_ambulance")]

    def __str__(self) -> str:
        return f"{self.ambulance_id} {self.fix_at:%H:%M:%S} {self.doubt}"


class Mission(models.Model):
    """One unit's work for one incident. Its state and times are folded from its facts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="missions")
    ambulance = models.ForeignKey(Ambulance, on_delete=models.PROTECT, related_name="missions")
    destination = models.ForeignKey(
        Organisation, verbose_name=_("destination"), null=True, blank=True, on_delete=models.PROTECT
    )
    state = models.CharField(_("state"), max_length=30, choices=[(s.value, s.value) for s in State])
    open = models.BooleanField(_("open"), default=True)
    assigned_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    en_route_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    at_patient_at = models.DateTimeField(null=True)
    on_board_at = models.DateTimeField(null=True)
    left_scene_at = models.DateTimeField(null=True)
    at_destination_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    available_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(_("reason"), max_length=60, blank=True)
    # Live estimate, by the watcher: not part of the mission's history.
    eta_s = models.FloatField(null=True)
    eta_computed_at = models.DateTimeField(null=True)
    eta_note = models.CharField(max_length=30, blank=True)
    # Between these four of five estimates like it came true.
    eta_low_s = models.FloatField(null=True)
    eta_high_s = models.FloatField(null=True)

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        constraints = [
            models.UniqueConstraint(
                fields=["ambulance"], condition=Q(open=True), name="one_open_mission_per_ambulance"
            ),
            models.CheckConstraint(
                condition=Q(open=True, ended_at__isnull=True)
                | Q(open=False, ended_at__isnull=False),
                name="mission_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(open=False, state__in=sorted(ENDS))
                | (Q(open=True) & ~Q(state__in=sorted(ENDS))),
                name="mission_open_means_not_ended",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(state=state) | Q(**{f"{state}_at__isnull": False}),
                    name=f"mission_{state}_has_time",
                )
                for state in WAY
                if state is not State.ASSIGNED
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MissionFact(models.Model):
    """What was said of a mission, with both its times. Undone, never deleted."""

    class Source(models.TextChoices):
        TABLET = "tablet", _("tablet")
        VEHICLE = "vehicle", _("vehicle")
        DISPATCHER = "dispatcher", _("dispatcher")
        HOSPITAL = "hospital", _("hospital")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="facts")
    fact = models.CharField(max_length=30)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    source = models.CharField(max_length=12, choices=Source.choices)
    reason = models.CharField(max_length=60, blank=True)
    contradiction = models.CharField(max_length=20, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["mission", "occurred_at"], name="fact_of_mission")]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.fact}"


class CrewCheck(models.Model):
    """A crew on scene was asked whether it is safe; answered by one of them or not at all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="crew_checks")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(answered_at__isnull=True),
                name="one_open_check_per_mission",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.asked_at:%H:%M:%S}"


class CrewAlarm(models.Model):
    """A crew is in danger, or did not answer: until the control room has ended it."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("crew emergency")
        NO_ANSWER = "no_answer", _("crew does not answer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ambulance = models.ForeignKey(Ambulance, on_delete=models.PROTECT, related_name="crew_alarms")
    mission = models.ForeignKey(Mission, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Where the vehicle or the tablet was, and since when that is known; null when it is not.
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    fix_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ambulance", "kind"],
                condition=Q(ended_at__isnull=True),
                name="one_open_crew_alarm_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(end_reason=""),
                name="crew_alarm_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ambulance_id} {self.kind}"
