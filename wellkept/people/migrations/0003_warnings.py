"""When owners are warned is the firm's own choice."""

import wellkept.people.models
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_own_keys")]
    operations = [
        migrations.AddField("firm", "warn_percents", models.JSONField(default=wellkept.people.models.usual_warnings))
    ]
