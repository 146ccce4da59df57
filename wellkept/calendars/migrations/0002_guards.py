"""The database itself keeps a calendar version as it was drawn up."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
CREATE TRIGGER calendars_version_stays BEFORE UPDATE ON calendars_calendarversion
BEGIN SELECT RAISE(ABORT, 'A calendar version is never changed; draw up the next one.'); END;
"""
POSTGRESQL = """
CREATE FUNCTION calendars_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'A calendar version is never changed; draw up the next one.' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER calendars_version_stays BEFORE UPDATE ON calendars_calendarversion
FOR EACH ROW EXECUTE FUNCTION calendars_version_stays();
"""


def guard(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE, params=None)


def lift(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION calendars_version_stays() CASCADE", params=None)
    else:
        editor.execute("DROP TRIGGER calendars_version_stays", params=None)


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]
    operations = [migrations.RunPython(guard, lift)]
