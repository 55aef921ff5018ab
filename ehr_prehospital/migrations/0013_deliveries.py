"""What is sent to other systems: partners, deliveries, and attempts that are append-only."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

MAKE = """
CREATE SEQUENCE ehr_prehospital_delivery_place;
CREATE TRIGGER ehr_prehospital_attempt_is_append_only
    BEFORE UPDATE OR DELETE ON ehr_prehospital_deliveryattempt
    FOR EACH ROW EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_attempt_is_not_emptied
    BEFORE TRUNCATE ON ehr_prehospital_deliveryattempt
    FOR EACH STATEMENT EXECUTE FUNCTION ehr_prehospital_is_append_only();
"""
UNMAKE = """
DROP TRIGGER ehr_prehospital_attempt_is_append_only ON ehr_prehospital_deliveryattempt;
DROP TRIGGER ehr_prehospital_attempt_is_not_emptied ON ehr_prehospital_deliveryattempt;
DROP SEQUENCE ehr_prehospital_delivery_place;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0024_name_posts_in_both_languages"),
        ("ehr_prehospital", "0012_reporting_agency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=100, verbose_name="organisation"),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("address", models.URLField(max_length=400, verbose_name="address")),
                (
                    "credentials",
                    models.BinaryField(blank=True, default=b"", verbose_name="credentials"),
                ),
                ("options", models.JSONField(blank=True, default=dict, verbose_name="options")),
                ("automatic", models.BooleanField(default=False, verbose_name="sends by itself")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "registered_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="registered at",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dispatch.organisation",
                        verbose_name="dispatch centre",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField(unique=True, verbose_name="number")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("order_key", models.CharField(max_length=120, verbose_name="order key")),
                ("sameness_key", models.CharField(max_length=200, verbose_name="sameness key")),
                ("content", models.BinaryField(verbose_name="content")),
                ("content_type", models.CharField(max_length=80, verbose_name="content type")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "being sent"),
                            ("delivered", "delivered"),
                            ("refused", "refused"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0, verbose_name="tries")),
                ("since", models.DateTimeField(verbose_name="waits since")),
                (
                    "next_attempt_at",
                    models.DateTimeField(null=True, verbose_name="next attempt at"),
                ),
                ("claim", models.UUIDField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                (
                    "ticket",
                    models.TextField(blank=True, verbose_name="the partner's handle"),
                ),
                ("queued_at", models.DateTimeField(verbose_name="queued at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "mission",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dispatch.mission",
                        verbose_name="mission",
                    ),
                ),
                (
                    "queued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="ehr_prehospital.partner",
                        verbose_name="partner",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.CreateModel(
            name="DeliveryAttempt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("began_at", models.DateTimeField(verbose_name="began at")),
                ("ended_at", models.DateTimeField(verbose_name="ended at")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("delivered", "delivered"),
                            ("pending", "pending"),
                            ("later", "later"),
                            ("refused", "refused"),
                            ("interrupted", "interrupted"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="code")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("said", models.TextField(blank=True, verbose_name="answer")),
                ("remarks", models.JSONField(default=list, verbose_name="remarks")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="ehr_prehospital.delivery",
                        verbose_name="delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "constraints": [
                    models.UniqueConstraint(fields=("delivery", "number"), name="attempt_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="partner",
            constraint=models.UniqueConstraint(
                fields=("centre", "name"), name="partner_name_once_a_centre"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])),
                fields=["partner", "order_key", "number"],
                name="delivery_open_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["mission"], name="delivery_of_mission"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("partner", "sameness_key"), name="delivery_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("claim__isnull", True),
                        ("next_attempt_at__isnull", False),
                        ("state", "waiting"),
                    ),
                    models.Q(
                        ("claim__isnull", False),
                        ("claimed_until__isnull", False),
                        ("state", "sending"),
                    ),
                    models.Q(
                        ("claim__isnull", True),
                        ("ended_at__isnull", False),
                        ("state__in", ["delivered", "refused", "cancelled"]),
                    ),
                    _connector="OR",
                ),
                name="delivery_state_has_its_times",
            ),
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
