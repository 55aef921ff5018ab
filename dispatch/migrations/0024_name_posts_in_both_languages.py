from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_both(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """An accepted proposal kept both names; its posting had only its dispatcher's."""
    incidents = apps.get_model("dispatch", "Incident").objects
    accepted = apps.get_model("dispatch", "MoveUp").objects.filter(mission__isnull=False)
    for made in accepted.iterator():
        incidents.filter(missions=made.mission_id).update(
            place_label=made.point_en or made.point_zh, place_label_zh=made.point_zh
        )


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0023_places_in_both_languages"),
    ]

    operations = [
        migrations.RunPython(name_both, migrations.RunPython.noop),
    ]
