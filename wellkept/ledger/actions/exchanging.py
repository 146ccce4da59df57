"""Other currencies: money changed from one into another, and what is held counted anew at the rate of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.ledger.actions.taking import allow, take
from wellkept.ledger.actions.writing import KeyUsed, write
from wellkept.ledger.models import Account, Book, Entry
from wellkept.ledger.queries.books import account_for
from wellkept.ledger.queries.entries import entry_for_key, lines_of
from wellkept.ledger.queries.pages import together
from wellkept.ledger.queries.rates import needed_rate
from wellkept.ledger.queries.totals import Total, account_total
from wellkept.ledger.rules.charts import MONETARY
from wellkept.ledger.rules.exchange import converted, realised, unrealised
from wellkept.ledger.rules.lines import EntryDraft, PostingDraft

if TYPE_CHECKING:
    from wellkept.people.models import Staff

SOURCE = "exchange"


class NoExchangeAccount(Refusal):
    """Gains and losses need a place."""


class NothingExchanged(Refusal):
    """Money goes out of one account and into another."""


@dataclass(frozen=True, slots=True)
class Revalued:
    """The entry of the day and the one that takes it back the next."""

    entry: Entry
    back: Entry


@transaction.atomic
def exchange(
    *,
    book: Book,
    dated_on: date,
    out_of: Account,
    out_minor: int,
    into: Account,
    into_minor: int,
    narration: str,
    key: str,
    by: Staff | None,
    at: datetime,
) -> Entry:
    """Move money between accounts of different currencies: what left and what came, each in its account's own.

    What left was carried at its share of the account's balance; the difference to its worth that day is realised.
    """
    allow(book=book, by=by)
    take(book=book)
    if out_minor <= 0 or into_minor <= 0 or out_of.pk == into.pk:
        raise NothingExchanged(_("Say how much left one account and how much came into another."))
    before = entry_for_key(book, key)
    if before is not None:
        return _the_same(before, dated_on, (out_of, -out_minor), (into, into_minor))
    worth = _worth(book, dated_on, out_of, out_minor, into, into_minor)
    held = account_total(together(out_of), None, dated_on + timedelta(days=1))
    carried = worth
    if out_of.currency and held.foreign_minor >= out_minor:
        carried = realised(held.foreign_minor, held.amount_minor, out_minor, worth).carried_minor
    lines = [
        PostingDraft(into, worth, into.currency, into_minor if into.currency else 0),
        PostingDraft(out_of, -carried, out_of.currency, -out_minor if out_of.currency else 0),
    ]
    if carried != worth:
        lines.append(PostingDraft(_gains(book), carried - worth))
    [entry] = write(book=book, drafts=[EntryDraft(dated_on, lines, narration, SOURCE, key)], by=by, at=at)
    return entry


@transaction.atomic
def revalue(*, book: Book, on: date, by: Staff | None, at: datetime) -> Revalued | None:
    """Count what is held and owed in other currencies at the rate of the day; taken back the next day.

    None when everything stands at that rate already. Asked again after more was posted, only the rest is counted.
    """
    allow(book=book, by=by)
    take(book=book)
    lines = _differences(book, on)
    if not lines:
        return None
    turn = Entry.objects.filter(book=book, key__startswith=f"revalue:{on.isoformat()}:there:").count() + 1
    narration = _("Other currencies at the rate of %(day)s") % {"day": on.isoformat()}
    drafts = [
        EntryDraft(on, lines, narration, SOURCE, f"revalue:{on.isoformat()}:there:{turn}"),
        EntryDraft(
            on + timedelta(days=1), [_opposite(line) for line in lines], narration, SOURCE,
            f"revalue:{on.isoformat()}:back:{turn}",
        ),
    ]  # fmt: skip
    entry, back = write(book=book, drafts=drafts, by=by, at=at)
    record("ledger.revalued", at=at, by=by, client=book.client_id, book=book.pk, entry=entry.pk, on=on.isoformat())
    return Revalued(entry, back)


def _the_same(entry: Entry, dated_on: date, *moved: tuple[Account, int]) -> Entry:
    """The entry of this key, if it moved the same; by now the account may carry what left at another amount."""
    there = {line.account: line.foreign_minor or line.amount_minor for line in lines_of([entry.pk])[entry.pk]}
    if entry.dated_on != dated_on or any(there.get(account.pk) != amount for account, amount in moved):
        raise KeyUsed(_("Something else has been posted under this key: entry %(number)d.") % {"number": entry.number})
    return entry


def _worth(book: Book, on: date, out_of: Account, out_minor: int, into: Account, into_minor: int) -> int:
    """In the book's currency: as paid where one side is in it, else what came, at the rate of the day."""
    if not into.currency:
        return into_minor
    if not out_of.currency:
        return out_minor
    base = book.base_currency
    return converted(into_minor, needed_rate(base, into.currency, on), into.currency, base)


def _differences(book: Book, on: date) -> list[PostingDraft]:
    """A line for every account that is worth more or less than it stands at, and the other side of each."""
    accounts = Account.objects.filter(book=book, currency__gt="", purpose__in=MONETARY, merged_into=None)
    gains = 0
    lines: list[PostingDraft] = []
    for account in accounts.order_by("code"):
        held = account_total(together(account), None, on + timedelta(days=1))
        gain = _gain(book, account, held, on)
        if gain:
            lines.append(PostingDraft(account, gain, account.currency, 0))
            gains += gain
    if gains:
        lines.append(PostingDraft(_gains(book), -gains))
    return lines


def _gain(book: Book, account: Account, held: Total, on: date) -> int:
    if not held.foreign_minor:
        return -held.amount_minor
    rate = needed_rate(book.base_currency, account.currency, on)
    return unrealised(held.foreign_minor, held.amount_minor, rate, account.currency, book.base_currency)


def _gains(book: Book) -> Account:
    account = account_for(book, "exchange")
    if account is None:
        raise NoExchangeAccount(_("Add an account for exchange gains and losses first."))
    return account


def _opposite(line: PostingDraft) -> PostingDraft:
    return PostingDraft(line.account, -line.amount_minor, line.currency, -line.foreign_minor)
