"""What a coded line looks like in the ledger: the bank's side, the other sides, the tax cut out of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from wellkept.banking.models import BankLine, Coding
from wellkept.banking.rules import parts as cutting
from wellkept.core.money import Money
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.actions import EntryDraft, PostingDraft

if TYPE_CHECKING:
    from wellkept.banking.actions.coding import Part
    from wellkept.banking.models import BankAccount
    from wellkept.ledger.models import Entry
    from wellkept.people.models import Staff

SOURCE, EXCHANGE = "bank", "exchange"


def post_line(*, line: BankLine, parts: Sequence[Part], payee: str, by: Staff | None, at: datetime) -> Entry:
    """One entry for one line."""
    draft = draft_line(line=line, parts=parts, payee=payee)
    return ledger.post(
        book=line.bank_account.account.book,
        dated_on=draft.dated_on,
        lines=draft.lines,
        narration=draft.narration,
        source=draft.source,
        key=draft.key,
        by=by,
        at=at,
    )


def draft_line(*, line: BankLine, parts: Sequence[Part], payee: str = "") -> EntryDraft:
    """The entry a line would post: money on the bank's account, each part without its tax, and the tax."""
    bank = line.bank_account
    return EntryDraft(
        dated_on=line.dated_on,
        lines=_in_base(bank, line.dated_on, [PostingDraft(bank.account, line.amount_minor), *_others(parts)]),
        narration=payee or line.payee or line.description,
        source=SOURCE,
        key=_key(line),
    )


def post_transfer(*, out: BankLine, into: BankLine, by: Staff | None, at: datetime) -> Entry:
    """Money moves between two of the client's own accounts, dated when it left."""
    one_currency = out.bank_account.currency == into.bank_account.currency
    return ledger.post(
        book=out.bank_account.account.book,
        dated_on=out.dated_on,
        lines=_moved(out, into) if one_currency else _exchanged(out, into),
        narration=out.payee or out.description or into.payee,
        source=SOURCE if one_currency else EXCHANGE,
        key=f"{_key(out)}-{_key(into)}",
        by=by,
        at=at,
    )


def money(bank_account: BankAccount, minor: int) -> Money:
    return Money(minor, bank_account.currency)


def _others(parts: Sequence[Part]) -> list[PostingDraft]:
    drafts = []
    for part in parts:
        code = part.tax_code
        tax = 0 if code is None else cutting.tax_within(part.amount_minor, code.rate_basis_points)
        drafts.append(
            PostingDraft(part.account, tax - part.amount_minor, text=part.text, tax_code=code, tags=part.tags)
        )
        if tax and code is not None and code.account_id is not None:
            drafts.append(PostingDraft(code.account_id, -tax, text=part.text, tax_code=code, tags=part.tags))
    return drafts


def _moved(out: BankLine, into: BankLine) -> list[PostingDraft]:
    legs = [PostingDraft(leg.bank_account.account, leg.amount_minor) for leg in (out, into)]
    return _in_base(out.bank_account, out.dated_on, legs)


def _exchanged(out: BankLine, into: BankLine) -> list[PostingDraft]:
    """Each leg at its own currency's rate of its day, or at its cost where it takes from what was there."""
    legs = [(leg.bank_account.account, leg.amount_minor, leg.dated_on) for leg in (out, into)]
    return books.legs_at_rates(out.bank_account.account.book, out.dated_on, legs)


def _in_base(bank: BankAccount, on: date, drafts: list[PostingDraft]) -> list[PostingDraft]:
    """Amounts of the bank account's currency as the book counts them."""
    book = bank.account.book
    return drafts if bank.currency == book.base_currency else books.drafts_in(book, bank.currency, on, drafts)


def _key(line: BankLine) -> str:
    """Coding a line again after an undo is another operation, so the key counts the codings."""
    return f"line-{line.pk}-{Coding.objects.filter(line=line).count() + 1}"
