"""A book as hledger reads it; accounts and commodities are declared, so that its strict check passes too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wellkept.core.money import exponent

from ..spelling import amount, for_line, for_tag, rate
from ..told import Sums, ToldAccount, ToldBook, ToldEntry, ToldLine, amounts_of

MEDIA_TYPE, ENDING = "text/plain; charset=utf-8", "journal"
MARK = "; written by Wellkept; %XX is an escaped character"
TYPES = {"asset": "A", "liability": "L", "equity": "E", "income": "R", "expense": "X"}
CASH = frozenset({"bank", "cash"})


def pieces(book: ToldBook, entries: Iterable[ToldEntry]) -> Iterator[str]:
    """The text, piece by piece; its last transaction moves nothing and asserts every balance."""
    sums = Sums(book.base)
    yield from _head(book)
    for entry in entries:
        sums.count(entry)
        yield _entry(entry, book.base)
    if sums.last_on is not None:
        yield f"{sums.last_on.isoformat()} * Balances\n"
        for (path, currency), minor in sorted(sums.held.items()):
            yield f"  {path}  {amount(0, currency)} {currency} = {amount(minor, currency)} {currency}\n"


def _head(book: ToldBook) -> Iterator[str]:
    yield f"{MARK}\n; {for_tag(book.title)}\n\ndecimal-mark .\n"
    for currency in book.currencies:
        places = exponent(currency)
        yield f"commodity 1000.{'0' * places} {currency}\n"
    yield "\n"
    for account in book.accounts:
        yield f"account {account.path}\n" + "".join(f"  ; {key}:{value}\n" for key, value in _meta(account))
    yield "\n"
    for each in book.rates:
        yield f"P {each.on.isoformat()} {each.currency} {rate(each.value)} {each.base}\n"
    yield "\n"


def _meta(account: ToldAccount) -> Iterator[tuple[str, str]]:
    is_cash = account.type == "asset" and account.purpose in CASH
    yield "type", "C" if is_cash else TYPES[account.type]
    yield "code", for_tag(account.code)
    yield "name", for_tag(account.name)
    for key, value in (("purpose", account.purpose), ("currency", account.currency), ("tax", account.tax)):
        if value:
            yield key, for_tag(value)
    if not account.in_use:
        yield "in-use", "no"


def _entry(entry: ToldEntry, base: str) -> str:
    rows = [f"{entry.dated_on.isoformat()} * ({entry.number}) {for_line(entry.narration)}".rstrip() + "\n"]
    rows.append(f"  ; source:{entry.source}\n")
    if entry.reverses is not None:
        rows.append(f"  ; reverses:{entry.reverses}\n")
    for line in entry.lines:
        rows += _line(line, base)
    return "".join([*rows, "\n"])


def _line(line: ToldLine, base: str) -> Iterator[str]:
    for place, (currency, minor, worth) in enumerate(amounts_of(line, base)):
        price = "" if worth is None else f" @@ {amount(worth, base)} {base}"
        yield f"  {line.account}  {amount(minor, currency)} {currency}{price}\n"
        if place:
            yield "    ; same-line:yes\n"
            continue
        if line.currency and currency == base:
            yield f"    ; abroad:{line.currency}\n"
        yield from (f"    ; {key}:{for_tag(value)}\n" for key, value in _words(line))


def _words(line: ToldLine) -> Iterator[tuple[str, str]]:
    for key, value in (("text", line.text), ("tax", line.tax), *line.tags, ("posted-to", line.posted_to)):
        if value:
            yield key, value
