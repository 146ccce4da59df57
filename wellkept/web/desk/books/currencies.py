"""Money in other currencies on a day: what each account holds, what that is worth, and when it was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.ledger import queries as ledger
from wellkept.ledger.queries import ForeignBalance
from wellkept.web.desk.books.ledgers import account_address
from wellkept.web.desk.books.times import ONE_DAY, months_later
from wellkept.web.exports.figures import amount, plain
from wellkept.web.shell.words import Reader, day

if TYPE_CHECKING:
    from wellkept.ledger.models import Book
    from wellkept.web.desk.books.frame import Kept

COUNTED_SHOWN = 24
PLACES = 6  # of a rate


@dataclass(frozen=True)
class Held:
    """One account of another currency as the page shows it."""

    balance: ForeignBalance
    address: str
    rate: str
    is_counted: bool

    @property
    def account(self) -> Any:
        return self.balance.account


def shown(kept: Kept, on: date, reader: Reader) -> dict[str, Any]:
    """Everything on the page about one day."""
    balances = ledger.foreign_balances(kept.book, on)
    missing = sorted({each.account.currency for each in balances if each.worth_minor is None})
    return {
        "on": on,
        "rows": [_held(kept, each, on) for each in balances],
        "gain": None if missing else sum(each.gain_minor or 0 for each in balances),
        "missing": missing,
        "to_count": any(not each.is_counted for each in balances),
        "sentence": _sentence(kept, balances, missing, on, reader),
        "counted": counted(kept.book),
        "earlier": f"?on={on.replace(day=1) - ONE_DAY}",
        "later": f"?on={months_later(on, 2) - ONE_DAY}",
        "change": kept.address("book_currencies_change"),
    }


def counted(book: Book) -> list[Any]:
    """When other currencies were counted, newest first, with what each counting gained."""
    abroad = Q(postings__account__currency__gt="")
    found = ledger.countings(book).annotate(gain=Sum("postings__amount_minor", filter=abroad, default=0))
    return list(found.annotate(undone=F("reversed_by"))[:COUNTED_SHOWN])


def due_on(month: date, today: date) -> date:
    """The last day of a month that is over; while it is not, of the one that ended last."""
    return min(months_later(month, 1) - ONE_DAY, month_end(today))


def waiting(kept: Kept, on: date, reader: Reader) -> str:
    """What has not been counted at the rate of that day; empty where nothing waits."""
    apart = len(ledger.not_counted(kept.book, on))
    if not apart:
        return ""
    sentence = ngettext(
        "%(n)s account in another currency is not counted at the rate of %(day)s.",
        "%(n)s accounts in other currencies are not counted at the rate of %(day)s.",
        apart,
    )
    return sentence % {"n": apart, "day": day(on, reader)}


def month_end(today: date) -> date:
    """The last day of the month that ended last."""
    return today.replace(day=1) - ONE_DAY


def _held(kept: Kept, balance: ForeignBalance, on: date) -> Held:
    return Held(
        balance,
        account_address(kept, balance.account.pk, None, on),
        _rate(balance.rate.value) if balance.rate else "",
        balance.is_counted,
    )


def _rate(value: Fraction) -> str:
    return plain(round(value * 10**PLACES), PLACES).rstrip("0").rstrip(".")


def _sentence(kept: Kept, balances: Sequence[ForeignBalance], missing: list[str], on: date, reader: Reader) -> str:
    named = {"day": day(on, reader), "currencies": ", ".join(missing), "currency": kept.currency}
    if not balances:
        return _("Nothing is held or owed in another currency on %(day)s.") % named
    if missing:
        return _("There is no rate of %(currencies)s for %(day)s. Enter one, then count.") % named
    apart = sum((each.worth_minor or 0) - each.held_minor for each in balances)
    named["amount"] = amount(abs(apart), kept.currency, reader.language)
    if all(each.is_counted for each in balances):
        return _("Everything in other currencies stands at the rate of %(day)s.") % named
    if apart < 0:
        return _("At the rates of %(day)s it is worth %(currency)s %(amount)s less than it stands at.") % named
    return _("At the rates of %(day)s it is worth %(currency)s %(amount)s more than it stands at.") % named
