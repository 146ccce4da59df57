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
    from wellkept.ledger.models import Account, Book, Entry
    from wellkept.people.models import Staff

SOURCE, EXCHANGE = "bank", "exchange"
TRANSFERS = "1160"  # “Transfers between own accounts” in every chart we open books with


def post_line(
    *, line: BankLine, parts: Sequence[Part], payee: str, by: Staff | None, at: datetime, reason: str = ""
) -> Entry:
    """One entry for one line. With a reason a reviewer posts it into a soft-closed month."""
    return _post(line.bank_account, draft_line(line=line, parts=parts, payee=payee), by, at, reason)


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


def post_transfer(
    *, out: BankLine, into: BankLine, fee: Account | None = None, by: Staff | None, at: datetime, reason: str = ""
) -> tuple[Entry, Entry]:
    """Money moves between two of the client's own accounts; says the entry of each leg.

    On one day it is one entry. Otherwise each leg stands on its own day, as its bank told it, and what was on its way
    stood in the clearing account meanwhile; a book without such an account has one entry, dated when the money left.
    """
    bank, key = out.bank_account, f"{_key(out)}-{_key(into)}"
    one_currency = bank.currency == into.bank_account.currency
    lines = _moved(out, into, fee) if one_currency else _exchanged(out, into)
    narration = out.payee or out.description or into.payee
    source = SOURCE if one_currency else EXCHANGE
    clearing = None if out.dated_on == into.dated_on else _clearing(bank.account.book)
    if clearing is None:
        entry = _post(bank, EntryDraft(out.dated_on, lines, narration, source, key), by, at, reason)
        return entry, entry
    shared = bank.currency if one_currency and bank.currency != bank.account.book.base_currency else ""
    arriving = [each for each in lines if each.account == into.bank_account.account]
    leaving = [each for each in lines if each.account != into.bank_account.account]
    left = EntryDraft(out.dated_on, [*leaving, *_through(clearing, leaving, shared)], narration, source, f"{key}-out")
    came = EntryDraft(into.dated_on, [*arriving, *_through(clearing, arriving, shared)], narration, source, f"{key}-in")
    return _post(bank, left, by, at, reason), _post(bank, came, by, at, reason)


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


def _post(bank: BankAccount, draft: EntryDraft, by: Staff | None, at: datetime, reason: str) -> Entry:
    """A reason is asked of a reviewer, and only where the month is soft-closed."""
    book, narration, source, key = bank.account.book, draft.narration, draft.source, draft.key
    if by is None or not reason.strip() or books.is_open(book, draft.dated_on):
        return ledger.post(
            book=book, dated_on=draft.dated_on, lines=draft.lines, narration=narration, source=source, key=key,
            by=by, at=at,
        )  # fmt: skip
    return ledger.post_with_override(
        book=book, dated_on=draft.dated_on, lines=draft.lines, narration=narration, source=source, key=key,
        reason=reason, by=by, at=at,
    )  # fmt: skip


def _moved(out: BankLine, into: BankLine, fee: Account | None) -> list[PostingDraft]:
    """What left and what came; what lies between them was kept as a fee."""
    legs = [PostingDraft(leg.bank_account.account, leg.amount_minor) for leg in (out, into)]
    kept = -out.amount_minor - into.amount_minor
    if kept and fee is not None:
        legs.append(PostingDraft(fee, kept))
    return _in_base(out.bank_account, out.dated_on, legs)


def _clearing(book: Book) -> Account | None:
    """Where money between two accounts stands: the one the charts keep for it, else the first kept for clearing."""
    named = books.account_by_code(book, TRANSFERS)
    fits = named is not None and named.purpose == "clearing" and named.is_active
    found = named if fits else books.account_for(book, "clearing")
    return None if found is None or found.currency else found


def _through(clearing: Account, drafts: Sequence[PostingDraft], currency: str) -> list[PostingDraft]:
    """What makes these even, in the currency both legs share; in the book's where money changed currency on its way."""
    amount, foreign = -sum(each.amount_minor for each in drafts), -sum(each.foreign_minor for each in drafts)
    return [PostingDraft(clearing, amount, currency, foreign) if currency else PostingDraft(clearing, amount)]


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
