"""Nor can entries and closed versions be emptied: TRUNCATE needs a refusal of its own."""

from django.db import migrations

MAKE = """
CREATE TRIGGER ehr_prehospital_entry_is_not_emptied
    BEFORE TRUNCATE ON ehr_prehospital_recordentry
    FOR EACH STATEMENT EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_version_is_not_emptied
    BEFORE TRUNCATE ON ehr_prehospital_recordversion
    FOR EACH STATEMENT EXECUTE FUNCTION ehr_prehospital_is_append_only();
"""
UNMAKE = """
DROP TRIGGER ehr_prehospital_entry_is_not_emptied ON ehr_prehospital_recordentry;
DROP TRIGGER ehr_prehospital_version_is_not_emptied ON ehr_prehospital_recordversion;
"""


class Migration(migrations.Migration):
    dependencies = [("ehr_prehospital", "0002_records_are_append_only")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
