"""Choosing how a table is read: the proposals with their proof, or an order of dates where only that is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from wellkept.banking.formats import DATE_ORDERS, ColumnMap, Proposal
from wellkept.banking.models import StatementFile
from wellkept.core.refusals import Refusal

MEANINGS = ("date", "amount", "debit", "credit", "balance", "payee", "reference")


class NotChosen(Refusal):
    """Nothing says how the table is to be read."""


@dataclass(frozen=True)
class Offer:
    """One proposal as a person reads it: which heading is what, and how far the balance proves it."""

    number: int
    columns: Sequence[tuple[str, str]]
    proved: int
    steps: int
    certain: bool
    reasons: Sequence[str]


def shown(proposals: Sequence[Proposal]) -> list[Offer]:
    words = {
        "date": _("Date"),
        "amount": _("Amount"),
        "debit": _("Money out"),
        "credit": _("Money in"),
        "balance": _("Balance"),
        "payee": _("Payee"),
        "reference": _("Reference"),
    }
    return [
        Offer(
            number,
            [
                (words[name], _heading(each.map, getattr(each.map, name)))
                for name in MEANINGS
                if getattr(each.map, name) is not None
            ],
            each.proved,
            each.steps,
            each.certain,
            [str(reason) for reason in each.reasons],
        )
        for number, each in enumerate(proposals)
    ]


def chosen(posted: Mapping[str, str], proposals: Sequence[Proposal], file: StatementFile) -> ColumnMap:
    """The proposal ticked, with the order of dates and the currency a person added."""
    number = posted.get("proposal", "")
    if number.isdecimal() and int(number) < len(proposals):
        columns = proposals[int(number)].map
    elif file.mapping is not None:
        columns = ColumnMap.from_json(file.mapping.columns)
    elif not proposals:
        columns = ColumnMap()
    else:
        raise NotChosen(_("Choose how the table is to be read."), field="proposal")
    order, currency = posted.get("order", ""), posted.get("currency", "").strip().upper()
    if order in DATE_ORDERS:
        columns = replace(columns, date_order=order)
    return replace(columns, currency=currency[:3]) if currency else columns


def _heading(columns: ColumnMap, place: int) -> str:
    return (
        columns.headers[place]
        if place < len(columns.headers) and columns.headers[place]
        else _("Column %(n)s") % {"n": place + 1}
    )
