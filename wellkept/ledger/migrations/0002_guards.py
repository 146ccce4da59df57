"""The database itself refuses what would break a book."""

from django.db import migrations

from wellkept.core import guards


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("ledger", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: guards.install(editor.connection),
            lambda apps, editor: guards.remove(editor.connection),
        )
    ]
