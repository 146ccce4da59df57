"""Does the book agree with the bank at the end of a statement, and if not, where might the difference lie?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum

from wellkept.banking.models import BankAccount, BankLine, Coding, Reconciliation, Statement, Undecided
from wellkept.banking.rules.differences import Clue, Item, clues
from wellkept.clients import queries as clients
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.people.models import Staff

BORDER = timedelta(days=5)
MOST_ITEMS = 20_000


@dataclass(frozen=True)
class Standing:
    """opening + in + out + undecided + difference = closing, in the account's currency and minor units.

    `in_minor` and `out_minor` are what the book holds of the statement's days; `undecided_minor` are lines not coded yet.
    """

    statement: Statement
    opening_minor: int
    in_minor: int
    out_minor: int
    undecided_minor: int
    undecided_count: int
    bank_minor: int | None
    book_minor: int

    @property
    def difference_minor(self) -> int | None:
        """What the bank has beyond book and undecided lines; None where the bank told no closing balance."""
        return None if self.bank_minor is None else self.bank_minor - self.book_minor - self.undecided_minor

    @property
    def holds(self) -> bool:
        return self.difference_minor == 0 and not self.undecided_count


def statements_for(by: Staff) -> QuerySet[Statement]:
    """The statements of the clients a person may see."""
    scoped = Statement.objects.filter(clients.scope(by).q("bank_account__client"))
    return scoped.select_related("bank_account__account__book", "bank_account__client", "file").order_by(
        "-ends_on", "-id"
    )


def signed(statement: Statement) -> Reconciliation | None:
    """Who signed the statement, while that holds."""
    return statement.reconciliations.filter(voided_at=None).select_related("signed_by").first()


def history(bank_account: BankAccount) -> QuerySet[Reconciliation]:
    """Everything that was ever signed for an account, the voided included."""
    return Reconciliation.objects.filter(bank_account=bank_account).select_related("signed_by", "statement")


def standing(statement: Statement) -> Standing:
    """Both sides at the end of the statement's last day."""
    bank = statement.bank_account
    after = statement.ends_on + timedelta(days=1)
    opening = _held(bank, statement.starts_on)
    moved = _moved(bank, statement.starts_on, after)
    waiting = Undecided.objects.filter(bank_account=bank, dated_on__lt=after)
    undecided = waiting.aggregate(sum=Sum("line__amount_minor"))["sum"] or 0
    return Standing(
        statement,
        opening,
        moved[0],
        moved[1],
        undecided,
        waiting.count(),
        statement.closing_minor,
        opening + moved[0] + moved[1],
    )


def search(stands: Standing) -> list[Clue]:
    """What could explain the difference."""
    difference = stands.difference_minor
    return clues(difference, _items(stands.statement)) if difference else []


def _held(bank: BankAccount, until: date) -> int:
    total = ledger.account_total(ledger.together(bank.account), None, until)
    return total.amount_minor if _counts_in_base(bank) else total.foreign_minor


def _moved(bank: BankAccount, since: date, until: date) -> tuple[int, int]:
    """Money in and money out of the statement's days, money out below zero."""
    column = "amount_minor" if _counts_in_base(bank) else "foreign_minor"
    sums = (
        ledger.postings_between(bank.account, since, until)
        .order_by()
        .aggregate(
            into=Sum(column, filter=Q(**{f"{column}__gt": 0})), out=Sum(column, filter=Q(**{f"{column}__lt": 0}))
        )
    )
    return sums["into"] or 0, sums["out"] or 0


def _counts_in_base(bank: BankAccount) -> bool:
    return bank.currency == bank.account.book.base_currency


def _items(statement: Statement) -> list[Item]:
    """Postings and lines of the statement's days and of those just outside, each pair of them one item."""
    bank = statement.bank_account
    since, until = statement.starts_on - BORDER, statement.ends_on + BORDER
    lines = BankLine.objects.filter(bank_account=bank, dated_on__range=(since, until)).order_by("id")[:MOST_ITEMS]
    by_line = {line.pk: line for line in lines}
    entries = dict(Coding.objects.filter(line__in=by_line, undone_at=None).values_list("entry", "line"))
    items, claimed = [], set()
    for posting in ledger.postings_between(bank.account, since, until + timedelta(days=1))[:MOST_ITEMS]:
        line = entries.get(posting.entry_id)
        claimed.add(line)
        amount = posting.amount_minor if _counts_in_base(bank) else posting.foreign_minor
        items.append(Item(posting.dated_on, amount, posting.pk, line, _inside(statement, posting.dated_on)))
    waiting = set(Undecided.objects.filter(line__in=by_line).values_list("pk", flat=True))
    items += [
        Item(line.dated_on, line.amount_minor, None, line.pk, _inside(statement, line.dated_on))
        for line in by_line.values()
        if line.pk not in claimed and line.pk not in waiting
    ]
    return _without_reversals(items)


def _without_reversals(items: list[Item]) -> list[Item]:
    """A posting and its opposite of the same day say nothing about a difference."""
    left: dict[tuple[date, int], list[Item]] = defaultdict(list)
    kept: list[Item] = []
    for item in items:
        opposite = left[item.dated_on, -item.amount_minor]
        if item.line is None and item.posting is not None and opposite:
            kept.remove(opposite.pop())
            continue
        kept.append(item)
        if item.line is None and item.posting is not None:
            left[item.dated_on, item.amount_minor].append(item)
    return kept


def _inside(statement: Statement, on: date) -> bool:
    return statement.starts_on <= on <= statement.ends_on
