"""Nor can the journal be emptied in one go: TRUNCATE asks no row, so it needs its own refusal."""

from django.db import migrations

MAKE = """
CREATE TRIGGER dispatch_journal_is_not_emptied BEFORE TRUNCATE ON dispatch_entry
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch_journal_is_append_only();
"""
UNMAKE = "DROP TRIGGER dispatch_journal_is_not_emptied ON dispatch_entry;"


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_journal_is_append_only")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
