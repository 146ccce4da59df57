"""Promises count seconds, as the targets they were made under."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def to_seconds(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _promises(apps).update(seconds=F("seconds") * 60)


def to_minutes(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Rounded up, so that nothing is promised sooner than it was."""
    _promises(apps).update(seconds=(F("seconds") + 59) / 60)


def _promises(apps: Apps):  # type: ignore[no-untyped-def]
    return apps.get_model("promises", "Promise").objects.exclude(seconds=None)


class Migration(migrations.Migration):
    dependencies = [("promises", "0002_guards")]
    operations = [
        migrations.RenameField("promise", "minutes", "seconds"),
        migrations.RunPython(to_seconds, to_minutes),
    ]
