from django.db import migrations

from wellkept.core import guards


class Migration(migrations.Migration):
    dependencies = [("banking", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: guards.install(editor.connection),
            lambda apps, editor: guards.remove(editor.connection),
        )
    ]
