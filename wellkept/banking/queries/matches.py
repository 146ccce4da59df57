"""Which postings of an account no bank line has told of, and which of them a line could be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from wellkept.banking.models import BankAccount, BankLine, Coding
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.ledger.models import Account, Posting

LONG_BEFORE, AFTER = timedelta(days=400), timedelta(days=31)  # a cheque may wait a year; a journal is dated late
NEAR = timedelta(days=5)
MOST_CANDIDATES = 12
ENDLESS = date.max
POSTED_FOR_LEGS = (Coding.How.TRANSFER, Coding.How.MATCH)  # the only lines whose entry may stand on another day


def untold(bank: BankAccount, until: date, told_by: date = ENDLESS) -> QuerySet[Posting]:
    """Postings of the account before `until` that stand, and that no line dated by `told_by` is, newest first."""
    lines = Coding.objects.filter(line__bank_account=bank, undone_at=None, line__dated_on__lte=told_by)
    by_entry = lines.filter(entry=OuterRef("entry"), posting=None)
    by_posting = lines.filter(posting=OuterRef("pk"))
    return ledger.standing_before(bank.account, until).filter(~Exists(by_entry), ~Exists(by_posting))


def told_ahead(bank: BankAccount, on: date) -> dict[int, date]:
    """Postings dated after `on` that a line of that day or before is already, each with the day of its line."""
    early = Coding.objects.filter(
        line__bank_account=bank,
        line__dated_on__range=(on - LONG_BEFORE, on),
        entry__dated_on__gt=on,
        how__in=POSTED_FOR_LEGS,
        undone_at=None,
    )
    told = list(early.values_list("entry", "posting", "line__dated_on"))
    days: dict[tuple[int, int | None], date] = {(entry, posting): day for entry, posting, day in told}
    later = ledger.standing_before(bank.account, on + LONG_BEFORE).filter(dated_on__gt=on)
    found = later.filter(entry__in={entry for entry, _posting, _day in told}).values_list("pk", "entry")
    both = ((pk, days.get((entry, pk)) or days.get((entry, None))) for pk, entry in found)
    return {pk: day for pk, day in both if day is not None}


def fitting(line: BankLine) -> QuerySet[Posting]:
    """The untold postings of its own account that move what the line moves."""
    bank = line.bank_account
    return untold(bank, line.dated_on + AFTER).filter(
        dated_on__gt=line.dated_on - LONG_BEFORE, **{amount_of(bank): line.amount_minor}
    )


def candidates(line: BankLine) -> list[Posting]:
    """What the line could be, the nearest day first."""
    found = list(fitting(line)[: 10 * MOST_CANDIDATES])
    return sorted(found, key=lambda each: abs((each.dated_on - line.dated_on).days))[:MOST_CANDIDATES]


def brought_by_other_leg(line: BankLine, account: Account) -> Posting | None:
    """The posting by which a line of the client's account `account`, coded or split, has brought this amount here already."""
    if account.type not in {"asset", "liability"}:
        return None
    others = BankAccount.objects.filter(account=account, client=line.client_id).exclude(pk=line.bank_account_id)
    if not others.exists():
        return None
    near = Q(dated_on__range=(line.dated_on - NEAR, line.dated_on + NEAR))
    legs = Coding.objects.filter(line__bank_account__in=others, entry=OuterRef("entry"), undone_at=None)
    found = fitting(line).filter(near, Exists(legs))
    return min(found, key=lambda each: (abs((each.dated_on - line.dated_on).days), each.pk), default=None)


def amount_of(bank: BankAccount) -> str:
    """Which column of a posting tells what the bank tells."""
    return "amount_minor" if bank.currency == bank.account.book.base_currency else "foreign_minor"
