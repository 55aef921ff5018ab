"""Official code lists as an operator loads them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ehr_prehospital", "0013_deliveries"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficialList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=20, verbose_name="source")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("version", models.CharField(blank=True, max_length=40, verbose_name="version")),
                (
                    "elements",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        size=None,
                        verbose_name="elements",
                    ),
                ),
                ("loaded_at", models.DateTimeField(verbose_name="loaded at")),
            ],
            options={
                "verbose_name": "official code list",
                "verbose_name_plural": "official code lists",
                "constraints": [
                    models.UniqueConstraint(fields=("source", "name"), name="official_list_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OfficialCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                ("system", models.CharField(max_length=10, verbose_name="code system")),
                ("code", models.CharField(max_length=24, verbose_name="code")),
                ("name", models.CharField(max_length=300, verbose_name="name")),
                ("category", models.CharField(blank=True, max_length=80, verbose_name="category")),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="ehr_prehospital.officiallist",
                        verbose_name="list",
                    ),
                ),
            ],
            options={
                "verbose_name": "official code",
                "verbose_name_plural": "official codes",
                "constraints": [
                    models.UniqueConstraint(fields=("list", "place"), name="official_code_once")
                ],
            },
        ),
    ]
