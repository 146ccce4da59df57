"""What a line could give back: a coded line of the same payee the other way, equal or larger, within a season before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from wellkept.banking.learning.lines import payee_name
from wellkept.banking.models import BankLine, Coding, Undecided

DAYS_BACK = timedelta(days=90)
MOST_FOUND = 2_000
MOST_WAITING = 25
OF_REFUNDS = frozenset({"refund", "refunds", "refunded", "return", "returns", "reversal", "reversed"})


class Refunded(NamedTuple):
    """The line that was coded, and where it went."""

    line: int
    text: str
    amount_minor: int
    dated_on: date
    currency: str
    account: int
    tax_code: int | None


def refunds_of(lines: Sequence[BankLine]) -> dict[int, Refunded]:
    """For lines of one client: the line each gives back, the same amount before a part of one, the latest first.

    Only money that comes in can be a part of what was paid; a customer's is given back whole or not known.
    """
    coded: dict[str, list[Refunded]] = defaultdict(list)
    for each in _coded(lines):
        coded[_name(each.text)].append(each)
    found = {}
    for line in lines:
        name = _name(line.payee or line.description)
        fitting = [each for each in coded.get(name, ()) if name and _gives_back(line, each)]
        if fitting:
            found[line.pk] = min(fitting, key=lambda each: _nearness(line, each))
    return found


def waiting_refunds(line: BankLine) -> list[int]:
    """Lines that wait and could give this one back whole."""
    alike = Undecided.objects.filter(
        line__client=line.client_id,
        line__amount_minor=-line.amount_minor,
        line__dated_on__range=(line.dated_on, line.dated_on + DAYS_BACK),
    )
    return list(alike.order_by("-line").values_list("pk", flat=True)[:MOST_WAITING])


def _coded(lines: Sequence[BankLine]) -> set[Refunded]:
    """By the amount, and for what came in by the payee as well: two questions, each answered by an index of its own."""
    days = [line.dated_on for line in lines]
    payees = {line.payee for line in lines if line.amount_minor > 0 and line.payee}
    rows = BankLine.objects.filter(
        client=lines[0].client_id,
        dated_on__range=(min(days) - DAYS_BACK, max(days)),
        codings__undone_at=None,
        codings__how__in=set(Coding.How.values) - {Coding.How.TRANSFER},
        codings__account__isnull=False,
    )
    named = ("pk", "payee", "description", "amount_minor", "dated_on", "bank_account__currency")
    read = rows.order_by("-dated_on").values_list(*named, "codings__account", "codings__tax_code")
    found = [*read.filter(amount_minor__in={-line.amount_minor for line in lines})[:MOST_FOUND]]
    if payees:
        found += read.filter(payee__in=payees, amount_minor__lt=0)[:MOST_FOUND]
    return {Refunded(pk, payee or description, *more) for pk, payee, description, *more in found}


def _gives_back(line: BankLine, each: Refunded) -> bool:
    whole = each.amount_minor == -line.amount_minor
    part = line.amount_minor > 0 and each.amount_minor < -line.amount_minor
    back = line.dated_on - each.dated_on
    return (
        line.amount_minor != 0
        and (whole or part)
        and timedelta() <= back <= DAYS_BACK
        and each.currency == line.bank_account.currency
    )


def _nearness(line: BankLine, each: Refunded) -> tuple[bool, timedelta, int]:
    return each.amount_minor != -line.amount_minor, line.dated_on - each.dated_on, -each.line


def _name(text: str) -> str:
    return " ".join(word for word in payee_name(text).split() if word not in OF_REFUNDS)
