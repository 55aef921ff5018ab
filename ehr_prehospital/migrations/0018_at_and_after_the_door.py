"""At and after the door: sheets, signatures, bays, outcomes, transfers between hospitals."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MAKE = """
CREATE TRIGGER ehr_prehospital_signature_is_append_only
    BEFORE UPDATE OR DELETE ON ehr_prehospital_handoversignature
    FOR EACH ROW EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_signature_is_not_emptied
    BEFORE TRUNCATE ON ehr_prehospital_handoversignature
    FOR EACH STATEMENT EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_outcome_is_append_only
    BEFORE UPDATE OR DELETE ON ehr_prehospital_outcome
    FOR EACH ROW EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_outcome_is_not_emptied
    BEFORE TRUNCATE ON ehr_prehospital_outcome
    FOR EACH STATEMENT EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_judgement_is_append_only
    BEFORE UPDATE OR DELETE ON ehr_prehospital_alertjudgement
    FOR EACH ROW EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_judgement_is_not_emptied
    BEFORE TRUNCATE ON ehr_prehospital_alertjudgement
    FOR EACH STATEMENT EXECUTE FUNCTION ehr_prehospital_is_append_only();
"""
UNMAKE = """
DROP TRIGGER ehr_prehospital_signature_is_append_only ON ehr_prehospital_handoversignature;
DROP TRIGGER ehr_prehospital_signature_is_not_emptied ON ehr_prehospital_handoversignature;
DROP TRIGGER ehr_prehospital_outcome_is_append_only ON ehr_prehospital_outcome;
DROP TRIGGER ehr_prehospital_outcome_is_not_emptied ON ehr_prehospital_outcome;
DROP TRIGGER ehr_prehospital_judgement_is_append_only ON ehr_prehospital_alertjudgement;
DROP TRIGGER ehr_prehospital_judgement_is_not_emptied ON ehr_prehospital_alertjudgement;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0025_transfers_diverts_and_surge"),
        ("ehr_prehospital", "0017_hospital_systems"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                (
                    "hospital",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="department",
                        serialize=False,
                        to="dispatch.organisation",
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        choices=[("four", "four"), ("five", "five")],
                        default="four",
                        max_length=6,
                        verbose_name="triage scale",
                    ),
                ),
                (
                    "offload_target_s",
                    models.PositiveIntegerField(
                        default=900, verbose_name="offload target in seconds"
                    ),
                ),
            ],
            options={
                "verbose_name": "emergency department",
                "verbose_name_plural": "emergency departments",
            },
        ),
        migrations.CreateModel(
            name="Display",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="where it hangs")),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "seen_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last seen at"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revoked at"),
                ),
                (
                    "hospital",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="dispatch.organisation"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "corridor display",
                "verbose_name_plural": "corridor displays",
            },
        ),
        migrations.CreateModel(
            name="TransferSheet",
            fields=[
                (
                    "handover",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="sheet",
                        serialize=False,
                        to="ehr_prehospital.handover",
                    ),
                ),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("improved", "improved"),
                            ("stable", "stable"),
                            ("unstable", "unstable"),
                            ("worse", "worse"),
                            ("arrest", "arrest"),
                            ("dead", "dead"),
                        ],
                        max_length=12,
                        verbose_name="condition at handover",
                    ),
                ),
                (
                    "condition_note",
                    models.CharField(
                        blank=True, max_length=240, verbose_name="more on the condition"
                    ),
                ),
                ("things", models.JSONField(blank=True, default=list, verbose_name="things")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer sheet",
                "verbose_name_plural": "transfer sheets",
            },
        ),
        migrations.CreateModel(
            name="AlertJudgement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("right", "right"),
                            ("over", "over"),
                            ("under", "under"),
                            ("not_needed", "not_needed"),
                        ],
                        max_length=12,
                        verbose_name="verdict",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="why")),
                ("judged_at", models.DateTimeField(verbose_name="judged at")),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="ehr_prehospital.handover",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "judgement of an alert",
                "verbose_name_plural": "judgements of alerts",
                "indexes": [
                    models.Index(fields=["handover", "-judged_at"], name="judgement_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Bay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=12, verbose_name="bay")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("resus", "resuscitation"),
                            ("treatment", "treatment"),
                            ("observation", "observation"),
                            ("isolation", "isolation"),
                        ],
                        default="resus",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("closed", models.BooleanField(default=False, verbose_name="out of use")),
                ("since", models.DateTimeField(blank=True, null=True, verbose_name="since")),
                (
                    "cleaning_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="being cleaned since"),
                ),
                (
                    "handover",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_in",
                        to="ehr_prehospital.handover",
                    ),
                ),
                (
                    "hospital",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bays",
                        to="dispatch.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "bay",
                "verbose_name_plural": "bays",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hospital", "code"), name="bay_code_once_a_hospital"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handover__isnull", True),
                            ("cleaning_since__isnull", True),
                            _connector="OR",
                        ),
                        name="bay_is_not_cleaned_with_a_patient",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverSignature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("crew", "crew"), ("hospital", "hospital")],
                        max_length=10,
                        verbose_name="side",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("drawn", "drawn"), ("password", "password")],
                        max_length=10,
                        verbose_name="method",
                    ),
                ),
                ("image", models.TextField(blank=True, verbose_name="signature")),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="remark")),
                ("sheet_hash", models.CharField(max_length=64)),
                ("statement_version", models.CharField(blank=True, max_length=40)),
                ("signed_at", models.DateTimeField(verbose_name="signed at")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="ehr_prehospital.handover",
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signer",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("handover", "side"), name="one_signature_a_side"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "drawn"), _negated=True),
                            models.Q(("image", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="drawn_signature_has_strokes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("diagnosis", models.CharField(max_length=200, verbose_name="diagnosis")),
                (
                    "diagnosis_code",
                    models.CharField(blank=True, max_length=12, verbose_name="ICD-10 code"),
                ),
                (
                    "disposition",
                    models.CharField(blank=True, max_length=20, verbose_name="outcome of the ED"),
                ),
                (
                    "hospital_disposition",
                    models.CharField(blank=True, max_length=20, verbose_name="outcome of the stay"),
                ),
                (
                    "hospital_diagnosis",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="diagnosis of the hospital"
                    ),
                ),
                ("times", models.JSONField(blank=True, default=dict, verbose_name="interventions")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="to the crew")),
                ("returned_at", models.DateTimeField(verbose_name="returned at")),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="ehr_prehospital.handover",
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "outcome",
                "verbose_name_plural": "outcomes",
                "indexes": [
                    models.Index(fields=["handover", "-returned_at"], name="outcome_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("diagnosis", ""), _negated=True),
                        name="outcome_has_diagnosis",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reception",
            fields=[
                (
                    "handover",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="reception",
                        serialize=False,
                        to="ehr_prehospital.handover",
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        blank=True,
                        choices=[("four", "four"), ("five", "five")],
                        max_length=6,
                        verbose_name="triage scale",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("I", "I"),
                            ("II", "II"),
                            ("III", "III"),
                            ("IV", "IV"),
                            ("1", "1"),
                            ("2", "2"),
                            ("3", "3"),
                            ("4", "4"),
                            ("5", "5"),
                        ],
                        max_length=3,
                        verbose_name="triage level",
                    ),
                ),
                (
                    "triaged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="triaged at"),
                ),
                (
                    "wristband",
                    models.CharField(blank=True, max_length=60, verbose_name="wristband"),
                ),
                (
                    "wristband_scanned",
                    models.BooleanField(default=False, verbose_name="read by a camera"),
                ),
                (
                    "wristband_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="wristband read at"),
                ),
                (
                    "triaged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wristband_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reception",
                "verbose_name_plural": "receptions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("level", ""),
                                ("triaged_at__isnull", True),
                                ("triaged_by__isnull", True),
                            ),
                            models.Q(
                                models.Q(("level", ""), _negated=True),
                                ("triaged_at__isnull", False),
                                ("triaged_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="triage_level_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("wristband", ""), ("wristband_at__isnull", True)),
                            models.Q(
                                models.Q(("wristband", ""), _negated=True),
                                ("wristband_at__isnull", False),
                                ("wristband_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="wristband_has_time_and_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "ward",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="where the patient is"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("sex", models.CharField(default="unknown", max_length=10, verbose_name="sex")),
                (
                    "age_years",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="age in years"
                    ),
                ),
                ("diagnosis", models.CharField(max_length=200, verbose_name="diagnosis")),
                (
                    "condition",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="condition and treatment so far"
                    ),
                ),
                ("reason", models.CharField(max_length=20, verbose_name="reason")),
                ("urgency", models.CharField(max_length=10, verbose_name="how soon")),
                (
                    "needs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "escorts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "consent",
                    models.CharField(max_length=10, verbose_name="who agreed for the patient"),
                ),
                (
                    "consent_name",
                    models.CharField(blank=True, max_length=80, verbose_name="name of who agreed"),
                ),
                ("consent_at", models.DateTimeField(verbose_name="agreed at")),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                ),
                (
                    "receiving_team",
                    models.CharField(blank=True, max_length=80, verbose_name="receiving team"),
                ),
                (
                    "decline_reason",
                    models.CharField(blank=True, max_length=20, verbose_name="why not"),
                ),
                ("decline_note", models.CharField(blank=True, max_length=200, verbose_name="more")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfer",
                        to="dispatch.incident",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_in",
                        to="dispatch.organisation",
                        verbose_name="to",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_out",
                        to="dispatch.organisation",
                        verbose_name="from",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "inter-hospital transfer",
                "verbose_name_plural": "inter-hospital transfers",
                "indexes": [
                    models.Index(fields=["sender", "-requested_at"], name="transfer_of_sender"),
                    models.Index(fields=["receiver", "-requested_at"], name="transfer_of_receiver"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sender", models.F("receiver")), _negated=True),
                        name="transfer_between_two_hospitals",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="transfer_answer_has_name_and_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("incident__isnull", True), ("state", "accepted"), _connector="OR"
                        ),
                        name="transfer_is_driven_only_when_both_agreed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("consent", ""), _negated=True),
                        name="transfer_has_consent",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
