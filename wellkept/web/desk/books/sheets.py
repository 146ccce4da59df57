"""The budget and the opening balances as sheets of fields: what stands there, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from wellkept.core.money import parse
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.ledger.actions import PostingDraft
from wellkept.ledger.models import Account, Book, Budget
from wellkept.web.desk.books.entering import NotEntered
from wellkept.web.desk.books.times import months_later
from wellkept.web.exports.figures import plain

MONTHS = 12
PAGE = 50


@dataclass(frozen=True)
class SheetCell:
    name: str
    value: str
    label: str


@dataclass(frozen=True)
class SheetRow:
    account: Account
    cells: list[SheetCell]
    total: int


@dataclass(frozen=True)
class BudgetSheet:
    """Some accounts by the twelve months of a fiscal year."""

    months: list[date]
    rows: list[SheetRow]
    next: str | None


def budget(book: Book, first: date, after: str, places: int, names: Mapping[int, str]) -> BudgetSheet:
    """Fifty income and expense accounts a page, those in use."""
    every = ledger.accounts_in_use(book).filter(type__in=("income", "expense"), code__gt=after)
    accounts = list(every[: PAGE + 1])
    months = [months_later(first, n) for n in range(MONTHS)]
    planned = {
        (account, month): amount
        for account, month, amount in Budget.objects.filter(
            account__in=accounts, month__gte=first, month__lt=months_later(first, MONTHS)
        ).values_list("account", "month", "amount_minor")
    }
    rows = [_budget_row(account, months, planned, places, names) for account in accounts[:PAGE]]
    return BudgetSheet(months, rows, accounts[PAGE - 1].code if len(accounts) > PAGE else None)


def _budget_row(
    account: Account,
    months: Sequence[date],
    planned: Mapping[tuple[int, date], int],
    places: int,
    names: Mapping[int, str],
) -> SheetRow:
    cells = [
        SheetCell(
            name=f"{account.pk}.{month:%Y-%m}",
            value=plain(planned[account.pk, month], places) if (account.pk, month) in planned else "",
            label=f"{account.name}, {names[month.month]}",
        )
        for month in months
    ]
    return SheetRow(account, cells, sum(planned.get((account.pk, month), 0) for month in months))


def typed_budget(
    posted: Mapping[str, str], accounts: Sequence[Account], months: Sequence[date], currency: str
) -> dict[tuple[int, date], int]:
    """What the sheet says of each account and month; an empty field plans nothing."""
    found: dict[tuple[int, date], int] = {}
    for account in accounts:
        for month in months:
            name = f"{account.pk}.{month:%Y-%m}"
            if name in posted:
                found[account.pk, month] = _amount(posted[name], currency, f"{account.name}, {month:%Y-%m}", name)
    return found


def opening_lines(posted: Mapping[str, str], accounts: Sequence[Account], currency: str) -> list[PostingDraft]:
    """One line an account with a balance; debits and credits in two columns, as on a trial balance."""
    lines = []
    for account in accounts:
        debit = _amount(posted.get(f"debit-{account.pk}", ""), currency, account.name, f"debit-{account.pk}")
        credit = _amount(posted.get(f"credit-{account.pk}", ""), currency, account.name, f"credit-{account.pk}")
        if debit and credit:
            raise NotEntered(
                _("%(account)s: write the balance on one side.") % {"account": account.name},
                field=f"credit-{account.pk}",
            )
        if debit or credit:
            foreign = _foreign(posted, account, debit - credit)
            lines.append(PostingDraft(account, debit - credit, account.currency, foreign))
    return lines


def _foreign(posted: Mapping[str, str], account: Account, base: int) -> int:
    if not account.currency:
        return 0
    found = abs(
        _amount(posted.get(f"foreign-{account.pk}", ""), account.currency, account.name, f"foreign-{account.pk}")
    )
    if not found:
        raise NotEntered(
            _("%(account)s: write the balance in %(currency)s too.")
            % {"account": account.name, "currency": account.currency},
            field=f"foreign-{account.pk}",
        )
    return found if base >= 0 else -found


def _amount(text: str, currency: str, of: str, field: str) -> int:
    if not text.strip():
        return 0
    try:
        return parse(text, currency).minor
    except Refusal as refusal:
        raise NotEntered(f"{of}: {refusal}", field=field) from refusal
