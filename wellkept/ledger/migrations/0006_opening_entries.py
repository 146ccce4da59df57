"""Opening entries of a stretch are found without reading its other entries."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_balances_of_a_book")]
    operations = [
        migrations.AddIndex(
            "entry",
            models.Index(fields=["book", "dated_on"], condition=models.Q(source="opening"), name="entry_opening"),
        ),
    ]
