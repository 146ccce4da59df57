"""A book as beancount reads it. Foreign amounts carry their worth as a total price, so that every entry balances in the book's currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from ..spelling import amount, quoted, rate
from ..told import Sums, ToldAccount, ToldBook, ToldEntry, ToldLine, amounts_of

MEDIA_TYPE, ENDING = "text/plain; charset=utf-8", "beancount"


def pieces(book: ToldBook, entries: Iterable[ToldEntry]) -> Iterator[str]:
    """The text, piece by piece; at its end the balances that its entries must lead to."""
    sums = Sums(book.base)
    yield from _head(book)
    for entry in entries:
        sums.count(entry)
        yield _entry(entry, book.base)
    if sums.last_on is not None:
        after = (sums.last_on + timedelta(days=1)).isoformat()
        for (path, currency), minor in sums.with_those_below().items():
            yield f"{after} balance {path}  {amount(minor, currency)} {currency}\n"


def _head(book: ToldBook) -> Iterator[str]:
    yield f'option "title" {quoted(book.title)}\noption "operating_currency" "{book.base}"\n\n'
    day = book.opened_on.isoformat()
    for currency in book.currencies:
        yield f"{day} commodity {currency}\n"
    yield "\n"
    for account in book.accounts:
        yield f"{day} open {account.path}\n" + "".join(f"  {key}: {value}\n" for key, value in _meta(account))
    yield "\n"
    for each in book.rates:
        yield f"{each.on.isoformat()} price {each.currency} {rate(each.value)} {each.base}\n"
    yield "\n"


def _meta(account: ToldAccount) -> Iterator[tuple[str, str]]:
    yield "code", quoted(account.code)
    yield "name", quoted(account.name)
    for key, value in (("purpose", account.purpose), ("currency", account.currency), ("tax", account.tax)):
        if value:
            yield key, quoted(value)
    if not account.in_use:
        yield "in-use", "FALSE"


def _entry(entry: ToldEntry, base: str) -> str:
    links = f" ^reversal-of-{entry.number}" if entry.is_reversed else ""
    links += f" ^reversal-of-{entry.reverses}" if entry.reverses is not None else ""
    rows = [f'{entry.dated_on.isoformat()} * {quoted(entry.narration)}{links}\n  number: "{entry.number}"\n']
    rows.append(f'  source: "{entry.source}"\n')
    if entry.reverses is not None:
        rows.append(f'  reverses: "{entry.reverses}"\n')
    for line in entry.lines:
        rows += _line(line, base)
    return "".join([*rows, "\n"])


def _line(line: ToldLine, base: str) -> Iterator[str]:
    for place, (currency, minor, worth) in enumerate(amounts_of(line, base)):
        price = "" if worth is None else f" @@ {amount(worth, base)} {base}"
        yield f"  {line.account}  {amount(minor, currency)} {currency}{price}\n"
        if place:
            yield "    same-line: TRUE\n"
            continue
        if line.currency and currency == base:
            yield f'    currency: "{line.currency}"\n'
        yield from (f"    {key}: {quoted(value)}\n" for key, value in _words(line))


def _words(line: ToldLine) -> Iterator[tuple[str, str]]:
    for key, value in (("text", line.text), ("tax", line.tax), *line.tags, ("posted-to", line.posted_to)):
        if value:
            yield key, value
