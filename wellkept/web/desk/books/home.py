"""The first page of a client's book: how the month stands, in a sentence, figures and pictures, and which months are closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from wellkept.banking.queries import lines as banking
from wellkept.clients.models import Client
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Book, Period
from wellkept.ledger.rules.charts import natural
from wellkept.people.models import Staff
from wellkept.web.desk.books import charts, currencies, months
from wellkept.web.desk.books.frame import Kept
from wellkept.web.desk.books.months import CashAt, MonthSum
from wellkept.web.desk.books.times import months_later
from wellkept.web.exports.figures import amount
from wellkept.web.shell.words import Reader, names_of
from wellkept.web.shell.words import month as month_words

PERIODS_SHOWN = 14
MOST_COUNTED = 1000
REPORTS = (
    ("book_profit", gettext_lazy("Profit and loss"), gettext_lazy("What was earned and spent, beside another time or the budget")),
    ("book_balance", gettext_lazy("Balance sheet"), gettext_lazy("What is owned and owed on a day")),
    ("book_cash", gettext_lazy("Cash flow"), gettext_lazy("From profit to what changed in the bank")),
    ("book_trial", gettext_lazy("Trial balance"), gettext_lazy("Every account, and proof that both sides are equal")),
    ("book_ledger", gettext_lazy("General ledger"), gettext_lazy("Every posting, account by account")),
    ("book_tax", gettext_lazy("Tax"), gettext_lazy("Sales and purchases by tax code, and what is due")),
    ("book_aged", gettext_lazy("Aged lists"), gettext_lazy("Who owes, and for how long")),
    ("book_moved", gettext_lazy("What moved"), gettext_lazy("Accounts that changed more than the limit, and why")),
    ("book_currencies", gettext_lazy("Other currencies"), gettext_lazy("What is held and owed in them, at the rate of a day")),
)  # fmt: skip
STATES = {
    "open": pgettext_lazy("a period", "Open"),
    "soft": gettext_lazy("Closed, a lead may post"),
    "hard": gettext_lazy("Closed for good"),
}


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    note: str
    address: str


@dataclass(frozen=True)
class PeriodRow:
    """One month of the book and what may be done with it."""

    month: date
    name: str
    state: str
    words: str
    may_soft: bool
    may_hard: bool
    may_reopen: bool


def shown(kept: Kept, by: Staff, month: date, reader: Reader, *, reviews: bool) -> dict[str, Any]:
    """Everything on the page that is about one month."""
    until = months_later(month, 1)
    first = months.year_back(month)
    sums = [_opened(each, kept) for each in months.income_and_expense(kept.book, first, until)]
    cash = [_cash_opened(each, kept) for each in months.cash(kept.book, first, until)]
    waiting = to_decide(kept, by)
    due = currencies.due_on(month, reader.today)
    return {
        "month": month,
        "sentence": _sentence(sums[-1], waiting, kept, reader),
        "figures": _figures(kept, sums[-1], cash[-1], waiting, until, reader),
        "reports": [(label, words, kept.address(name)) for name, label, words in REPORTS],
        "uncounted": currencies.waiting(kept, due, reader),
        "count_address": f"{kept.address('book_currencies')}?on={due.isoformat()}",
        "periods": periods(kept.book, month, reader, reviews=reviews),
        **_pictures(kept, sums, cash, month, until, reader),
    }


def summary(client: Client, by: Staff, reader: Reader) -> dict[str, Any] | None:
    """The sentence and the figures of the last month, for the client's own page; nothing without a book."""
    book = ledger.book_of(client)
    if book is None:
        return None
    kept = Kept(client, book)
    month = months.latest(book, reader.today)
    until = months_later(month, 1)
    [last] = months.income_and_expense(book, month, until)
    [cash] = months.cash(book, month, until)
    waiting = to_decide(kept, by)
    return {
        "sentence": _sentence(last, waiting, kept, reader),
        "figures": _figures(kept, _opened(last, kept), _cash_opened(cash, kept), waiting, until, reader),
    }


def to_decide(kept: Kept, by: Staff) -> int:
    """Bank lines that wait to be coded."""
    return len(banking.to_decide(by, client=kept.client).values_list("pk")[:MOST_COUNTED])


def periods(book: Book, month: date, reader: Reader, *, reviews: bool) -> list[PeriodRow]:
    """The months that hold something or were closed, newest first, and the one shown."""
    found = {period.starts_on: period for period in ledger.periods(book)[:PERIODS_SHOWN]}
    every = sorted({*found, month}, reverse=True)[:PERIODS_SHOWN]
    return [_period_row(each, found.get(each), reader, reviews) for each in every]


def _period_row(month: date, period: Period | None, reader: Reader, reviews: bool) -> PeriodRow:
    state = period.state if period is not None else "open"
    return PeriodRow(
        month=month,
        name=month_words(month, reader),
        state=state,
        words=str(STATES[state]),
        may_soft=state == "open",
        may_hard=reviews and state != "hard",
        may_reopen=reviews and state == "soft",
    )


def _opened(each: MonthSum, kept: Kept) -> MonthSum:
    return replace(each, address=f"{kept.address('book_profit')}?span=month&month={each.month:%Y-%m}")


def _cash_opened(each: CashAt, kept: Kept) -> CashAt:
    return replace(each, address=f"{kept.address('book_cash')}?span=month&month={each.month:%Y-%m}")


def _sentence(last: MonthSum, waiting: int, kept: Kept, reader: Reader) -> str:
    named = {
        "month": month_words(last.month, reader),
        "currency": kept.currency,
        "income": amount(last.income, kept.currency, reader.language),
        "expense": amount(last.expense, kept.currency, reader.language),
        "net": amount(abs(last.net), kept.currency, reader.language),
    }
    if not last.income and not last.expense:
        said = _("Nothing was earned or spent in %(month)s.") % named
    elif last.net < 0:
        said = _("%(month)s: %(income)s earned, %(expense)s spent, a loss of %(currency)s %(net)s.") % named
    else:
        said = _("%(month)s: %(income)s earned, %(expense)s spent, a profit of %(currency)s %(net)s.") % named
    if waiting:
        line = ngettext("%(n)s bank line waits to be decided.", "%(n)s bank lines wait to be decided.", waiting)
        return f"{said} {line % {'n': _many(waiting)}}"
    return said


def _figures(kept: Kept, last: MonthSum, cash: CashAt, waiting: int, until: date, reader: Reader) -> list[Figure]:
    def said(minor: int) -> str:
        return amount(minor, kept.currency, reader.language)

    suspense = _in_suspense(kept.book, until)
    return [
        Figure(_("Profit"), said(last.net), month_words(last.month, reader), last.address),
        Figure(_("Cash"), said(cash.amount), _("bank and cash accounts"), cash.address),
        Figure(_("In suspense"), said(suspense), _("not yet where it belongs"), _suspense_address(kept)),
        Figure(_("To decide"), _many(waiting), _("bank lines"), coding_address(kept)),
    ]


def _many(number: int) -> str:
    return f"{MOST_COUNTED}+" if number >= MOST_COUNTED else str(number)


def _in_suspense(book: Book, until: date) -> int:
    account = book.suspense_account
    return natural(account.type, ledger.account_total([account.pk], None, until).amount_minor) if account else 0


def _suspense_address(kept: Kept) -> str:
    return kept.address("book_account", kept.book.suspense_account_id) if kept.book.suspense_account_id else ""


def coding_address(kept: Kept) -> str:
    """Where lines of this client are coded."""
    return reverse("coding_client", args=[kept.client.pk])


def _pictures(
    kept: Kept, sums: list[MonthSum], cash: list[CashAt], month: date, until: date, reader: Reader
) -> dict[str, Any]:
    names = names_of(reader.language).months
    spent = [
        (name, minor, f"{kept.address('book_account', pk)}?span=month&month={month:%Y-%m}")
        for name, minor, pk in months.spent(kept.book, month, until)
    ]
    bars = charts.lying(spent, rest=_("Others"))
    moved = any(each.income or each.expense for each in sums)
    return {
        "plot": charts.pairs([(names[each.month.month], each.income, each.expense) for each in sums])
        if moved
        else None,
        "plot_rows": list(reversed(sums)),
        "plot_said": _("Income, expenses and what is left, month by month"),
        "run": charts.run([(names[each.month.month], each.amount) for each in cash])
        if any(c.amount for c in cash)
        else None,
        "run_rows": list(reversed(cash)),
        "run_said": _("Bank and cash at the end of each month"),
        "bars": bars,
        "bars_height": 4 + charts.ROW * len(bars),
        "bars_said": _("What was spent in %(month)s, by account") % {"month": month_words(month, reader)},
    }
