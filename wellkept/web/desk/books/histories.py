"""A file with earlier books as its page shows it: what stands in it, where its accounts go, and what a person has said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.ledger.exchange.how import How
from wellkept.ledger.exchange.readers.headings import ROLES
from wellkept.ledger.models import Book
from wellkept.ledger.queries.histories import Plan, PlannedAccount
from wellkept.web.desk.books.entering import NotEntered, account_named
from wellkept.web.desk.books.times import a_day

ENTRIES_SHOWN, LINES_SHOWN = 15, 8
TYPES = ("asset", "liability", "equity", "income", "expense")


@dataclass(frozen=True)
class Undecided:
    """One account of the file that a person looks at: into one of ours, or a new one as proposed."""

    number: int
    planned: PlannedAccount
    use: str

    @property
    def told(self) -> str:
        return self.planned.read.key


def undecided(plan: Plan) -> list[Undecided]:
    return [Undecided(number, each, str(each.account or "")) for number, each in enumerate(plan.to_decide)]


def choices(posted: Mapping[str, str], plan: Plan, book: Book) -> dict[str, Any]:
    """Where a person lets the accounts and tax codes of the file go; what was not asked stays as proposed."""
    accounts = {account.code.casefold(): account for account in ledger.accounts_in_use(book)}
    chosen: dict[str, Any] = {}
    for number, each in enumerate(plan.to_decide):
        if f"code-{number}" not in posted:
            continue
        said = posted.get(f"use-{number}", "").strip()
        try:
            chosen[each.read.key] = {"use": account_named(said, accounts).pk} if said else _new(posted, number)
        except Refusal as refusal:
            raise NotEntered(str(refusal), field=f"use-{number}") from refusal
    taxes = {tax.code: tax.pk for tax in ledger.tax_codes(book)}
    told = ((tax, taxes.get(posted.get(f"tax-{number}", ""))) for number, tax in enumerate(plan.unknown_taxes))
    return {"accounts": chosen, "taxes": {tax: pk for tax, pk in told if pk is not None}}


def described(posted: Mapping[str, str], how: How) -> How:
    """What a person said of how the file is to be read, beside what was said before."""
    columns = {
        role: int(posted[f"column-{role}"])
        for role in ROLES
        if posted.get(f"column-{role}", "").isdecimal() and len(posted[f"column-{role}"]) < 4
    }
    order = posted.get("order", "")
    day: date | None = a_day(posted.get("day", ""))
    if posted.get("day", "").strip() and day is None:
        raise NotEntered(_("Choose a day."), field="day")
    return How(
        how.base, how.kind, columns or how.columns, order if order in {"dmy", "mdy"} else how.order, day or how.day
    )


def roles() -> list[tuple[str, str]]:
    words = (
        _("Date"), _("Entry number"), _("Reference"), _("Kind of document"), _("Account, by name"), _("Account, by code"),
        _("Customer or vendor"), _("Debit"), _("Credit"), _("Amount, debit above zero"), _("Text of the line"),
        _("What the entry is for"), _("Tax code"), _("Currency"), _("Amount in that currency"),
    )  # fmt: skip
    return list(zip(ROLES, words, strict=True))


def types() -> list[tuple[str, str]]:
    words = (_("Asset"), _("Liability"), _("Equity"), _("Income"), _("Expense"))
    return list(zip(TYPES, words, strict=True))


def shown(plan: Plan) -> Iterator[dict[str, Any]]:
    """The first entries as they will stand in the book."""
    names = {each.read.key: str(each.account or f"{each.code} {each.name}") for each in plan.accounts}
    for settled in islice(plan.entries, ENTRIES_SHOWN):
        entry = settled.entry
        yield {
            "entry": entry,
            "lines": [
                (names.get(line.account, _("Rounding")), line, max(amount, 0) or None, max(-amount, 0) or None)
                for line in entry.lines[:LINES_SHOWN]
                for amount in [line.amount_minor or 0]
            ],
            "more": max(len(entry.lines) - LINES_SHOWN, 0),
        }


def _new(posted: Mapping[str, str], number: int) -> dict[str, str]:
    type_ = posted.get(f"type-{number}", "")
    if type_ not in TYPES:
        raise NotEntered(_("Choose a type."), field=f"type-{number}")
    return {
        "code": posted.get(f"code-{number}", "").strip()[:20],
        "name": posted.get(f"name-{number}", "").strip()[:120],
        "type": type_,
    }
