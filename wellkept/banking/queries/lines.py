"""Reads of bank lines: to decide, decided, and the other leg of a transfer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet

from wellkept.banking.models import BankAccount, BankLine, Coding, LeftOut, Undecided
from wellkept.clients import queries as clients
from wellkept.core.money import exponent
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.ledger.models import Entry
    from wellkept.people.models import Staff

DAYS_APART = 5
MOST_LEGS = 20
MOST_FEE = 10  # one part in so many
RATE_OFF = Fraction(3, 100)  # how far from the day's rate a bank changes money


class Leg(NamedTuple):
    """A line that could be the other leg of a transfer."""

    line: int
    dated_on: date
    amount_minor: int
    bank_account: int
    account: int
    currency: str
    waiting: int | None

    @property
    def waits(self) -> bool:
        return self.waiting is not None

    def days_from(self, line: BankLine) -> int:
        return abs((self.dated_on - line.dated_on).days)


def counted() -> QuerySet[BankLine]:
    """The lines that count: all but those somebody left out."""
    return BankLine.objects.filter(~Exists(LeftOut.objects.filter(line=OuterRef("pk"), brought_back_at=None)))


def left_out(line: BankLine) -> LeftOut | None:
    """Who left the line out and why, while that holds."""
    return line.left_out.filter(brought_back_at=None).select_related("left_out_by").first()


def left_out_of(bank_account: BankAccount) -> QuerySet[LeftOut]:
    """What does not count on an account, the latest first."""
    found = LeftOut.objects.filter(bank_account=bank_account, brought_back_at=None)
    return found.select_related("line", "left_out_by").order_by("-id")


def for_staff(by: Staff) -> QuerySet[BankLine]:
    """The lines of the clients a person may see."""
    return BankLine.objects.filter(clients.scope(by).q()).select_related("client", "bank_account__account__book")


def undecided(by: Staff) -> QuerySet[Undecided]:
    """What waits to be coded in a person's clients, newest first; parked lines included."""
    waiting = Undecided.objects.filter(clients.scope(by).q()).order_by("-dated_on", "-line")
    return waiting.select_related("line__bank_account__account", "suggestion")


def to_decide(by: Staff, *, client: Client | int, bank_account: BankAccount | int | None = None) -> QuerySet[Undecided]:
    """What a person can decide now for a client: nothing that is parked."""
    waiting = undecided(by).filter(client=client, parked_at=None)
    return waiting if bank_account is None else waiting.filter(bank_account=bank_account)


def coding_of(line: BankLine) -> Coding | None:
    """How the line is coded today."""
    return line.codings.filter(undone_at=None).select_related("entry", "account", "tax_code", "decided_by").first()


def coded_by(entry: Entry) -> Coding | None:
    """The coding an entry was posted for, while it stands; a line that was only matched with it is no reason for it."""
    found = Coding.objects.filter(entry=entry, undone_at=None).exclude(how=Coding.How.MATCH)
    return found.select_related("client", "entry__book", "line__bank_account").order_by("pk").first()


def codings(by: Staff) -> QuerySet[Coding]:
    """What was decided for a person's clients, newest first."""
    return Coding.objects.filter(clients.scope(by).q()).order_by("-decided_at", "-id")


def other_legs(line: BankLine) -> list[BankLine]:
    """Lines of the client's other accounts that could be the other leg of a transfer, the nearest day first."""
    near = [leg.line for leg in legs_of([line]).get(line.pk, [])]
    found = BankLine.objects.select_related("bank_account__account").in_bulk(near)
    return [found[pk] for pk in near]


def legs_with_fee(line: BankLine) -> list[BankLine]:
    """Waiting lines that could be the other leg where the bank kept something on the way, the smallest fee first.

    Never paired without a person: what left is at most a tenth more than what came in.
    """
    amount, tenth = -line.amount_minor, abs(line.amount_minor) // MOST_FEE
    more = (amount - tenth, amount - 1) if amount > 0 else (amount - tenth - 1, amount - 1)
    found = _waiting_near(line).filter(amount_minor__range=more, bank_account__currency=line.bank_account.currency)
    return sorted(found[:MOST_LEGS], key=lambda leg: abs(leg.amount_minor + line.amount_minor))


def legs_abroad(line: BankLine) -> list[BankLine]:
    """Waiting lines in another currency worth about as much at the rate of the day, the nearest worth first."""
    book, bank = line.bank_account.account.book, line.bank_account
    banks = BankAccount.objects.filter(client=line.client_id, closed_at=None).exclude(currency=bank.currency)
    worth: dict[str, Fraction] = {}
    for currency in sorted({each.currency for each in banks}):
        here = ledger.rate_on(book.base_currency, bank.currency, line.dated_on)
        there = ledger.rate_on(book.base_currency, currency, line.dated_on)
        if here is not None and there is not None:
            factor = here.value / there.value * 10 ** exponent(currency) / 10 ** exponent(bank.currency)
            worth[currency] = -line.amount_minor * factor
    found: list[tuple[Fraction, BankLine]] = []
    for currency, amount in worth.items():
        off = abs(amount) * RATE_OFF
        legs = _waiting_near(line).filter(
            bank_account__currency=currency, amount_minor__range=(floor(amount - off), ceil(amount + off))
        )
        found += [(abs(leg.amount_minor - amount) / abs(amount), leg) for leg in legs[:MOST_LEGS]]
    return [leg for _off, leg in sorted(found, key=lambda each: (each[0], each[1].pk))][:MOST_LEGS]


def _waiting_near(line: BankLine) -> QuerySet[BankLine]:
    """Lines of the client's other accounts that wait, a few days around this one."""
    apart = timedelta(days=DAYS_APART)
    near = BankLine.objects.filter(
        client=line.client_id,
        undecided__isnull=False,
        dated_on__range=(line.dated_on - apart, line.dated_on + apart),
    )
    return near.exclude(bank_account=line.bank_account_id).select_related("bank_account__account").order_by("pk")


def legs_of(lines: Sequence[BankLine]) -> dict[int, list[Leg]]:
    """The possible other legs of these lines of one client, by line, the nearest day first; lines without any are left out.

    The same amount on the other side within a few days, still undecided or coded straight to the line's own account.
    """
    near = _near(lines)
    decided = _decided([leg.line for leg in near if not leg.waits])
    by_amount: dict[tuple[str, int], list[Leg]] = defaultdict(list)
    for leg in near:
        by_amount[leg.currency, leg.amount_minor].append(leg)
    found = {}
    for line in lines:
        bank = line.bank_account
        alike = by_amount.get((bank.currency, -line.amount_minor), ())
        fitting = [
            leg
            for leg in alike
            if leg.bank_account != bank.pk
            and leg.days_from(line) <= DAYS_APART
            and (leg.waits or decided.get(leg.line) == bank.account_id)
        ]
        if fitting:
            found[line.pk] = sorted(fitting, key=lambda leg: (leg.days_from(line), leg.line))[:MOST_LEGS]
    return found


def _near(lines: Sequence[BankLine]) -> list[Leg]:
    """Lines of the client with an amount that one of these could have sent or received."""
    days, apart = [line.dated_on for line in lines], timedelta(days=DAYS_APART)
    rows = BankLine.objects.filter(
        client=lines[0].client_id,
        dated_on__range=(min(days) - apart, max(days) + apart),
        amount_minor__in={-line.amount_minor for line in lines},
    )
    bank = ("bank_account_id", "bank_account__account_id", "bank_account__currency")
    return [Leg(*row) for row in rows.order_by().values_list("pk", "dated_on", "amount_minor", *bank, "undecided__pk")]


def _decided(lines: Sequence[int]) -> dict[int, int]:
    """The account each of these was coded to, where its entry does not stand for two legs already."""
    if not lines:
        return {}
    coded = Coding.objects.filter(line__in=lines, undone_at=None, account__isnull=False)
    legs = coded.values_list("line_id", "account_id", "entry_id")
    entries = Coding.objects.filter(entry__in={entry for _line, _account, entry in legs}, undone_at=None)
    of_two = set(
        entries.values_list("entry_id").annotate(legs=Count("pk")).filter(legs__gt=1).values_list("entry_id", flat=True)
    )
    return {line: account for line, account, entry in legs if entry not in of_two}
