"""History cannot be rewritten by a bug: the journal refuses UPDATE and DELETE."""

from django.db import migrations

MAKE = """
CREATE FUNCTION dispatch_journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER dispatch_journal_is_append_only BEFORE UPDATE OR DELETE ON dispatch_entry
    FOR EACH ROW EXECUTE FUNCTION dispatch_journal_is_append_only();
"""
UNMAKE = """
DROP TRIGGER dispatch_journal_is_append_only ON dispatch_entry;
DROP FUNCTION dispatch_journal_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
