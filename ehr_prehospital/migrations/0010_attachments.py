"""Files of a record: photographs and papers, append-only like its entries."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MAKE = """
CREATE TRIGGER ehr_prehospital_attachment_is_append_only
    BEFORE UPDATE OR DELETE ON ehr_prehospital_attachment
    FOR EACH ROW EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_attachment_is_not_emptied
    BEFORE TRUNCATE ON ehr_prehospital_attachment
    FOR EACH STATEMENT EXECUTE FUNCTION ehr_prehospital_is_append_only();
"""
UNMAKE = """
DROP TRIGGER ehr_prehospital_attachment_is_append_only ON ehr_prehospital_attachment;
DROP TRIGGER ehr_prehospital_attachment_is_not_emptied ON ehr_prehospital_attachment;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0022_tablets"),
        ("ehr_prehospital", "0009_patients_that_are_one"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="file name")),
                ("media_type", models.CharField(max_length=40, verbose_name="kind of file")),
                ("sha256", models.BinaryField(max_length=32)),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("content", models.BinaryField(verbose_name="content")),
                ("occurred_at", models.DateTimeField(verbose_name="occurred at")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dispatch.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)), name="attachment_not_empty"
                    )
                ],
            },
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
