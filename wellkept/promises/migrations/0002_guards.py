"""The database itself keeps every line of a promise's life as it was written."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
CREATE TRIGGER promises_event_stays BEFORE UPDATE ON promises_promiseevent
BEGIN SELECT RAISE(ABORT, 'The events of a promise are only added to.'); END;
"""
POSTGRESQL = """
CREATE FUNCTION promises_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'The events of a promise are only added to.' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER promises_event_stays BEFORE UPDATE ON promises_promiseevent
FOR EACH ROW EXECUTE FUNCTION promises_event_stays();
"""


def guard(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE, params=None)


def lift(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION promises_event_stays() CASCADE", params=None)
    else:
        editor.execute("DROP TRIGGER promises_event_stays", params=None)


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_initial")]
    operations = [migrations.RunPython(guard, lift)]
