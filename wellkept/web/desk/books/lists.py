"""The tax summary and the aged lists as documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wellkept.core.money import exponent
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Entry
from wellkept.ledger.rules.ageing import OpenItem, bucket
from wellkept.web.desk.books.ledgers import account_address
from wellkept.web.desk.books.times import Stretch
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, heading, line, total
from wellkept.web.exports.figures import amount
from wellkept.web.shell.words import Reader, day

if TYPE_CHECKING:
    from wellkept.web.desk.books.frame import Kept

RECEIVABLE, PAYABLE = "receivable", "payable"
SHOWN, MOST_ITEMS = 50, 10_000  # on the page; in a file
KINDS = {
    "sales": gettext_lazy("On sales"),
    "purchase": gettext_lazy("On purchases"),
    "none": gettext_lazy("Outside the tax"),
}
TITLES = {RECEIVABLE: gettext_lazy("Owed by customers, by age"), PAYABLE: gettext_lazy("Owed to vendors, by age")}


def tax(kept: Kept, stretch: Stretch, reader: Reader) -> Document:
    """What was charged under each code, and what its rate says it should be."""
    read = ledger.tax_summary(kept.book, stretch.since, stretch.until)
    named = {"currency": kept.currency, "amount": amount(abs(read.owed_minor), kept.currency, reader.language)}
    if not read.rows:
        said = _("Nothing was posted with a tax code in this time.")
    elif read.owed_minor < 0:
        said = _("%(currency)s %(amount)s come back.") % named
    else:
        said = _("%(currency)s %(amount)s are due.") % named
    return Document(
        name="tax",
        title=_("Tax"),
        client=kept.client.name,
        period=stretch.words(reader),
        currency=kept.currency,
        columns=(
            Column(_("Tax code"), name="code", wide=True),
            Column(_("Rate"), Kind.PERCENT, name="rate"),
            Column(_("Charged on"), Kind.AMOUNT, name="net"),
            Column(_("Tax posted"), Kind.AMOUNT, name="tax"),
            Column(_("By its rate"), Kind.AMOUNT, name="expected"),
            Column(_("Apart"), Kind.AMOUNT, name="apart"),
        ),
        rows=tuple(_tax_rows(kept, read, stretch)),
        sentence=said,
        country=kept.client.country,
    )


def _tax_rows(kept: Kept, read: ledger.TaxSummary, stretch: Stretch) -> Iterator[Row]:
    for kind, label in KINDS.items():
        rows = [row for row in read.rows if row.tax_code.kind == kind]
        if not rows:
            continue
        yield heading(str(label))
        for row in rows:
            code = row.tax_code
            at = account_address(kept, code.account_id, stretch.since, stretch.last_on) if code.account_id else ""
            apart = row.tax_minor - row.expected_minor
            yield line(
                Cell(f"{code.code} {code.name}", at),
                code.rate_basis_points,
                row.net_minor,
                Cell(row.tax_minor, at),
                row.expected_minor,
                Cell(apart or None, at, flagged=abs(apart) >= 10 ** exponent(kept.currency)),
                level=1,
            )
        yield total(
            _("Together"),
            None,
            sum(row.net_minor for row in rows),
            sum(row.tax_minor for row in rows),
            sum(row.expected_minor for row in rows),
            None,
        )
    if read.rows:
        yield total(_("Due, or coming back below nought"), None, None, read.owed_minor, None, None)


def aged(kept: Kept, side: str, on: date, reader: Reader, most: int = SHOWN) -> Document:
    """What is open, by age. Older entries are taken as cleared first; the invoices themselves come with their own rooms."""
    read = ledger.aged(kept.book, on, side)
    held = sum(row.balance_minor for row in read.rows)
    named = {"currency": kept.currency, "amount": amount(held, kept.currency, reader.language), "day": day(on, reader)}
    if not read.rows:
        said = _("Nothing is open on %(day)s.") % named
    else:
        said = _("%(currency)s %(amount)s are open on %(day)s. The oldest is taken as cleared first.") % named
    return Document(
        name=f"aged-{side}",
        title=str(TITLES[side]),
        client=kept.client.name,
        period=_("on %(day)s") % {"day": day(on, reader)},
        currency=kept.currency,
        columns=(
            Column(_("What is open"), name="item", wide=True),
            Column(_("Up to 30 days"), Kind.AMOUNT, name="30"),
            Column(_("31 to 60"), Kind.AMOUNT, name="60"),
            Column(_("61 to 90"), Kind.AMOUNT, name="90"),
            Column(_("Older"), Kind.AMOUNT, name="older"),
            Column(_("All"), Kind.AMOUNT, name="all"),
        ),
        rows=tuple(_aged_rows(kept, read, on, reader, most)),
        sentence=said,
        country=kept.client.country,
    )


def _aged_rows(kept: Kept, read: ledger.AgedList, on: date, reader: Reader, most: int) -> Iterator[Row]:
    entries = _entries([item.posting for row in read.rows for item in row.items[:most]])
    for row in read.rows:
        address = account_address(kept, row.account.pk, None, on)
        yield heading(str(row.account))
        for item in row.items[:most]:
            entry = entries.get(item.posting)
            words = day(item.dated_on, reader) + (f" · {entry.narration}" if entry and entry.narration else "")
            link = f"{kept.entries}/{entry.number}" if entry else ""
            cells: list[Cell] = [Cell() for _bucket in row.buckets]
            cells[bucket(item.dated_on, on)] = Cell(item.open_minor, link)
            yield line(Cell(words, link), *cells, Cell(item.open_minor, link), level=1)
        if rest := row.items[most:]:
            yield _rest(rest, len(row.buckets), on, address)
        yield total(Cell(str(row.account), address), *row.buckets, Cell(row.balance_minor, address))


def _rest(items: Sequence[OpenItem], buckets: int, on: date, address: str) -> Row:
    """What the page has no room for, in one line."""
    sums = [0] * buckets
    for item in items:
        sums[bucket(item.dated_on, on)] += item.open_minor
    words = ngettext("and %(n)s more", "and %(n)s more", len(items)) % {"n": len(items)}
    return line(Cell(words, address), *(each or None for each in sums), sum(sums), level=1)


def _entries(postings: list[int]) -> dict[int, Entry]:
    """The entry of each posting, for its words."""
    found = Entry.objects.filter(postings__in=postings).values_list("postings__pk", "pk")
    by_posting = dict(found)
    entries = Entry.objects.in_bulk(list(set(by_posting.values())))
    return {posting: entries[entry] for posting, entry in by_posting.items()}
