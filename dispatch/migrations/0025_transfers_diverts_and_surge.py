"""Incidents between hospitals, diverts that end by themselves, surge capacity."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0024_name_posts_in_both_languages"),
    ]

    operations = [
        migrations.AddField(
            model_name="hospital",
            name="divert_expired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="hospital",
            name="divert_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="on divert since"),
        ),
        migrations.AddField(
            model_name="hospital",
            name="surge",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, verbose_name="surge capacity"
            ),
        ),
        migrations.AddField(
            model_name="hospital",
            name="surge_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="surge declared at"),
        ),
        migrations.AddField(
            model_name="hospital",
            name="surge_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="surge until"),
        ),
        migrations.AddField(
            model_name="incident",
            name="destination",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dispatch.organisation",
                verbose_name="destination",
            ),
        ),
        migrations.AlterField(
            model_name="incident",
            name="kind",
            field=models.CharField(
                choices=[
                    ("emergency", "emergency"),
                    ("relocation", "relocation"),
                    ("standby", "standby"),
                    ("transfer", "inter-hospital transfer"),
                ],
                db_default="emergency",
                default="emergency",
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="moveup",
            name="kind",
            field=models.CharField(
                choices=[
                    ("emergency", "emergency"),
                    ("relocation", "relocation"),
                    ("standby", "standby"),
                    ("transfer", "inter-hospital transfer"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "transfer"), _negated=True),
                    ("destination__isnull", False),
                    _connector="OR",
                ),
                name="transfer_knows_where_to",
            ),
        ),
    ]
