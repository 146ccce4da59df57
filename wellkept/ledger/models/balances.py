"""Roll-ups kept in the transaction of the posting. They can be thrown away and rebuilt from the postings."""

from __future__ import annotations

from django.db import models


class Span(models.IntegerChoices):
    """How long a balance row is. Any stretch of days is a few of each; an account's balance on any day under forty rows."""

    DAY = 1
    THIRD = 2  # of a month: from the 1st, the 11th, the 21st
    MONTH = 3
    QUARTER = 4
    YEAR = 5


class Balance(models.Model):
    """What was posted to an account within a day, a third, a month, a quarter or a year, by currency ('': the book's)."""

    book = models.ForeignKey("Book", on_delete=models.PROTECT, related_name="+", db_index=False)  # the account's
    account = models.ForeignKey("Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    span = models.PositiveSmallIntegerField(choices=Span)
    starts_on = models.DateField()
    currency = models.CharField(max_length=3, blank=True)
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    foreign_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "span", "starts_on", "currency"], name="balance_once")
        ]
        indexes = [models.Index(fields=["book", "span", "starts_on"], name="balance_of_book")]


class TagBalance(models.Model):
    """The same for the postings that carry a tag."""

    tag = models.ForeignKey("Tag", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey("Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    span = models.PositiveSmallIntegerField(choices=Span)
    starts_on = models.DateField()
    currency = models.CharField(max_length=3, blank=True)
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    foreign_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag", "account", "span", "starts_on", "currency"], name="tag_balance_once")
        ]


class Budget(models.Model):
    """What was planned for an account in a month, on its natural side: income earned, expense spent."""

    account = models.ForeignKey("Account", on_delete=models.PROTECT, related_name="budgets", db_index=False)
    month = models.DateField()
    amount_minor = models.BigIntegerField()
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["month"]
        constraints = [models.UniqueConstraint(fields=["account", "month"], name="budget_once")]
