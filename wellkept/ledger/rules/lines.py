"""What an entry must be before it is written: drafts of entries and their lines, and every reason to refuse one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _

from wellkept.core.money import LARGEST, Money
from wellkept.core.refusals import Refusal
from wellkept.ledger.rules.months import FIRST, LAST

LONGEST_NARRATION, LONGEST_TEXT, LONGEST_KEY = 500, 300, 160
MOST_LINES = 10_000
SOURCE = re.compile(r"[a-z][a-z_]{0,19}")
CODE = re.compile(r"[A-Z]{3}")
# An entry of these sources may change money of one currency into another.
FREE_SOURCES = frozenset({"exchange", "opening", "import", "reversal"})


class Unbalanced(Refusal):
    """Debits and credits differ."""


class UnbalancedInCurrency(Refusal):
    """They differ in another currency, and the entry exchanges nothing."""


class TooFewLines(Refusal):
    """An entry has two sides."""


class TooManyLines(Refusal):
    """No entry is that long."""


class EmptyLine(Refusal):
    """A line moves something."""


class AmountTooLarge(Refusal):
    """No amount is kept that is so large."""


class AccountElsewhere(Refusal):
    """The account is not in this book."""


class AccountInactive(Refusal):
    """Nothing new is posted there."""


class WrongCurrency(Refusal):
    """The account is kept in another currency."""


class DateOutOfRange(Refusal):
    """No book has that day."""


class BeforeTheBook(Refusal):
    """The book begins later."""


class TextTooLong(Refusal):
    """The text does not fit."""


class KeyMissing(Refusal):
    """Whoever posts says which operation it is, so that trying again posts nothing twice."""


class SourceUnknown(Refusal):
    """The source is one short word."""


class HasPk(Protocol):
    pk: int


@dataclass(frozen=True, slots=True)
class PostingDraft:
    """A line to post: debit above zero, credit below, in the book's currency; `foreign_minor` of `currency` beside it."""

    account: HasPk | int
    amount_minor: int
    currency: str = ""
    foreign_minor: int = 0
    text: str = ""
    tax_code: HasPk | int | None = None
    tags: Sequence[HasPk | int] = ()


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry to post. The same `key` in the same book is the same entry."""

    dated_on: date
    lines: Sequence[PostingDraft]
    narration: str
    source: str
    key: str


class Line(NamedTuple):
    """A checked line: ids instead of objects, and no currency where it is the book's own."""

    account: int
    amount_minor: int
    currency: str
    foreign_minor: int
    text: str
    tax_code: int | None
    tags: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What posting to an account depends on. `base` is the currency of its book."""

    name: str
    currency: str
    active: bool


def pk_of(thing: HasPk | int) -> int:
    return thing if isinstance(thing, int) else thing.pk


def line_of(draft: PostingDraft, base: str) -> Line:
    """The same line with ids, and the book's own currency unnamed."""
    foreign = draft.currency not in {"", base}
    return Line(
        pk_of(draft.account),
        draft.amount_minor,
        draft.currency if foreign else "",
        draft.foreign_minor if foreign else 0,
        draft.text,
        None if draft.tax_code is None else pk_of(draft.tax_code),
        tuple(sorted(map(pk_of, draft.tags))) if draft.tags else (),
    )


def check_words(draft: EntryDraft) -> None:
    """Key, source and narration can be kept."""
    if not draft.key or len(draft.key) > LONGEST_KEY:
        raise KeyMissing(_("An entry needs a key of up to %(limit)s characters.") % {"limit": LONGEST_KEY})
    if not SOURCE.fullmatch(draft.source):
        raise SourceUnknown(_("“%(source)s” is not a source of entries.") % {"source": draft.source[:40]})
    if len(draft.narration) > LONGEST_NARRATION:
        raise TextTooLong(_("Shorten this to %(limit)s characters.") % {"limit": LONGEST_NARRATION}, field="narration")


def check_date(on: date, opened_on: date) -> None:
    if not FIRST <= on <= LAST:
        raise DateOutOfRange(_("Choose a date between 1900 and 2200."), field="dated_on")
    if on < opened_on:
        raise BeforeTheBook(
            _("This book begins on %(day)s. Choose a later date, or let the book begin earlier.")
            % {"day": opened_on.isoformat()},
            field="dated_on",
        )


def check_balance(lines: Sequence[Line], base: str, source: str) -> None:
    """Two sides or more that add up to nothing, in the book's currency and in every other that is not exchanged."""
    if len(lines) < 2:
        raise TooFewLines(_("An entry has at least two lines: one debit and one credit."))
    if len(lines) > MOST_LINES:
        raise TooManyLines(_("An entry has at most %(limit)s lines. Split it.") % {"limit": MOST_LINES})
    total = sum(line.amount_minor for line in lines)
    if total:
        difference = Money(abs(total), base)
        side = _("Debits") if total > 0 else _("Credits")
        raise Unbalanced(
            _("%(side)s are %(currency)s %(difference)s more. Both sides must be equal.")
            % {"side": side, "currency": base, "difference": difference}
        )
    if source not in FREE_SOURCES:
        _check_currencies(lines)


def _check_currencies(lines: Iterable[Line]) -> None:
    totals: dict[str, int] = {}
    for line in lines:
        if line.currency:
            totals[line.currency] = totals.get(line.currency, 0) + line.foreign_minor
    for currency, total in totals.items():
        if total:
            raise UnbalancedInCurrency(
                _("The lines in %(currency)s differ by %(difference)s. Only an exchange may do that.")
                % {"currency": currency, "difference": Money(abs(total), currency)}
            )


def check_lines(lines: Iterable[Line], places: Mapping[int, Place]) -> None:
    """Every line moves something on an active account of the book, in the account's currency."""
    for line in lines:
        place = places.get(line.account)
        if place is None:
            raise AccountElsewhere(_("This account is not in this client's book."))
        if not line.amount_minor and not line.foreign_minor:
            raise EmptyLine(_("A line needs an amount."))
        if not place.active:
            raise AccountInactive(_("%(account)s is no longer in use. Choose another.") % {"account": place.name})
        if place.currency and place.currency != line.currency:
            raise WrongCurrency(
                _("%(account)s is kept in %(currency)s.") % {"account": place.name, "currency": place.currency}
            )
        _check_size(line)


def _check_size(line: Line) -> None:
    if abs(line.amount_minor) > LARGEST or abs(line.foreign_minor) > LARGEST:
        raise AmountTooLarge(_("The amount is larger than any we keep."))
    if len(line.text) > LONGEST_TEXT:
        raise TextTooLong(_("Shorten this to %(limit)s characters.") % {"limit": LONGEST_TEXT}, field="text")
    if line.currency and not CODE.fullmatch(line.currency):
        raise WrongCurrency(_("“%(code)s” is not a currency.") % {"code": line.currency[:10]})


def reversed_lines(lines: Iterable[Line]) -> list[Line]:
    """The same lines on the other side."""
    return [line._replace(amount_minor=-line.amount_minor, foreign_minor=-line.foreign_minor) for line in lines]
