"""The ledger of controlled drugs, append-only like the record."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MAKE = """
CREATE TRIGGER ehr_prehospital_controlled_is_append_only
    BEFORE UPDATE OR DELETE ON ehr_prehospital_controlledmove
    FOR EACH ROW EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_controlled_is_not_emptied
    BEFORE TRUNCATE ON ehr_prehospital_controlledmove
    FOR EACH STATEMENT EXECUTE FUNCTION ehr_prehospital_is_append_only();
"""
UNMAKE = """
DROP TRIGGER ehr_prehospital_controlled_is_append_only ON ehr_prehospital_controlledmove;
DROP TRIGGER ehr_prehospital_controlled_is_not_emptied ON ehr_prehospital_controlledmove;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0022_tablets"),
        ("ehr_prehospital", "0010_attachments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ControlledMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("given", "given to a patient"),
                            ("wasted", "wasted"),
                            ("returned", "returned"),
                            ("counted", "counted"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("drug", models.CharField(max_length=40, verbose_name="drug")),
                ("batch", models.CharField(blank=True, max_length=40, verbose_name="batch")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=12, verbose_name="amount"),
                ),
                ("unit", models.CharField(max_length=10, verbose_name="unit")),
                ("entry_id", models.UUIDField(null=True, verbose_name="entry")),
                ("witness", models.CharField(blank=True, max_length=80, verbose_name="witness")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("occurred_at", models.DateTimeField(verbose_name="occurred at")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "ambulance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dispatch.ambulance",
                        verbose_name="ambulance",
                    ),
                ),
            ],
            options={
                "verbose_name": "controlled drug move",
                "verbose_name_plural": "controlled drug moves",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ambulance", "number"), name="one_place_in_the_chain_of_a_vehicle"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="controlled_amount_not_below_0"
                    ),
                ],
            },
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
