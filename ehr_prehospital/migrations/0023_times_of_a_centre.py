"""Times of alerts that name no hospital belong to one dispatch centre."""

import uuid

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def give_to_each_centre(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What counted everywhere counts everywhere on: as a setting of each centre of its own."""
    timing = apps.get_model("ehr_prehospital", "AlertTiming")
    centres = apps.get_model("dispatch", "Organisation").objects.filter(kind="dispatch_centre")
    for row in timing.objects.filter(hospital=None, centre=None):
        for centre in centres:
            timing.objects.create(
                id=uuid.uuid4(), centre=centre, urgency=row.urgency, after_s=row.after_s
            )
        row.delete()
    # Or the checks that wait for the commit forbid the constraints below.
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def keep_of_one_centre(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The old shape knows one setting for all: what the centres say goes, the delivered one holds."""
    apps.get_model("ehr_prehospital", "AlertTiming").objects.filter(hospital=None).delete()
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0001_initial"),
        ("ehr_prehospital", "0021_consults"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="alerttiming", name="one_timing_of_hospital_and_urgency"
        ),
        migrations.AddField(
            model_name="alerttiming",
            name="centre",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dispatch.organisation",
                verbose_name="dispatch centre",
            ),
        ),
        migrations.AlterField(
            model_name="alerttiming",
            name="hospital",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dispatch.organisation",
                verbose_name="hospital",
            ),
        ),
        migrations.RunPython(give_to_each_centre, keep_of_one_centre),
        migrations.AddConstraint(
            model_name="alerttiming",
            constraint=models.UniqueConstraint(
                fields=("centre", "hospital", "urgency"),
                name="one_timing_of_its_owner_and_urgency",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="alerttiming",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("centre__isnull", False), ("hospital__isnull", True)),
                    models.Q(("centre__isnull", True), ("hospital__isnull", False)),
                    _connector="OR",
                ),
                name="timing_of_a_hospital_or_a_centre",
            ),
        ),
    ]
