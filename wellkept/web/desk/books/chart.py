"""The chart of accounts as a page shows it: by type, each below its parent, with what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Account, AccountChange, Book
from wellkept.ledger.rules.charts import PURPOSES, natural
from wellkept.people import queries as people
from wellkept.web.shell.words import Reader, when

TYPES = {
    "asset": gettext_lazy("Assets"),
    "liability": gettext_lazy("Liabilities"),
    "equity": gettext_lazy("Equity"),
    "income": gettext_lazy("Income"),
    "expense": gettext_lazy("Expenses"),
}
PURPOSE_WORDS = {
    "": gettext_lazy("Nothing in particular"),
    "bank": gettext_lazy("Bank account"),
    "cash": gettext_lazy("Cash"),
    "card": gettext_lazy("Credit card"),
    "receivable": gettext_lazy("Owed by customers"),
    "payable": gettext_lazy("Owed to vendors"),
    "tax": gettext_lazy("Tax"),
    "payroll": gettext_lazy("Payroll"),
    "inventory": gettext_lazy("Stock"),
    "current": gettext_lazy("Current, other"),
    "clearing": gettext_lazy("Clearing"),
    "fixed": gettext_lazy("Fixed asset"),
    "loan": gettext_lazy("Loan"),
    "capital": gettext_lazy("Capital"),
    "drawings": gettext_lazy("Drawings"),
    "retained_earnings": gettext_lazy("Retained earnings"),
    "sales": gettext_lazy("Sales"),
    "other_income": gettext_lazy("Other income"),
    "cost_of_sales": gettext_lazy("Cost of sales"),
    "overhead": gettext_lazy("Overhead"),
    "depreciation": gettext_lazy("Depreciation"),
    "interest": gettext_lazy("Interest"),
    "income_tax": gettext_lazy("Income tax"),
    "exchange": gettext_lazy("Exchange differences"),
    "rounding": gettext_lazy("Rounding"),
    "suspense": gettext_lazy("Suspense"),
}
CHANGES = {
    AccountChange.What.ADDED: gettext_lazy("%(who)s added it as %(after)s"),
    AccountChange.What.NAME: gettext_lazy("%(who)s renamed it from “%(before)s” to “%(after)s”"),
    AccountChange.What.CODE: gettext_lazy("%(who)s changed its code from %(before)s to %(after)s"),
    AccountChange.What.PARENT: gettext_lazy("%(who)s moved it below %(after)s"),
    AccountChange.What.TAX_CODE: gettext_lazy("%(who)s set its usual tax to %(after)s"),
    AccountChange.What.MERGED: gettext_lazy("%(who)s merged it into %(after)s"),
    AccountChange.What.DEACTIVATED: gettext_lazy("%(who)s put it out of use"),
    AccountChange.What.REACTIVATED: gettext_lazy("%(who)s put it into use again"),
}


@dataclass(frozen=True)
class AccountRow:
    account: Account
    level: int
    purpose: str
    holds: int
    state: str  # "", "merged" or "off"


@dataclass(frozen=True)
class Part:
    """The accounts of one type."""

    label: str
    rows: list[AccountRow]


def parts(book: Book, until: date, words: str = "") -> list[Part]:
    """The chart by type; `words` narrows it to codes and names that hold them."""
    every = list(ledger.accounts(book))
    sums = ledger.totals(book, None, until)
    wanted = words.casefold()
    shown = [each for each in every if wanted in f"{each.code} {each.name}".casefold()] if wanted else every
    levels = _levels(every)
    return [
        Part(
            str(label),
            [_row(each, levels.get(each.pk, 0), sums) for each in _in_order(shown, kind)],
        )
        for kind, label in TYPES.items()
        if any(each.type == kind for each in shown)
    ]


def _row(account: Account, level: int, sums: dict[int, ledger.Total]) -> AccountRow:
    held = sums[account.pk].amount_minor if account.pk in sums else 0
    state = "merged" if account.merged_into_id else ("off" if account.deactivated_at else "")
    purpose = str(PURPOSE_WORDS[account.purpose]) if account.purpose else ""
    return AccountRow(account, level, purpose, natural(account.type, held), state)


def _in_order(accounts: list[Account], kind: str) -> list[Account]:
    """By code, each account before those that stand below it."""
    here = [account for account in accounts if account.type == kind]
    known = {account.pk for account in here}
    below: dict[int | None, list[Account]] = {}
    for account in here:
        below.setdefault(account.parent_id if account.parent_id in known else None, []).append(account)
    ordered: list[Account] = []
    stack = list(reversed(below.get(None, [])))
    while stack:
        account = stack.pop()
        ordered.append(account)
        stack += reversed(below.get(account.pk, []))
    return ordered


def _levels(accounts: list[Account]) -> dict[int, int]:
    parents = {account.pk: account.parent_id for account in accounts}
    levels = {}
    for pk in parents:
        level, above = 0, parents[pk]
        while above is not None and level < 3:
            level, above = level + 1, parents.get(above)
        levels[pk] = level
    return levels


def changes(account: Account, reader: Reader) -> list[tuple[str, str]]:
    """What was changed about it, newest first: when and what."""
    found = list(ledger.changes_of(account)[:50])
    names = people.named({change.by for change in found if change.by})
    return [
        (
            when(change.at, reader),
            str(CHANGES[AccountChange.What(change.what)])
            % {
                "who": names.get(change.by or 0, _("Wellkept")),
                "before": change.before or "–",
                "after": change.after or "–",
            },
        )
        for change in found
    ]


def purposes() -> list[tuple[str, str]]:
    """What an account can be for, to choose from."""
    return [(name, str(PURPOSE_WORDS[name])) for name in PURPOSES]
