"""Every message knows whether it waits for an answer, wherever it is moved."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery


def mark_what_waits(apps, schema_editor):
    """Whatever came from a person since the conversation's first unanswered message waits."""
    Conversation = apps.get_model("conversations", "Conversation")
    Message = apps.get_model("conversations", "Message")
    waiting = Conversation.objects.filter(unanswered_since__isnull=False)
    since = waiting.filter(pk=OuterRef("conversation_id")).values("unanswered_since")
    theirs = Message.objects.filter(conversation__in=waiting.values("pk"), kind="in", automatic="")
    theirs.filter(at__gte=Subquery(since)).update(waits_since=F("at"))


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_look_again")]
    operations = [
        migrations.AddField("message", "waits_since", models.DateTimeField(null=True)),
        migrations.RunPython(mark_what_waits, migrations.RunPython.noop),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["conversation", "waits_since"],
                condition=Q(waits_since__isnull=False),
                name="message_waits",
            ),
        ),
    ]
