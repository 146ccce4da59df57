"""A whole book told to another program, read in stretches of entries so that its size does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from wellkept.ledger.exchange import naming
from wellkept.ledger.exchange.told import ToldAccount, ToldBook, ToldEntry, ToldLine, ToldRate
from wellkept.ledger.exchange.writers import beancount, hledger
from wellkept.ledger.models import Account, Book, Entry, Posting, Rate, Tag, TaxCode
from wellkept.ledger.queries.entries import AT_ONCE, lines_of
from wellkept.ledger.rules.lines import Line

EXPORTS = {"beancount": beancount, "hledger": hledger}


@dataclass(frozen=True, slots=True)
class Export:
    """A text in pieces, and what to call it."""

    pieces: Iterator[str]
    ending: str
    media_type: str


def export_book(book: Book, program: str) -> Export:
    """The book as `beancount` or `hledger` reads it, with every entry there is when the first piece is taken."""
    writer = EXPORTS[program]
    return Export(_pieces(book, program), writer.ENDING, writer.MEDIA_TYPE)


def _pieces(book: Book, program: str) -> Iterator[str]:
    chart = Chart.of(book)
    last = Entry.objects.filter(book=book).order_by("-number").values_list("number", flat=True).first() or 0
    told = ToldBook(
        title=book.client.name,
        base=book.base_currency,
        opened_on=book.opened_on,
        accounts=chart.told,
        currencies=chart.currencies,
        rates=_rates(chart.currencies),
    )
    yield from EXPORTS[program].pieces(told, _entries(book, chart, last))


@dataclass(frozen=True, slots=True)
class Chart:
    """What the lines of a book name, by id."""

    paths: dict[int, str]
    merged: dict[int, tuple[int, str]]  # where it went, and its code
    taxes: dict[int, str]
    tags: dict[int, tuple[str, str]]
    told: tuple[ToldAccount, ...]
    currencies: tuple[str, ...]

    @classmethod
    def of(cls, book: Book) -> Chart:
        every = list(Account.objects.filter(book=book).select_related("tax_code").order_by("code"))
        standing = [each for each in every if each.merged_into_id is None]
        paths = naming.paths(
            naming.Named(each.pk, each.code, each.name, each.type, each.parent_id) for each in standing
        )
        tags = list(Tag.objects.filter(dimension__book=book).select_related("dimension").order_by("pk"))
        keys = naming.keys({tag.dimension.name for tag in tags})
        return cls(
            paths=paths,
            merged={each.pk: (each.merged_into_id, each.code) for each in every if each.merged_into_id is not None},
            taxes=dict(TaxCode.objects.filter(book=book).order_by().values_list("pk", "code")),
            tags={tag.pk: (keys[tag.dimension.name], tag.name) for tag in tags},
            told=tuple(_told(each, paths[each.pk]) for each in standing),
            currencies=_currencies(book, every),
        )

    def line(self, line: Line) -> ToldLine:
        """Lines on accounts that were merged away stand on the account they were merged into."""
        account, before = self.merged.get(line.account, (line.account, ""))
        return ToldLine(
            self.paths[account], line.amount_minor, line.currency, line.foreign_minor, line.text,
            "" if line.tax_code is None else self.taxes[line.tax_code], tuple(self.tags[tag] for tag in line.tags), before,
        )  # fmt: skip


def _told(account: Account, path: str) -> ToldAccount:
    tax = account.tax_code.code if account.tax_code is not None else ""
    return ToldAccount(
        path, account.code, account.name, account.type, account.purpose, account.currency, tax, account.is_active
    )


def _currencies(book: Book, accounts: list[Account]) -> tuple[str, ...]:
    posted = Posting.objects.filter(account__book=book, currency__gt="").order_by().values_list("currency", flat=True)
    others = {*posted.distinct(), *(each.currency for each in accounts)} - {"", book.base_currency}
    return (book.base_currency, *sorted(others))


def _rates(currencies: tuple[str, ...]) -> tuple[ToldRate, ...]:
    """The rates on file between the currencies of the book."""
    rates = Rate.objects.filter(Q(base__in=currencies) & Q(currency__in=currencies)).order_by("on", "currency", "base")
    return tuple(ToldRate(rate.on, rate.currency, rate.base, rate.value) for rate in rates.iterator(chunk_size=AT_ONCE))


def _entries(book: Book, chart: Chart, last: int) -> Iterator[ToldEntry]:
    """In the order of their numbers, up to the last one there was."""
    done = 0
    while done < last:
        some = list(
            Entry.objects.filter(book=book, number__gt=done, number__lte=last)
            .select_related("reverses", "reversed_by")
            .order_by("number")[:AT_ONCE]
        )
        lines = lines_of([entry.pk for entry in some])
        for entry in some:
            yield _entry(entry, tuple(chart.line(line) for line in lines[entry.pk]))
        done = some[-1].number


def _entry(entry: Entry, lines: tuple[ToldLine, ...]) -> ToldEntry:
    reverses = entry.reverses.number if entry.reverses is not None else None
    return ToldEntry(
        entry.number, entry.dated_on, entry.narration, entry.source, lines, reverses, hasattr(entry, "reversed_by")
    )
