"""Other currencies: money changed from one into another, and what is held counted anew at the rate of a day."""

from __future__ import annotations

from collections.abc import Sequence
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
from wellkept.ledger.queries.entries import entry_for_key, lines_of
from wellkept.ledger.queries.exchanging import (
    COUNTED,
    ForeignBalance,
    exchange_drafts,
    foreign_balances,
    gains_account,
)
from wellkept.ledger.queries.rates import needed_rate
from wellkept.ledger.rules.lines import EntryDraft, PostingDraft

if TYPE_CHECKING:
    from wellkept.people.models import Staff

SOURCE = "exchange"


class NothingExchanged(Refusal):
    """Money goes out of one account and into another."""


@dataclass(frozen=True, slots=True)
class Revalued:
    """The entry of the day and the one that takes it back the next.

    `rest` stays: what an account still carried that holds nothing of its currency any more.
    """

    entry: Entry | None
    back: Entry | None
    rest: Entry | None


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

    The side whose balance shrinks, money held or money owed, shrinks by its share of what it was carried at; the
    difference to the worth of that day is realised (IAS 21, 28).
    """
    allow(book=book, by=by)
    take(book=book)
    _refuse_exchange(out_of, out_minor, into, into_minor)
    before = entry_for_key(book, key)
    if before is not None:
        return _the_same(before, dated_on, (out_of, -out_minor), (into, into_minor))
    lines = exchange_drafts(book, dated_on, out_of, out_minor, into, into_minor)
    [entry] = write(book=book, drafts=[EntryDraft(dated_on, lines, narration, SOURCE, key)], by=by, at=at)
    return entry


@transaction.atomic
def revalue(*, book: Book, on: date, by: Staff | None, at: datetime) -> Revalued | None:
    """Count what is held and owed in other currencies at the rate of the day (IAS 21, 23); taken back the next day.

    None when everything stands at that rate already. Asked again after more was posted, only the rest is counted.
    What an account carries that holds nothing of its currency any more is posted too, and not taken back.
    """
    allow(book=book, by=by)
    take(book=book)
    balances = foreign_balances(book, on)
    there = _balanced(book, [(each, _open(book, each, on)) for each in balances])
    rest = _balanced(book, [(each, -each.cost_minor) for each in balances if not each.foreign_minor])
    if not there and not rest:
        return None
    drafts = [*_there_and_back(book, on, there), *_staying(book, on, rest)]
    entries = write(book=book, drafts=drafts, by=by, at=at)
    record("ledger.revalued", at=at, by=by, client=book.client_id, book=book.pk, entry=entries[0].pk, on=on.isoformat())
    return Revalued(
        entry=entries[0] if there else None, back=entries[1] if there else None, rest=entries[-1] if rest else None
    )


def _refuse_exchange(out_of: Account, out_minor: int, into: Account, into_minor: int) -> None:
    if out_minor <= 0 or into_minor <= 0 or out_of.pk == into.pk:
        raise NothingExchanged(_("Say how much left one account and how much came into another."))
    if out_of.currency == into.currency:
        raise NothingExchanged(
            _("Both accounts are kept in the same currency. Post an entry that moves the money instead."), field="into"
        )


def _the_same(entry: Entry, dated_on: date, *moved: tuple[Account, int]) -> Entry:
    """The entry of this key, if it moved the same; by now the account may carry what left at another amount."""
    there = {line.account: line.foreign_minor or line.amount_minor for line in lines_of([entry.pk])[entry.pk]}
    if entry.dated_on != dated_on or any(there.get(account.pk) != amount for account, amount in moved):
        raise KeyUsed(_("Something else has been posted under this key: entry %(number)d.") % {"number": entry.number})
    return entry


def _open(book: Book, balance: ForeignBalance, on: date) -> int:
    """What has to be counted for the day beside what was; refused where there is no rate."""
    if balance.worth_minor is None:
        needed_rate(book.base_currency, balance.account.currency, on)
    if not balance.foreign_minor:
        return balance.cost_minor - balance.held_minor
    return (balance.worth_minor or 0) - balance.held_minor


def _balanced(book: Book, gains: Sequence[tuple[ForeignBalance, int]]) -> list[PostingDraft]:
    """A line for every account that is worth more or less than it stands at, and the other side of them together."""
    lines = [PostingDraft(each.account, gain, each.account.currency, 0) for each, gain in gains if gain]
    gained = sum(line.amount_minor for line in lines)
    return [*lines, PostingDraft(gains_account(book), -gained)] if gained else lines


def _there_and_back(book: Book, on: date, lines: Sequence[PostingDraft]) -> list[EntryDraft]:
    if not lines:
        return []
    turn, narration = _turn(book, f"{COUNTED}{on.isoformat()}:there:"), _narration(on)
    back = [_opposite(line) for line in lines]
    return [
        EntryDraft(on, lines, narration, SOURCE, f"{COUNTED}{on.isoformat()}:there:{turn}"),
        EntryDraft(on + timedelta(days=1), back, narration, SOURCE, f"{COUNTED}{on.isoformat()}:back:{turn}"),
    ]


def _staying(book: Book, on: date, lines: Sequence[PostingDraft]) -> list[EntryDraft]:
    if not lines:
        return []
    key = f"{COUNTED}{on.isoformat()}:rest:"
    return [EntryDraft(on, lines, _narration(on), SOURCE, f"{key}{_turn(book, key)}")]


def _turn(book: Book, key: str) -> int:
    return Entry.objects.filter(book=book, key__startswith=key).count() + 1


def _narration(on: date) -> str:
    return _("Other currencies at the rate of %(day)s") % {"day": on.isoformat()}


def _opposite(line: PostingDraft) -> PostingDraft:
    return PostingDraft(line.account, -line.amount_minor, line.currency, -line.foreign_minor)
