from __future__ import annotations

from django.db import models
from django.db.models import Q


class BankAccount(models.Model):
    """A bank, card, payment-provider or cash account of a client, and the account of its book that mirrors it."""

    class Kind(models.TextChoices):
        BANK = "bank"
        CARD = "card"
        PSP = "psp"
        CASH = "cash"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="bank_accounts")
    account = models.OneToOneField("ledger.Account", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=4, choices=Kind)
    currency = models.CharField(max_length=3)
    identifier = models.CharField(max_length=60, blank=True)  # as people read it; of a card only the last four digits
    digest = models.CharField(max_length=64, blank=True)  # keyed digest of the whole identifier, to know it in a file
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            # A statement of another client's account must be recognised as such, so an identifier has one owner.
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="bank_account_once"),
        ]

    def __str__(self) -> str:
        return self.name
