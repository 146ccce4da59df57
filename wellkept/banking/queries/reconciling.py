"""Does the book agree with the bank at the end of a statement, and if not, where might the difference lie?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from wellkept.banking.models import (
    BankAccount,
    Coding,
    Reconciliation,
    StatedBalance,
    Statement,
    Undecided,
)
from wellkept.banking.queries import lines as reads
from wellkept.banking.queries import matches
from wellkept.banking.rules.differences import Clue, Item, clues
from wellkept.clients import queries as clients
from wellkept.core.money import parse
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.ledger.models import Posting
    from wellkept.people.models import Staff

BORDER = timedelta(days=5)
MOST_ITEMS = 20_000
PAGE = 50
OPENING = "opening"


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


@dataclass(frozen=True)
class Movement:
    """A posting that book and bank do not both have by the end of a statement.

    `effect_minor` is what it takes from bank − book: above zero what the book has and the bank lacks; what the bank
    told and the book has on a later day counts the other way.
    """

    posting: Posting
    amount_minor: int
    effect_minor: int
    told_on: date | None
    words: str = ""


def statements_for(by: Staff) -> QuerySet[Statement]:
    """The statements of the clients a person may see; those of a file that was taken out again are not asked for."""
    scoped = Statement.objects.filter(clients.scope(by).q("bank_account__client"), file__taken_out_at=None)
    return scoped.select_related("bank_account__account__book", "bank_account__client", "file").order_by(
        "-ends_on", "-id"
    )


def signed(statement: Statement) -> Reconciliation | None:
    """Who signed the statement, while that holds."""
    return statement.reconciliations.filter(voided_at=None).select_related("signed_by").first()


def history(bank_account: BankAccount) -> QuerySet[Reconciliation]:
    """Everything that was ever signed for an account, the voided included."""
    return Reconciliation.objects.filter(bank_account=bank_account).select_related("signed_by", "statement")


def stated(statement: Statement) -> StatedBalance | None:
    """What a person stated as the closing balance, the newest; nothing where the bank told it itself."""
    if statement.closing_minor is not None:
        return None
    return statement.stated.select_related("stated_by").first()


def closing_of(statement: Statement) -> int | None:
    """What the bank swears to, else what a person stated."""
    said = stated(statement)
    return statement.closing_minor if said is None else said.closing_minor


def newest_with_balance(bank: BankAccount) -> Statement | None:
    """The latest statement there is something to prove against."""
    known = Q(closing_minor__isnull=False) | Exists(StatedBalance.objects.filter(statement=OuterRef("pk")))
    found = bank.statements.filter(known, file__taken_out_at=None)
    return found.select_related("bank_account__account__book").order_by("-ends_on", "-id").first()


def outstanding(statement: Statement, *, postings: Sequence[int]) -> list[Movement]:
    """Those of the postings named that do explain something at the end of this statement, in order."""
    bank, end = statement.bank_account, statement.ends_on
    ahead = matches.told_ahead(bank, end)
    untold = list(_untold(statement).filter(pk__in=postings))
    early = ledger.postings_on(bank.account, [pk for pk in postings if pk in ahead])
    found = [_movement(bank, each, ahead) for each in [*untold, *early]]
    return sorted(found, key=lambda each: (each.posting.dated_on, each.posting.pk))


def outstanding_page(
    statement: Statement, *, find: str, place: int, beside: Sequence[int]
) -> tuple[list[Movement], bool]:
    """A page of what the bank has not told of by then, newest first, without those `beside` it; and whether more follow.

    What stood in the book before the bank's first statement, and opening balances, are what it began with: they are
    shown to whoever looks for them.
    """
    bank = statement.bank_account
    rows = _untold(statement).exclude(pk__in=beside)
    rows = (
        rows.filter(_said(find, bank)) if find else rows.filter(_since_the_first(bank)).exclude(entry__source=OPENING)
    )
    first = (max(place, 1) - 1) * PAGE
    found = list(rows[first : first + PAGE + 1])
    return [_movement(bank, each, {}) for each in found[:PAGE]], len(found) > PAGE


def _said(find: str, bank: BankAccount) -> Q:
    """By its text, or by its amount where what is looked for reads as one."""
    words = Q(entry__narration__icontains=find) | Q(text__icontains=find)
    try:
        minor = abs(parse(find, bank.currency).minor)
    except Refusal:
        return words
    return words | Q(**{f"{matches.amount_of(bank)}__in": (minor, -minor)})


def _since_the_first(bank: BankAccount) -> Q:
    first = (
        bank.statements.filter(file__taken_out_at=None).order_by("starts_on").values_list("starts_on", flat=True)[:1]
    )
    return Q(dated_on__gte=Subquery(first))


def carried(statement: Statement) -> dict[int, str]:
    """What the signature before this one named, and what was named here before that went void: posting and words."""
    before = Reconciliation.objects.filter(bank_account=statement.bank_account_id, ends_on__lt=statement.ends_on)
    last = before.filter(voided_at=None).order_by("-ends_on", "-id").first()
    mine = statement.reconciliations.order_by("-id").first()
    return {row["posting"]: row["words"] for signed in (last, mine) if signed is not None for row in signed.explained}


def ahead(statement: Statement) -> list[int]:
    """What the bank has told by the end of the statement and the book has on a later day."""
    return list(matches.told_ahead(statement.bank_account, statement.ends_on))


def _untold(statement: Statement) -> QuerySet[Posting]:
    end = statement.ends_on
    return matches.untold(statement.bank_account, end + timedelta(days=1), told_by=end)


def _movement(bank: BankAccount, posting: Posting, ahead: dict[int, date]) -> Movement:
    amount: int = getattr(posting, matches.amount_of(bank))
    told_on = ahead.get(posting.pk)
    return Movement(posting, amount, amount if told_on is None else -amount, told_on)


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
        closing_of(statement),
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
    told_of = reads.counted().filter(bank_account=bank, dated_on__range=(since, until))
    lines = told_of.exclude(amount_minor=0).order_by("id")[:MOST_ITEMS]
    by_line = {line.pk: line for line in lines}
    told = Coding.objects.filter(line__in=by_line, undone_at=None).values_list("entry", "posting", "line")
    coded: dict[tuple[int, int | None], int] = {(entry, posting): line for entry, posting, line in told}
    items, claimed = [], set()
    for posting in ledger.postings_between(bank.account, since, until + timedelta(days=1))[:MOST_ITEMS]:
        line = coded.get((posting.entry_id, posting.pk)) or coded.get((posting.entry_id, None))
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
