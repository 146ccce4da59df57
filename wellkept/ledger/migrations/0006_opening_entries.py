"""Opening entries of a stretch are found without reading its other entries; a file brought in can be taken back."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_balances_of_a_book")]
    operations = [
        migrations.AddIndex(
            "entry",
            models.Index(fields=["book", "dated_on"], condition=Q(source="opening"), name="entry_opening"),
        ),
        migrations.AddField("historyfile", "undo_asked_at", models.DateTimeField(null=True)),
        migrations.AddField("historyfile", "undo_asked_by", models.BigIntegerField(null=True)),
        migrations.AddField("historyfile", "undo_reason", models.CharField(blank=True, default="", max_length=500), preserve_default=False),
        migrations.AddField("historyfile", "undone_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "historyfile",
            models.CheckConstraint(
                condition=Q(undo_asked_at=None) | Q(posted_at__isnull=False), name="history_posted_before_taken_back"
            ),
        ),
        migrations.AddConstraint(
            "historyfile",
            models.CheckConstraint(
                condition=Q(undone_at=None) | (Q(undo_asked_at__isnull=False) & ~Q(undo_reason="")),
                name="history_taken_back_with_reason",
            ),
        ),
    ]
