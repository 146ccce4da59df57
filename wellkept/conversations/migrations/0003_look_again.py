"""When a conversation that waits for the client is looked at again. One that waits already is to be looked at now."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_priority")]
    operations = [
        migrations.AddField("conversation", "look_again_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["look_again_at"],
                condition=Q(resolved_at=None, merged_into=None) & Q(look_again_at__isnull=False),
                name="conversation_look_again",
            ),
        ),
    ]
