"""Budgets: what is planned for an account in a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.money import LARGEST
from wellkept.core.refusals import Refusal
from wellkept.ledger.actions.taking import allow, take
from wellkept.ledger.models import Account, Book, Budget
from wellkept.ledger.rules.charts import PROFIT_TYPES
from wellkept.ledger.rules.lines import AccountElsewhere, AmountTooLarge
from wellkept.ledger.rules.months import month_of

if TYPE_CHECKING:
    from wellkept.people.models import Staff

MOST_AT_ONCE = 20_000


class NotPlanned(Refusal):
    """Only income and expenses are planned."""


class TooManyFigures(Refusal):
    """A budget has a limit."""


@transaction.atomic
def set_budget(*, book: Book, amounts: Mapping[tuple[int, date], int], by: Staff | None, at: datetime) -> list[Budget]:
    """Plan `amounts` by account id and month, on the natural side: income earned, expense spent. Zero takes a plan away."""
    allow(book=book, by=by)
    take(book=book)
    if len(amounts) > MOST_AT_ONCE:
        raise TooManyFigures(_("At most %(limit)d figures are planned at once.") % {"limit": MOST_AT_ONCE})
    _check(book, amounts)
    who = None if by is None else by.pk
    figures = {(pk, month_of(on)): amount for (pk, on), amount in amounts.items()}
    for pk, month in (key for key, amount in figures.items() if not amount):
        Budget.objects.filter(account=pk, month=month).delete()
    rows = [
        Budget(account_id=pk, month=month, amount_minor=amount, set_at=at, set_by=who)
        for (pk, month), amount in figures.items()
        if amount
    ]
    written = Budget.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["account", "month"],
        update_fields=["amount_minor", "set_at", "set_by"],
        batch_size=500,
    )
    record("budget.set", at=at, by=by, client=book.client_id, book=book.pk, figures=len(figures))
    return written


def _check(book: Book, amounts: Mapping[tuple[int, date], int]) -> None:
    wanted = {pk for pk, _month in amounts}
    types = dict(Account.objects.filter(book=book, pk__in=wanted).values_list("pk", "type"))
    if len(types) != len(wanted):
        raise AccountElsewhere(_("This account is not in this client's book."), field="account")
    if not set(types.values()) <= PROFIT_TYPES:
        raise NotPlanned(_("Only income and expenses have a budget."), field="account")
    if any(abs(amount) > LARGEST for amount in amounts.values()):
        raise AmountTooLarge(_("The amount is larger than any we keep."), field="amount")
