from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Account(models.Model):
    """A line of a client's chart. Its type and currency never change; a merged one shows its postings under another."""

    class Type(models.TextChoices):
        ASSET = "asset"
        LIABILITY = "liability"
        EQUITY = "equity"
        INCOME = "income"
        EXPENSE = "expense"

    book = models.ForeignKey("Book", on_delete=models.PROTECT, related_name="accounts", db_index=False)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=9, choices=Type)
    purpose = models.CharField(max_length=24, blank=True)  # see rules.charts.PURPOSES
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    currency = models.CharField(max_length=3, blank=True)  # empty: the book's
    tax_code = models.ForeignKey("TaxCode", null=True, on_delete=models.PROTECT, related_name="+")  # usual here
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    deactivated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="account_code_once"),
            models.CheckConstraint(
                condition=Q(type__in=["asset", "liability", "equity", "income", "expense"]), name="account_type_known"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="account_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="account_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_active(self) -> bool:
        """Whether anything new may be posted here."""
        return self.deactivated_at is None and self.merged_into_id is None


class AccountChange(models.Model):
    """What was changed about an account; only ever added."""

    class What(models.TextChoices):
        ADDED = "added"
        NAME = "name"
        CODE = "code"
        PARENT = "parent"
        TAX_CODE = "tax_code"
        MERGED = "merged"
        DEACTIVATED = "deactivated"
        REACTIVATED = "reactivated"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=12, choices=What)
    before = models.CharField(max_length=160, blank=True)
    after = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["id"]


class TaxCode(models.Model):
    """A rate of sales or purchase tax and the account it is owed or reclaimed on. A new rate is a new code."""

    class Kind(models.TextChoices):
        SALES = "sales"
        PURCHASE = "purchase"
        NONE = "none"  # outside the tax, or at no rate on both sides

    book = models.ForeignKey("Book", on_delete=models.PROTECT, related_name="tax_codes", db_index=False)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    rate_basis_points = models.PositiveIntegerField()  # 1500 is 15%
    kind = models.CharField(max_length=8, choices=Kind)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="tax_code_once"),
            models.CheckConstraint(condition=Q(rate_basis_points__lte=10_000), name="tax_rate_is_a_rate"),
            models.CheckConstraint(
                condition=Q(rate_basis_points=0) | Q(account__isnull=False), name="tax_rate_has_an_account"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Dimension(models.Model):
    """One way of cutting a client's figures: department, project, property."""

    book = models.ForeignKey("Book", on_delete=models.PROTECT, related_name="dimensions", db_index=False)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["book", "name"], name="dimension_once")]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """One value of a dimension. A posting carries at most one tag of each."""

    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="tags", db_index=False)
    name = models.CharField(max_length=80)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["dimension", "name"], name="tag_once")]

    def __str__(self) -> str:
        return self.name
