"""The chart: accounts are added, named, numbered, merged and put out of use, and every change is kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.ledger.actions.taking import allow, allow_reviewer, take
from wellkept.ledger.models import Account, AccountChange, Book, TaxCode
from wellkept.ledger.rules.charts import ACCOUNT_CODE, SINGLE, fits
from wellkept.ledger.rules.lines import CODE, AccountElsewhere, AccountInactive, WrongCurrency
from wellkept.ledger.uses import uses_of

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LONGEST_NAME = 120
DEEPEST = 8
What = AccountChange.What


class CodeTaken(Refusal):
    """Another account has it."""


class CodeUnclear(Refusal):
    """A code is short and plain."""


class NameUnclear(Refusal):
    """An account has a name that fits."""


class PurposeUnfit(Refusal):
    """The type of the account cannot be for that."""


class PurposeTaken(Refusal):
    """A book has one account for that."""


class CannotMerge(Refusal):
    """The two accounts are not of one kind."""


class AccountNeeded(Refusal):
    """The book itself posts there."""


class AccountInUse(Refusal):
    """Something outside the book is posted to it and proved against it."""


class ParentUnfit(Refusal):
    """It cannot stand below that account."""


class NothingChanges(Refusal):
    """It is so already."""


@transaction.atomic
def add_account(
    *,
    book: Book,
    code: str,
    name: str,
    type: str,
    purpose: str = "",
    parent: Account | None = None,
    currency: str = "",
    tax_code: TaxCode | None = None,
    by: Staff | None,
    at: datetime,
) -> Account:
    """Add an account to the chart. Without `currency` it is kept in the book's."""
    allow(book=book, by=by)
    take(book=book)
    account = Account(
        book=book,
        code=_free_code(book, code),
        name=_name(name),
        type=type,
        purpose=_purpose(book, type, purpose),
        parent=_parent(book, type, parent, None),
        currency=_currency(book, currency),
        tax_code=_tax_code(book, tax_code),
    )
    account.save(force_insert=True)
    _note(account, What.ADDED, "", account.code, by, at)
    return account


@transaction.atomic
def rename_account(*, account: Account, name: str, by: Staff | None, at: datetime) -> Account:
    """Call it something else; what it was called is kept."""
    return _change(account, What.NAME, {"name": _name(name)}, account.name, _name(name), by, at)


@transaction.atomic
def renumber_account(*, account: Account, code: str, by: Staff | None, at: datetime) -> Account:
    """Give it another code; the postings stay where they are."""
    wanted = _free_code(account.book, code)
    return _change(account, What.CODE, {"code": wanted}, account.code, wanted, by, at)


@transaction.atomic
def move_account(*, account: Account, parent: Account | None, by: Staff | None, at: datetime) -> Account:
    """Put it below another account, or at the top."""
    above = _parent(account.book, account.type, parent, account)
    before, after = (account.parent.code if account.parent else ""), (above.code if above else "")
    return _change(account, What.PARENT, {"parent": above}, before, after, by, at)


@transaction.atomic
def choose_tax_code(*, account: Account, tax_code: TaxCode | None, by: Staff | None, at: datetime) -> Account:
    """The tax that is usual here, or none."""
    usual = _tax_code(account.book, tax_code)
    before, after = (account.tax_code.code if account.tax_code else ""), (usual.code if usual else "")
    return _change(account, What.TAX_CODE, {"tax_code": usual}, before, after, by, at)


@transaction.atomic
def merge_account(*, account: Account, into: Account, by: Staff, at: datetime) -> Account:
    """From now on everything posted to `account` shows under `into`, and nothing new goes to it. Nothing posted moves.

    By a reviewer, for it is never taken back and shows in closed months too: between accounts of one type and purpose
    no figure of a report changes but the two rows.
    """
    allow_reviewer(book=account.book, by=by)
    take(book=account.book)
    account.refresh_from_db()
    into.refresh_from_db()
    _refuse_merge(account, into)
    moved = Account.objects.filter(pk=account.pk, merged_into=None).update(merged_into=into)
    if moved != 1:
        raise AccountInactive(_("%(account)s was merged already.") % {"account": account.name})
    Account.objects.filter(merged_into=account).update(merged_into=into)
    Account.objects.filter(pk=into.pk, parent=account).update(parent=account.parent)
    Account.objects.filter(parent=account).update(parent=into)
    _note(account, What.MERGED, account.code, into.code, by, at)
    account.refresh_from_db()
    return account


@transaction.atomic
def deactivate_account(*, account: Account, by: Staff | None, at: datetime) -> Account:
    """Nothing new is posted here; what was stays."""
    allow(book=account.book, by=by)
    take(book=account.book)
    _refuse_needed(account)
    _refuse_used(account)
    if Account.objects.filter(pk=account.pk, deactivated_at=None, merged_into=None).update(deactivated_at=at) != 1:
        raise NothingChanges(_("%(account)s is out of use already.") % {"account": account.name})
    _note(account, What.DEACTIVATED, "", "", by, at)
    account.refresh_from_db()
    return account


@transaction.atomic
def reactivate_account(*, account: Account, by: Staff | None, at: datetime) -> Account:
    """Post here again."""
    allow(book=account.book, by=by)
    take(book=account.book)
    _purpose(account.book, account.type, account.purpose)
    back = Account.objects.filter(pk=account.pk, deactivated_at__isnull=False, merged_into=None)
    if back.update(deactivated_at=None) != 1:
        raise NothingChanges(_("%(account)s is in use already.") % {"account": account.name})
    _note(account, What.REACTIVATED, "", "", by, at)
    account.refresh_from_db()
    return account


def _change(
    account: Account,
    what: AccountChange.What,
    values: dict[str, object],
    before: str,
    after: str,
    by: Staff | None,
    at: datetime,
) -> Account:
    allow(book=account.book, by=by)
    take(book=account.book)
    if before == after:
        raise NothingChanges(_("It is so already."))
    Account.objects.filter(pk=account.pk).update(**values)
    _note(account, what, before, after, by, at)
    account.refresh_from_db()
    return account


def _note(account: Account, what: AccountChange.What, before: str, after: str, by: Staff | None, at: datetime) -> None:
    who = None if by is None else by.pk
    AccountChange.objects.create(account=account, what=what, before=before, after=after, at=at, by=who)
    record("account.changed", at=at, by=by, client=account.book.client_id, account=account.pk, what=what.value)


def _refuse_merge(account: Account, into: Account) -> None:
    if account.book_id != into.book_id:
        raise AccountElsewhere(_("This account is not in this client's book."))
    if account.pk == into.pk:
        raise CannotMerge(_("Choose another account to merge this one into."))
    if account.type != into.type or account.currency != into.currency:
        raise CannotMerge(_("Only accounts of the same type and currency can be merged."), field="into")
    if not into.is_active:
        raise AccountInactive(_("%(account)s is no longer in use. Choose another.") % {"account": into.name})
    _refuse_needed(account)
    if account.purpose != into.purpose:
        raise CannotMerge(
            _("The two accounts are used for different things. Merging them would change reports of closed months."),
            field="into",
        )
    for use in uses_of(account.pk, into.pk):
        raise AccountInUse(
            _("Statements of “%(name)s” are proved against one of the two accounts, so they stay apart.")
            % {"name": use.name}
        )


def _refuse_needed(account: Account) -> None:
    book = account.book
    own = {book.rounding_account_id, book.suspense_account_id}
    taxed = TaxCode.objects.filter(account=account, retired_at=None).exists()
    if account.pk in own or account.purpose in SINGLE or taxed:
        raise AccountNeeded(_("The book itself posts to %(account)s; it stays in use.") % {"account": account.name})


def _refuse_used(account: Account) -> None:
    for use in uses_of(account.pk):
        if not use.is_over:
            raise AccountInUse(
                _("Lines of “%(name)s” are posted to %(account)s; it stays in use while that is open.")
                % {"name": use.name, "account": account.name}
            )


def _free_code(book: Book, code: str) -> str:
    wanted = code.strip()
    if not ACCOUNT_CODE.fullmatch(wanted):
        raise CodeUnclear(_("Write the code as up to 20 letters, digits, dots or dashes."), field="code")
    other = Account.objects.filter(book=book, code=wanted).first()
    if other is not None:
        named = {"code": wanted, "account": other.name}
        raise CodeTaken(_("%(account)s has the code %(code)s already.") % named, field="code")
    return wanted


def _name(name: str) -> str:
    line = " ".join(name.split())
    if not line or len(line) > LONGEST_NAME:
        raise NameUnclear(_("Give a name of up to %(limit)s characters.") % {"limit": LONGEST_NAME}, field="name")
    return line


def _purpose(book: Book, type_: str, purpose: str) -> str:
    if not fits(type_, purpose):
        raise PurposeUnfit(_("An account of this type cannot be used for that."), field="purpose")
    taken = Q(book=book, purpose=purpose, deactivated_at=None, merged_into=None)
    if purpose in SINGLE and Account.objects.filter(taken).exists():
        raise PurposeTaken(_("This book has an account for that already."), field="purpose")
    return purpose


def _currency(book: Book, currency: str) -> str:
    if currency and not CODE.fullmatch(currency):
        raise WrongCurrency(_("Write the currency as three letters, such as NZD."), field="currency")
    return "" if currency == book.base_currency else currency


def _tax_code(book: Book, tax_code: TaxCode | None) -> TaxCode | None:
    if tax_code is not None and tax_code.book_id != book.pk:
        raise AccountElsewhere(_("This tax code is not in this client's book."), field="tax_code")
    return tax_code


def _parent(book: Book, type_: str, parent: Account | None, account: Account | None) -> Account | None:
    """An account of the same type of this book, not below the account itself, and not too deep."""
    above, steps = parent, 0
    while above is not None:
        steps += 1
        wrong = above.book_id != book.pk or above.type != type_
        if wrong or steps > DEEPEST or (account is not None and above.pk == account.pk):
            raise ParentUnfit(
                _("Choose an account of the same type that does not stand below this one."), field="parent"
            )
        above = above.parent
    return parent
