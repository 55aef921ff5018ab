"""Entries in groups, with several parents, device times and problems.

Entries are append-only: those that are there keep their one parent in its own column, new ones
name theirs in `replaces`. Backwards, what was said in the new columns is lost, no entry is.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ehr_prehospital", "0007_clocks_of_readings")]
    operations = [
        migrations.RemoveConstraint(model_name="recordentry", name="entry_value_or_not_value"),
        migrations.RemoveConstraint(model_name="recordentry", name="entry_does_not_replace_itself"),
        migrations.AlterField(
            model_name="recordentry",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                db_column="replaces_id",
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ehr_prehospital.recordentry",
            ),
        ),
        migrations.RenameField(model_name="recordentry", old_name="replaces", new_name="parent"),
        migrations.AddConstraint(
            model_name="recordentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent__isnull", True))
                | models.Q(("parent", models.F("id")), _negated=True),
                name="entry_does_not_replace_itself",
            ),
        ),
        migrations.AddField(
            model_name="recordentry",
            name="group",
            field=models.UUIDField(blank=True, null=True, verbose_name="group"),
        ),
        migrations.AddField(
            model_name="recordentry",
            name="replaces",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="replaces",
            ),
        ),
        migrations.AddField(
            model_name="recordentry",
            name="device_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="measured at"),
        ),
        migrations.AddField(
            model_name="recordentry",
            name="reading_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="recordentry",
            name="problems",
            field=models.JSONField(
                blank=True, db_default=[], default=list, verbose_name="problems"
            ),
        ),
        migrations.AlterField(
            model_name="recordentry",
            name="source",
            field=models.CharField(
                choices=[
                    ("crew", "crew"),
                    ("device", "device"),
                    ("dispatch", "dispatch"),
                    ("document", "document"),
                    ("tablet", "tablet"),
                    ("vehicle", "vehicle"),
                ],
                max_length=10,
                verbose_name="source",
            ),
        ),
    ]
