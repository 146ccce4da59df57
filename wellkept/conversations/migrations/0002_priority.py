"""The database knows the priorities too."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "conversation",
            models.CheckConstraint(
                condition=Q(priority__in=("urgent", "high", "", "low")), name="conversation_priority_known"
            ),
        )
    ]
