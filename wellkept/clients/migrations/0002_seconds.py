"""Targets count seconds: a call is answered in 20 of them, which no whole minute can say."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q

COLUMNS = ("seconds", "strict_seconds", "average_seconds")


def to_seconds(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("clients", "Target").objects.update(**{name: F(name) * 60 for name in COLUMNS})


def to_minutes(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Rounded up, so that nothing is promised sooner than it was."""
    apps.get_model("clients", "Target").objects.update(**{name: (F(name) + 59) / 60 for name in COLUMNS})


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]
    operations = [
        migrations.RemoveConstraint("target", "target_above_zero"),
        migrations.RemoveConstraint("target", "target_strict_is_stricter"),
        migrations.RemoveConstraint("target", "target_average_above_zero"),
        migrations.RenameField("target", "minutes", "seconds"),
        migrations.RenameField("target", "strict_minutes", "strict_seconds"),
        migrations.RenameField("target", "average_minutes", "average_seconds"),
        migrations.RunPython(to_seconds, to_minutes),
        migrations.AddConstraint(
            "target", models.CheckConstraint(condition=Q(seconds__gt=0), name="target_above_zero")
        ),
        migrations.AddConstraint(
            "target",
            models.CheckConstraint(
                condition=Q(strict_seconds=None) | Q(strict_seconds__gt=0, strict_seconds__lte=F("seconds")),
                name="target_strict_is_stricter",
            ),
        ),
        migrations.AddConstraint(
            "target",
            models.CheckConstraint(
                condition=Q(average_seconds=None) | Q(average_seconds__gt=0), name="target_average_above_zero"
            ),
        ),
    ]
