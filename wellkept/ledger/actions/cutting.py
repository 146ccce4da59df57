"""How a client's figures can be cut: dimensions and their tags; and the tax codes of the book."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.ledger.actions.accounts import NameUnclear, NothingChanges
from wellkept.ledger.actions.taking import allow, take
from wellkept.ledger.models import Account, Book, Dimension, Tag, TaxCode
from wellkept.ledger.rules.charts import ACCOUNT_CODE
from wellkept.ledger.rules.lines import AccountElsewhere

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LONGEST_DIMENSION, LONGEST_TAG = 60, 80
MOST_DIMENSIONS = 10


class NameTaken(Refusal):
    """It is there already."""


class TooManyDimensions(Refusal):
    """Nobody cuts figures in so many ways."""


class TaxUnclear(Refusal):
    """A tax code has a code, a rate from 0 to 100% and, above 0, an account."""


@transaction.atomic
def add_dimension(*, book: Book, name: str, by: Staff | None, at: datetime) -> Dimension:
    """A new way to cut this client's figures."""
    allow(book=book, by=by)
    take(book=book)
    wanted = _line(name, LONGEST_DIMENSION)
    if Dimension.objects.filter(book=book, name__iexact=wanted).exists():
        raise NameTaken(_("“%(name)s” is there already.") % {"name": wanted}, field="name")
    if Dimension.objects.filter(book=book).count() >= MOST_DIMENSIONS:
        raise TooManyDimensions(_("A book has at most %(limit)d dimensions.") % {"limit": MOST_DIMENSIONS})
    dimension = Dimension.objects.create(book=book, name=wanted)
    record("dimension.added", at=at, by=by, client=book.client_id, dimension=dimension.pk)
    return dimension


@transaction.atomic
def add_tag(*, dimension: Dimension, name: str, by: Staff | None, at: datetime) -> Tag:
    """A new value of a dimension."""
    book = dimension.book
    allow(book=book, by=by)
    take(book=book)
    wanted = _line(name, LONGEST_TAG)
    if Tag.objects.filter(dimension=dimension, name__iexact=wanted).exists():
        raise NameTaken(_("“%(name)s” is there already.") % {"name": wanted}, field="name")
    tag = Tag.objects.create(dimension=dimension, name=wanted)
    record("tag.added", at=at, by=by, client=book.client_id, tag=tag.pk)
    return tag


@transaction.atomic
def retire_tag(*, tag: Tag, by: Staff | None, at: datetime) -> Tag:
    """Nothing new carries it; what does stays."""
    book = tag.dimension.book
    allow(book=book, by=by)
    if Tag.objects.filter(pk=tag.pk, retired_at=None).update(retired_at=at) != 1:
        raise NothingChanges(_("“%(name)s” is out of use already.") % {"name": tag.name})
    record("tag.retired", at=at, by=by, client=book.client_id, tag=tag.pk)
    tag.refresh_from_db()
    return tag


@transaction.atomic
def add_tax_code(
    *,
    book: Book,
    code: str,
    name: str,
    rate_basis_points: int,
    kind: str,
    account: Account | None,
    by: Staff | None,
    at: datetime,
) -> TaxCode:
    """A rate of tax. A rate that changes by law is a new code beside the old one."""
    allow(book=book, by=by)
    take(book=book)
    wanted = code.strip()
    if not ACCOUNT_CODE.fullmatch(wanted) or kind not in TaxCode.Kind.values:
        raise TaxUnclear(_("Write the code as up to 20 letters, digits, dots or dashes."), field="code")
    if TaxCode.objects.filter(book=book, code=wanted).exists():
        raise NameTaken(_("“%(name)s” is there already.") % {"name": wanted}, field="code")
    if not 0 <= rate_basis_points <= 10_000 or (rate_basis_points and account is None):
        raise TaxUnclear(_("Give a rate from 0 to 100% and, above 0, the account the tax goes to."), field="rate")
    if account is not None and account.book_id != book.pk:
        raise AccountElsewhere(_("This account is not in this client's book."), field="account")
    tax_code = TaxCode.objects.create(
        book=book, code=wanted, name=_line(name, LONGEST_TAG), rate_basis_points=rate_basis_points, kind=kind,
        account=account,
    )  # fmt: skip
    record("tax_code.added", at=at, by=by, client=book.client_id, tax_code=tax_code.pk)
    return tax_code


@transaction.atomic
def retire_tax_code(*, tax_code: TaxCode, by: Staff | None, at: datetime) -> TaxCode:
    """Nothing new is posted with it; it is no longer usual anywhere."""
    book = tax_code.book
    allow(book=book, by=by)
    if TaxCode.objects.filter(pk=tax_code.pk, retired_at=None).update(retired_at=at) != 1:
        raise NothingChanges(_("“%(name)s” is out of use already.") % {"name": tax_code.code})
    Account.objects.filter(tax_code=tax_code).update(tax_code=None)
    record("tax_code.retired", at=at, by=by, client=book.client_id, tax_code=tax_code.pk)
    tax_code.refresh_from_db()
    return tax_code


def _line(name: str, longest: int) -> str:
    line = " ".join(name.split())
    if not line or len(line) > longest:
        raise NameUnclear(_("Give a name of up to %(limit)s characters.") % {"limit": longest}, field="name")
    return line
