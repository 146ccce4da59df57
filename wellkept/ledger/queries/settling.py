"""Entries of a file made whole: worth in the book's currency, both sides equal, in a month that is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from wellkept.core.money import LARGEST, Money
from wellkept.ledger.exchange import ReadEntry, ReadLine, Remark
from wellkept.ledger.exchange.refusals import mark as _
from wellkept.ledger.models import Book, Entry, Period
from wellkept.ledger.queries.rates import rate_on
from wellkept.ledger.rules import histories
from wellkept.ledger.rules.exchange import converted
from wellkept.ledger.rules.lines import LONGEST_NARRATION, LONGEST_TEXT, MOST_LINES
from wellkept.ledger.rules.months import month_of

if TYPE_CHECKING:
    from wellkept.ledger.queries.histories import Plan

ROUNDING = ""  # the account of a line that only evens out rounding


class Settled(NamedTuple):
    """An entry to post, with its key. Its lines all have a worth; a line on no account is the rounding."""

    key: str
    entry: ReadEntry
    source: str


def settle(book: Book, plan: Plan) -> None:
    """Fill the plan's entries, its figures and whatever stands in the way, each with its row."""
    settler, there = _Settler(book, plan), KeysThere(book)
    entries = plan.read.entries
    keys = histories.keys(entries)
    for key, entry in zip(keys, entries, strict=True):
        own = entry.source == "opening" and not entry.number
        settler.take(there.now(histories.opening_key(entry.dated_on) if own else key), entry)
    if entries:
        plan.first_on, plan.last_on = min(each.dated_on for each in entries), max(each.dated_on for each in entries)
        plan.begins_earlier = plan.first_on < book.opened_on
    _compare(there, plan)


class _Settler:
    """Holds what entries are checked against, asked once."""

    def __init__(self, book: Book, plan: Plan) -> None:
        self.book, self.plan = book, plan
        self.rates: dict[tuple[str, date], Fraction | None] = {}
        closed = Period.objects.filter(book=book).exclude(soft_closed_at=None, hard_closed_at=None)
        self.closed = set(closed.values_list("starts_on", flat=True))
        self.currencies = {
            each.read.key: each.account.currency if each.account is not None else each.currency
            for each in plan.accounts
        }

    def take(self, key: str, entry: ReadEntry) -> None:
        lines = [self._worth(entry, line) for line in entry.lines]
        if not all(line is not None for line in lines):
            return
        whole = self._even(entry, [line for line in lines if line is not None])
        self._check(entry, whole)
        self.plan.debit_minor += sum(max(line.amount_minor or 0, 0) for line in whole)
        source = entry.source if entry.source and (entry.source != "closing" or _balances_abroad(whole)) else "import"
        narration = entry.narration[:LONGEST_NARRATION]
        self.plan.entries.append(Settled(key, entry._replace(lines=tuple(whole), narration=narration), source))

    def _worth(self, entry: ReadEntry, line: ReadLine) -> ReadLine | None:
        """The line with its worth at the rate of the day where the file does not say it."""
        kept = self.currencies.get(line.account, "")
        if kept and kept != line.currency:
            self._refuse(_("This account is kept in %(currency)s; the line is not."), line.row, currency=kept)
        if len(line.text) > LONGEST_TEXT:
            line = line._replace(text=line.text[: LONGEST_TEXT - 1] + "…")
        if line.amount_minor is not None:
            return line
        rate = self._rate(line.currency, entry.dated_on)
        if rate is None:
            self._refuse(
                _("There is no rate of %(currency)s for %(day)s. Enter it under Rates first."),
                line.row, currency=line.currency, day=entry.dated_on.isoformat(),
            )  # fmt: skip
            return None
        return line._replace(amount_minor=converted(line.foreign_minor, rate, line.currency, self.book.base_currency))

    def _rate(self, currency: str, on: date) -> Fraction | None:
        if (currency, on) not in self.rates:
            found = rate_on(self.book.base_currency, currency, on)
            self.rates[currency, on] = None if found is None else found.value
        return self.rates[currency, on]

    def _even(self, entry: ReadEntry, lines: list[ReadLine]) -> list[ReadLine]:
        """What converting left over, at most half a unit a line, goes to the rounding account."""
        total = sum(line.amount_minor or 0 for line in lines)
        abroad = sum(1 for line in lines if line.currency)
        if total and abs(total) <= abroad:
            self.plan.rounded += 1
            return [*lines, ReadLine(entry.row, ROUNDING, -total)]
        if total:
            difference = Money(abs(total), self.book.base_currency)
            side = (
                _("Debits are %(difference)s more than credits.")
                if total > 0
                else _("Credits are %(difference)s more than debits.")
            )
            self._refuse(side, entry.row, difference=str(difference))
        return lines

    def _check(self, entry: ReadEntry, lines: Sequence[ReadLine]) -> None:
        if len(lines) < 2 or len(lines) > MOST_LINES:
            self._refuse(_("An entry has at least two lines, and at most %(most)s."), entry.row, most=MOST_LINES)
        if any(abs(line.amount_minor or 0) > LARGEST for line in lines):
            self._refuse(_("The amount is larger than any we keep."), entry.row)
        if month_of(entry.dated_on) in self.closed:
            self._refuse(_("%(month)s is closed in this book."), entry.row, month=f"{entry.dated_on:%Y-%m}")

    def _refuse(self, sentence: str, row: int, **values: str | int) -> None:
        self.plan.problems.append(Remark(sentence, row, "", values))


def _balances_abroad(lines: Sequence[ReadLine]) -> bool:
    sums: dict[str, int] = {}
    for line in lines:
        if line.currency:
            sums[line.currency] = sums.get(line.currency, 0) + line.foreign_minor
    return not any(sums.values())


class KeysThere:
    """The keys under which something came in before and still stands; what was taken back may come in again."""

    def __init__(self, book: Book) -> None:
        mine = Q(key__startswith=histories.KEY) | Q(key__startswith=histories.OPENING)
        rows = Entry.objects.filter(mine, book=book).order_by("number").values_list("key", "reversed_by")
        self.standing: dict[str, str] = {}
        self.times: dict[str, int] = {}
        for key, reversed_by in rows:
            first = histories.first_key(key)
            self.times[first] = self.times.get(first, 0) + 1
            if reversed_by is None:
                self.standing[first] = key

    def now(self, key: str) -> str:
        """The key of the entry that stands, or one nothing has had yet."""
        return self.standing.get(key) or histories.again(key, self.times.get(key, 0))


def opening_key(book: Book, on: date) -> str:
    """Under which the opening balances of a day are posted; another one after they were taken back."""
    return KeysThere(book).now(histories.opening_key(on))


def _compare(there: KeysThere, plan: Plan) -> None:
    """What is in the book already, and what came before under the same number and says something else now."""
    keys = set(there.standing.values())
    numbers = {histories.number_of(key) for key in keys if key.startswith(histories.KEY)} - {""}
    for settled in plan.entries:
        if settled.key in keys:
            plan.known += 1
        elif settled.entry.number[: histories.LONGEST_NUMBER] in numbers:
            said = _(
                "Entry %(number)s came in before and says something else now. It would be posted beside the first."
            )
            plan.warnings.append(Remark(said, settled.entry.row, "", {"number": settled.entry.number}))
