"""An entry as somebody typed it: accounts by code, amounts in two columns, turned into drafts or refused by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from wellkept.core.money import parse
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.ledger.actions import PostingDraft
from wellkept.ledger.models import Account, Book, Tag, TaxCode
from wellkept.web.desk.books.times import a_day

LINES_SHOWN, MOST_LINES = 4, 200


class NotEntered(Refusal):
    """Something in the form cannot be read."""


@dataclass(frozen=True)
class Typed:
    """One line of the form, as it was typed."""

    number: int
    account: str = ""
    text: str = ""
    debit: str = ""
    credit: str = ""
    tax: str = ""
    tag: str = ""
    currency: str = ""
    foreign: str = ""

    @property
    def is_empty(self) -> bool:
        return not any((self.account, self.text, self.debit, self.credit, self.foreign))


@dataclass(frozen=True)
class Desk:
    """What the lines of one book can name."""

    accounts: Mapping[str, Account]
    taxes: Mapping[str, TaxCode]
    tags: Mapping[int, Tag]

    @classmethod
    def of(cls, book: Book) -> Desk:
        return cls(
            accounts={account.code.casefold(): account for account in ledger.accounts_in_use(book)},
            taxes={tax.code: tax for tax in ledger.tax_codes(book)},
            tags={tag.pk: tag for tag in ledger.tags(book)},
        )

    @property
    def has_foreign(self) -> bool:
        return any(account.currency for account in self.accounts.values())


def typed_lines(posted: Mapping[str, str]) -> list[Typed]:
    """Every line that says something, and empty ones to go on with."""
    found = [_typed(posted, number) for number in range(MOST_LINES) if f"account-{number}" in posted]
    shown = [line for line in found if not line.is_empty]
    numbered = [Typed(**{**line.__dict__, "number": place}) for place, line in enumerate(shown)]
    empty = max(LINES_SHOWN - len(numbered), 1)
    return numbered + [Typed(number=len(numbered) + more) for more in range(empty)]


def drafts(lines: Sequence[Typed], book: Book, desk: Desk) -> list[PostingDraft]:
    """The lines as they will be posted; refuses the first that cannot be read, by its number."""
    return [_draft(line, book, desk) for line in lines if not line.is_empty]


def account_named(text: str, accounts: Mapping[str, Account]) -> Account:
    """`4000`, `4000 Sales` or `Sales`."""
    said = text.strip().casefold()
    code = said.split(" ", 1)[0]
    found = accounts.get(said) or accounts.get(code)
    if found is not None:
        return found
    named = [account for account in accounts.values() if account.name.casefold() == said]
    if len(named) == 1:
        return named[0]
    raise NotEntered(_("No account in use has the code “%(code)s”.") % {"code": text.strip()[:40]}, field="account")


def a_date(text: str, *, field: str) -> date:
    found = a_day(text.strip())
    if found is None:
        raise NotEntered(_("Choose a day."), field=field)
    return found


def amount(text: str, currency: str) -> int:
    return parse(text, currency).minor if text.strip() else 0


def _typed(posted: Mapping[str, str], number: int) -> Typed:
    names = ("account", "text", "debit", "credit", "tax", "tag", "currency", "foreign")
    said: dict[str, Any] = {name: posted.get(f"{name}-{number}", "").strip()[:300] for name in names}
    return Typed(number=number, **said)


def _draft(line: Typed, book: Book, desk: Desk) -> PostingDraft:
    try:
        return _read(line, book, desk)
    except Refusal as refusal:
        sentence = _("Line %(number)s: %(reason)s") % {"number": line.number + 1, "reason": refusal}
        raise NotEntered(sentence, field=f"{refusal.field or 'debit'}-{line.number}") from refusal


def _read(line: Typed, book: Book, desk: Desk) -> PostingDraft:
    account = account_named(line.account, desk.accounts)
    debit, credit = amount(line.debit, book.base_currency), amount(line.credit, book.base_currency)
    if debit and credit:
        raise NotEntered(_("Write the amount on one side, debit or credit."), field="credit")
    tag = desk.tags.get(int(line.tag)) if line.tag.isdecimal() and len(line.tag) < 18 else None
    currency = (line.currency or account.currency).upper()
    return PostingDraft(
        account=account,
        amount_minor=debit - credit,
        currency=currency,
        foreign_minor=_foreign(line, currency, debit - credit) if currency not in {"", book.base_currency} else 0,
        text=line.text,
        tax_code=desk.taxes.get(line.tax),
        tags=(tag,) if tag is not None else (),
    )


def _foreign(line: Typed, currency: str, base_minor: int) -> int:
    """The foreign amount stands on the side of the line, whatever sign was typed."""
    found = amount(line.foreign, currency)
    if not found:
        raise NotEntered(_("Write the amount in %(currency)s too.") % {"currency": currency}, field="foreign")
    return abs(found) if base_minor >= 0 else -abs(found)
