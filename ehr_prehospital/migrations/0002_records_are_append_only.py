"""A record cannot be rewritten by a bug: entries and closed versions refuse UPDATE and DELETE."""

from django.db import migrations

MAKE = """
CREATE FUNCTION ehr_prehospital_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER ehr_prehospital_entry_is_append_only
    BEFORE UPDATE OR DELETE ON ehr_prehospital_recordentry
    FOR EACH ROW EXECUTE FUNCTION ehr_prehospital_is_append_only();
CREATE TRIGGER ehr_prehospital_version_is_append_only
    BEFORE UPDATE OR DELETE ON ehr_prehospital_recordversion
    FOR EACH ROW EXECUTE FUNCTION ehr_prehospital_is_append_only();
"""
UNMAKE = """
DROP TRIGGER ehr_prehospital_entry_is_append_only ON ehr_prehospital_recordentry;
DROP TRIGGER ehr_prehospital_version_is_append_only ON ehr_prehospital_recordversion;
DROP FUNCTION ehr_prehospital_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("ehr_prehospital", "0001_tables")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
