from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE core_searchindex USING fts5(
         scope, words, content='core_searchdocument', content_rowid='id',
         tokenize='unicode61 remove_diacritics 0', prefix='1 2 3', detail='full')""",
    """CREATE TRIGGER core_search_insert AFTER INSERT ON core_searchdocument BEGIN
         INSERT INTO core_searchindex(rowid, scope, words) VALUES (new.id, new.scope, new.words); END""",
    """CREATE TRIGGER core_search_delete AFTER DELETE ON core_searchdocument BEGIN
         INSERT INTO core_searchindex(core_searchindex, rowid, scope, words)
         VALUES ('delete', old.id, old.scope, old.words); END""",
    """CREATE TRIGGER core_search_update AFTER UPDATE OF scope, words ON core_searchdocument BEGIN
         INSERT INTO core_searchindex(core_searchindex, rowid, scope, words)
         VALUES ('delete', old.id, old.scope, old.words);
         INSERT INTO core_searchindex(rowid, scope, words) VALUES (new.id, new.scope, new.words); END""",
]
POSTGRESQL = [
    """ALTER TABLE core_searchdocument ADD COLUMN found tsvector
         GENERATED ALWAYS AS (to_tsvector('simple', scope || ' ' || words)) STORED""",
    "CREATE INDEX search_found ON core_searchdocument USING gin (found)",
    "ALTER TABLE core_searchdocument ALTER COLUMN found SET STATISTICS 1000",
]


def install(apps, editor):
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def remove(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE core_searchdocument DROP COLUMN found")
        return
    for name in ("insert", "delete", "update"):
        editor.execute(f"DROP TRIGGER core_search_{name}")
    editor.execute("DROP TABLE core_searchindex")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards")]
    operations = [migrations.RunPython(install, remove)]
