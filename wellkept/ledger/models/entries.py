from __future__ import annotations

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """A balanced entry, written once after its postings. `lines` says how many they are; nothing is ever added to them."""

    book = models.ForeignKey("Book", on_delete=models.PROTECT, related_name="entries", db_index=False)
    number = models.BigIntegerField()  # per book from 1, without gaps
    dated_on = models.DateField()
    posted_at = models.DateTimeField()
    posted_by = models.BigIntegerField(null=True)  # staff id; empty when the system posts
    source = models.CharField(max_length=20)  # bank, manual, opening, import, reversal, exchange, closing
    key = models.CharField(max_length=160)  # the same key again is the same entry
    narration = models.CharField(max_length=500, blank=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    override_reason = models.CharField(max_length=500, blank=True)  # why it stands in a soft-closed period
    lines = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="entry_number_once"),
            models.UniqueConstraint(fields=["book", "key"], name="entry_key_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="entry_numbers_from_one"),
            models.CheckConstraint(condition=Q(lines__gte=2), name="entry_has_two_sides"),
            models.CheckConstraint(condition=~Q(key=""), name="entry_has_a_key"),
        ]
        indexes = [
            models.Index(fields=["book", "dated_on", "number"], name="entry_by_day"),
            models.Index(fields=["book", "dated_on"], condition=Q(source="closing"), name="entry_closing"),
            models.Index(fields=["book", "dated_on"], condition=Q(source="opening"), name="entry_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Posting(models.Model):
    """One line of an entry: debit above zero, credit below, in the book's currency, with what it was in another."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings", db_index=False)
    position = models.PositiveIntegerField()  # from 1
    account = models.ForeignKey("Account", on_delete=models.PROTECT, related_name="postings", db_index=False)
    dated_on = models.DateField()  # the entry's, so that an account's page is one index
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)  # empty: the book's
    foreign_minor = models.BigIntegerField(default=0)
    text = models.CharField(max_length=300, blank=True)
    tax_code = models.ForeignKey("TaxCode", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["entry_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="posting_position_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0, foreign_minor=0), name="posting_moves_something"),
            models.CheckConstraint(condition=~Q(currency="") | Q(foreign_minor=0), name="posting_names_its_currency"),
        ]
        indexes = [
            models.Index(fields=["account", "dated_on", "id", "amount_minor"], name="posting_by_account"),
            models.Index(
                fields=["tax_code", "dated_on"], condition=Q(tax_code__isnull=False), name="posting_by_tax_code"
            ),
        ]

    @property
    def debit_minor(self) -> int:
        return max(self.amount_minor, 0)

    @property
    def credit_minor(self) -> int:
        return max(-self.amount_minor, 0)


class PostingTag(models.Model):
    """A tag on a posting."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="posting_tags", db_index=False)
    tag = models.ForeignKey("Tag", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["posting", "tag"], name="posting_tag_once")]
