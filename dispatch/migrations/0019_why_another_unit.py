from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0016_zones_and_notes"),
    ]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_answer", "crew does not answer"),
                    ("nearer", "a nearer unit is free"),
                ],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recommendation",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE dispatch_recommendation SET because = 'no_answer' "
            "WHERE instead_of_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
