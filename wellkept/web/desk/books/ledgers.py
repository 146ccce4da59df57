"""The trial balance, one account and the general ledger as documents: every figure opens to its postings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.ledger.rules.charts import natural
from wellkept.web.desk.books.times import Stretch
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, Style, heading, line, proof, total
from wellkept.web.exports.figures import amount
from wellkept.web.shell.words import Reader, day

if TYPE_CHECKING:
    from wellkept.ledger.models import Account, Book, Posting
    from wellkept.web.desk.books.frame import Kept

MOST_ROWS = 20_000  # of a file; a page shows fifty
AT_ONCE = 500


def account_address(kept: Kept, account: int, since: date | None, last: date) -> str:
    """The postings of an account within some days."""
    asked = f"since={since.isoformat()}&until={last.isoformat()}" if since else f"until={last.isoformat()}"
    return f"{kept.accounts}/{account}?{asked}"


def trial_balance(kept: Kept, on: date, until: date, reader: Reader) -> Document:
    """Every account that holds something at the end of the day."""
    found = ledger.trial_balance(kept.book, until)
    rows = []
    for each in found.rows:
        address = account_address(kept, each.account.pk, None, on)
        rows.append(
            line(
                Cell(str(each.account), address),
                Cell(each.debit_minor or None, address),
                Cell(each.credit_minor or None, address),
            )
        )
    holds = found.debit_minor == found.credit_minor
    return Document(
        name="trial-balance",
        title=_("Trial balance"),
        client=kept.client.name,
        period=_("on %(day)s") % {"day": day(on, reader)},
        currency=kept.currency,
        columns=(
            Column(_("Account"), name="account", wide=True),
            Column(_("Debit"), Kind.AMOUNT, name="debit"),
            Column(_("Credit"), Kind.AMOUNT, name="credit"),
        ),
        rows=(*rows, proof(_("Both sides"), found.debit_minor, found.credit_minor, holds=holds)) if rows else (),
        sentence=_balanced(found.debit_minor, found.credit_minor, on, kept.currency, reader),
        country=kept.client.country,
    )


def _balanced(debit: int, credit: int, on: date, currency: str, reader: Reader) -> str:
    named = {"day": day(on, reader), "amount": amount(debit, currency, reader.language)}
    if not debit and not credit:
        return _("Nothing was posted until %(day)s.") % named
    if debit == credit:
        return _("On %(day)s debits and credits are equal: %(amount)s on both sides.") % named
    return _("On %(day)s debits and credits differ.") % named


def account_document(kept: Kept, shown: ledger.AccountPage, stretch: Stretch | None, reader: Reader) -> Document:
    """Some postings of one account with the balance after each, on the account's natural side."""
    account = shown.account
    last = shown.until if stretch is None else stretch.last_on
    period = _("until %(day)s") % {"day": day(last, reader)} if stretch is None else stretch.words(reader)
    return Document(
        name=f"account-{account.code}",
        title=str(account),
        client=kept.client.name,
        period=period,
        currency=kept.currency,
        columns=_columns(account),
        rows=tuple(_account_rows(kept, shown, reader)),
        sentence=_stands(kept, account, shown.closing_minor, reader) if shown.next_after is None else "",
        country=kept.client.country,
    )


def _stands(kept: Kept, account: Account, minor: int, reader: Reader) -> str:
    held = amount(natural(account.type, minor), kept.currency, reader.language)
    return _("It holds %(currency)s %(amount)s at the end.") % {"currency": kept.currency, "amount": held}


def _columns(account: Account | None) -> tuple[Column, ...]:
    foreign = (
        [Column(_("Own amount"), Kind.AMOUNT, account.currency, "foreign")] if account and account.currency else []
    )
    return (
        Column(_("Day"), Kind.DATE, name="day"),
        Column(_("Entry"), name="entry"),
        Column(_("Text"), name="text", wide=True),
        Column(_("Tax"), name="tax"),
        *foreign,
        Column(_("Debit"), Kind.AMOUNT, name="debit"),
        Column(_("Credit"), Kind.AMOUNT, name="credit"),
        Column(_("Balance"), Kind.AMOUNT, name="balance"),
    )


def _account_rows(kept: Kept, shown: ledger.AccountPage, reader: Reader, *, foreign: bool = True) -> Iterator[Row]:
    """What it held before, every posting, what it holds after."""
    account = shown.account
    own = bool(account.currency) and foreign
    blank = [None] * (3 if own else 2)
    side = account.type
    if shown.opening_minor or shown.lines:
        held = natural(side, shown.opening_minor)
        yield line(Cell(), None, _("Brought forward"), None, *blank, held)
    for each in shown.lines:
        posting = each.posting
        address = f"{kept.entries}/{posting.entry.number}"
        yield line(
            posting.dated_on,
            Cell(str(posting.entry.number), address),
            _said(posting),
            posting.tax_code.code if posting.tax_code is not None else None,
            *([posting.foreign_minor or None] if own else []),
            Cell(posting.debit_minor or None, address),
            Cell(posting.credit_minor or None, address),
            natural(side, each.balance_minor),
        )
    if shown.lines and shown.next_after is None:
        debit = sum(each.posting.debit_minor for each in shown.lines)
        credit = sum(each.posting.credit_minor for each in shown.lines)
        blanks = [None] * (1 if own else 0)
        held = natural(side, shown.closing_minor)
        yield total(None, None, _("Carried forward"), None, *blanks, debit, credit, held)


def _said(posting: Posting) -> str:
    """The line's own text, else what the entry was for."""
    return posting.text or posting.entry.narration


class TooLong(Refusal):
    """A file holds everything it speaks of, or is not made."""


def every_page(account: Account, since: date | None, until: date) -> ledger.AccountPage:
    """The whole account for a file."""
    first = found = ledger.account_page(account, since, until, None, AT_ONCE)
    lines = list(first.lines)
    while found.next_after is not None:
        _refuse_too_long(len(lines))
        found = ledger.account_page(account, since, until, found.next_after, AT_ONCE)
        lines += found.lines
    return ledger.AccountPage(
        account, since, until, first.opening_minor, tuple(lines), found.closing_minor, found.next_after
    )


def general_ledger(
    kept: Kept, pages: list[ledger.AccountPage], stretch: Stretch, reader: Reader, *, more: bool
) -> Document:
    """Accounts one after another, each with its postings."""
    rows: list[Row] = []
    for page in pages:
        if not (page.lines or page.opening_minor):
            continue
        rows.append(heading(str(page.account)))
        rows += _account_rows(kept, page, reader, foreign=False)
    return Document(
        name="general-ledger",
        title=_("General ledger"),
        client=kept.client.name,
        period=stretch.words(reader),
        currency=kept.currency,
        columns=_columns(None),
        rows=tuple(rows),
        sentence=_counted(rows, stretch, reader, more=more),
        country=kept.client.country,
    )


def _counted(rows: list[Row], stretch: Stretch, reader: Reader, *, more: bool) -> str:
    accounts = sum(row.style is Style.HEADING for row in rows)
    named = {"n": accounts, "period": stretch.words(reader)}
    if not accounts:
        return _("Nothing was posted in this time.")
    if more:
        return _("Every posting, account by account, %(period)s.") % named
    return (
        ngettext(
            "Every posting of %(n)s account, %(period)s.", "Every posting of %(n)s accounts, %(period)s.", accounts
        )
        % named
    )


def place_words(place: ledger.LedgerPlace | None) -> str | None:
    """Where the next page begins, for the address."""
    return None if place is None else f"{place.code}~{place.after or ''}"


def place_read(text: str) -> ledger.LedgerPlace | None:
    code, parted, after = text.partition("~")
    return ledger.LedgerPlace(code[:20], ledger.Place.read(after)) if parted else None


def every_account(book: Book, stretch: Stretch) -> list[ledger.AccountPage]:
    """The whole general ledger for a file."""
    pages: list[ledger.AccountPage] = []
    place, rows = None, 0
    while True:
        _refuse_too_long(rows)
        found = ledger.general_ledger(book, stretch.since, stretch.until, place, AT_ONCE)
        for page in found.pages:
            if pages and pages[-1].account.pk == page.account.pk:
                before = pages.pop()
                page = replace(page, opening_minor=before.opening_minor, lines=(*before.lines, *page.lines))
            pages.append(page)
        rows += sum(len(page.lines) for page in found.pages)
        place = found.next_after
        if place is None:
            return pages


def _refuse_too_long(rows: int) -> None:
    if rows >= MOST_ROWS:
        raise TooLong(
            _("More than %(limit)s postings do not go into one file. Choose a shorter time and make several.")
            % {"limit": f"{MOST_ROWS:,}"}
        )
