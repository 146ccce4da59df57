"""Journals of hledger and Ledger, as far as a book can hold them: entries, inferred amounts, prices, account types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from .. import spelling
from ..amounts import COMMA, POINT, currency_named, minor, not_an_amount, number
from ..dates import day
from ..halves import Half, finish, worth_of
from ..how import How
from ..refusals import Remark, Unreadable
from ..refusals import mark as _
from ..result import ReadAccount, ReadBook, ReadEntry
from ..text import clean
from ..writers.hledger import MARK
from .beancount import KEPT_SOURCES, Block

PASSED_OVER = frozenset(
    {"P", "D", "commodity", "payee", "tag", "N", "C", "bucket", "expr", "assert", "check", "define"}
)
REFUSED = frozenset({"include", "!include", "apply", "alias", "end", "Y", "year", "python", "import", "eval"})
TYPES = {
    "a": "asset", "asset": "asset", "c": "asset", "cash": "asset", "l": "liability", "liability": "liability",
    "e": "equity", "equity": "equity", "v": "equity", "conversion": "equity", "r": "income", "revenue": "income",
    "x": "expense", "expense": "expense",
}  # fmt: skip
ROOTS = {
    "asset": "asset", "assets": "asset", "liability": "liability", "liabilities": "liability", "debts": "liability",
    "debt": "liability", "equity": "equity", "income": "income", "incomes": "income", "revenue": "income",
    "revenues": "income", "expense": "expense", "expenses": "expense",
}  # fmt: skip
_ENTRY = re.compile(
    r"(?P<day>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})(?P<second>=\S+)?(?:\s+(?P<flag>[*!]))?(?:\s*\((?P<code>[^)]*)\))?(?P<rest>.*)"
)
_SYMBOL = r"[^\s0-9.,;:+\-=@\"{}()*]+|\"[^\"]+\""
_AMOUNT = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<before>{_SYMBOL})?\s*(?P<inner>[-+]?)\s*(?P<units>[0-9.,][0-9.,' \u00a0]*?)\s*(?P<after>{_SYMBOL})?"
)
_TAG = re.compile(r"([^\s:,]+):([^,]*)")
_ONE_SEPARATOR = re.compile(r"[0-9]+[.,][0-9]{3}", re.ASCII)
_GAP = re.compile(r"  |\t")


@dataclass
class Journal:
    """What has been read so far."""

    base: str
    ours: bool
    decimal: str = ""
    accounts: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    entries: list[ReadEntry] = field(default_factory=list)
    odd: dict[str, tuple[int, int]] = field(default_factory=dict)

    def note(self, remark: str, row: int) -> None:
        first, times = self.odd.get(remark, (row, 0))
        self.odd[remark] = first, times + 1

    def words(self, text: str) -> str:
        return clean(spelling.unescaped(text) if self.ours else text)

    def account(self, name: str, row: int) -> dict[str, str]:
        self.rows.setdefault(name, row)
        return self.accounts.setdefault(name, {})


def read(data: str, how: How) -> ReadBook:
    journal = Journal(how.base, ours=data.startswith(MARK))
    for block in _blocks(data):
        try:
            _take(block, journal)
        except Unreadable as refusal:
            raise refusal.at(block.row) from None
    if not journal.entries:
        raise Unreadable(_("The file holds no entries."))
    used = {line.account for entry in journal.entries for line in entry.lines}
    accounts = tuple(_account(key, journal) for key in journal.accounts if key in used or journal.ours)
    warnings = tuple(Remark(text, first, "", {"times": times}) for text, (first, times) in journal.odd.items())
    entries = journal.entries if journal.ours else sorted(journal.entries, key=lambda entry: entry.dated_on)
    return ReadBook("hledger", accounts, tuple(entries), warnings)


def _blocks(data: str) -> Iterator[Block]:
    block: Block | None = None
    commented = False
    for row, line in enumerate(data.split("\n"), 1):
        if commented or line.rstrip() in {"comment", "test"}:
            commented = line.strip() not in {"end comment", "end test"}
        elif line.strip() and line[0] in " \t":
            if block is not None:
                block.below.append((row, line.strip()))
        elif line.strip() and line[0] not in ";#*%|":
            if block is not None:
                yield block
            block = Block(row, line.rstrip())
    if block is not None:
        yield block


def _take(block: Block, journal: Journal) -> None:
    word = block.head.split(None, 1)[0]
    if block.head[0].isdigit():
        _transaction(block, journal)
    elif word == "account":
        _declare(block, journal)
    elif word == "decimal-mark":
        journal.decimal = block.head.split()[-1]
    elif word[0] == "~":
        journal.note(_("Forecasts are passed over (%(times)s)."), block.row)
    elif word[0] == "=" or word in REFUSED:
        raise Unreadable(
            _("“%(word)s” changes what other rows mean. Print the journal from its program, and send that."), word=word
        )
    elif word not in PASSED_OVER:
        raise Unreadable(_("“%(word)s” is not understood."), word=word)


def _declare(block: Block, journal: Journal) -> None:
    name, _sep, comment = block.head.removeprefix("account").strip().partition(";")
    meta = journal.account(_GAP.split(name.strip())[0], block.row)
    for said in (comment, *(line.lstrip("; ") for _row, line in block.below if line.startswith(";"))):
        meta.update({key: journal.words(value) for key, value in _TAG.findall(said)})


def _transaction(block: Block, journal: Journal) -> None:
    found = _ENTRY.fullmatch(block.head)
    if found is None:
        raise Unreadable(_("“%(line)s” does not begin with a whole day, such as 2026-03-31."), line=block.head)
    if found["flag"] == "!":
        journal.note(_("%(times)s entries are marked as unfinished; they are taken as they stand."), block.row)
    words, _sep, comment = found["rest"].partition(";")
    entry: dict[str, str] = dict(_TAG.findall(comment))
    halves: list[Half] = []
    for row, line in block.below:
        try:
            _below(row, line, entry, halves, journal)
        except Unreadable as refusal:
            raise refusal.at(row) from None
    lines = finish(halves, journal.base)
    if lines:
        source = entry.get("source", "") if journal.ours and entry.get("source") in KEPT_SOURCES else ""
        number_ = (found["code"] or "").strip()
        journal.entries.append(ReadEntry(block.row, number_, day(found["day"]), journal.words(words), lines, source))


def _below(row: int, line: str, entry: dict[str, str], halves: list[Half], journal: Journal) -> None:
    """A comment about what stands above it, or a posting."""
    if not line.startswith(";"):
        posting, _sep, comment = line.partition(";")
        halves.append(_half(row, posting.rstrip(), journal))
        line = comment
    tags = _TAG.findall(line.lstrip("; "))
    if not halves:
        entry.update(tags)
        return
    for key, value in tags:
        _say(halves[-1], key, value, journal)


def _say(half: Half, key: str, value: str, journal: Journal) -> None:
    if key in {"date", "date2"}:
        raise Unreadable(_("A posting with a day of its own cannot be carried. Make two entries of it."))
    if not journal.ours:
        return
    if key == "same-line":
        half.same_line = True
    elif key == "abroad":
        half.abroad = currency_named(value, journal.base)
    elif key in {"text", "tax"}:
        setattr(half, key, journal.words(value))
    elif key.startswith("tag-"):
        half.tags = (*half.tags, (key.removeprefix("tag-"), journal.words(value)))


def _half(row: int, line: str, journal: Journal) -> Half:
    bare = line[1:].lstrip() if line[:2] in {"* ", "! "} else line
    account, rest = (*(part.strip() for part in _GAP.split(bare, maxsplit=1)), "")[:2]
    if account[:1] in "([":
        raise Unreadable(_("“%(account)s” is a posting outside the double entry; a book has none."), account=account)
    journal.account(account, row)
    amount, sep, _asserted = rest.partition("=")
    if sep and not amount.strip():
        raise Unreadable(
            _("An amount is left to be found from a balance. Print the journal from its program, and send that.")
        )
    if sep and not journal.ours:
        journal.note(_("Balance assertions are passed over (%(times)s)."), row)
    half = Half(row, account)
    if amount.strip():
        _read_amount(half, amount.strip(), journal)
    return half


def _read_amount(half: Half, text: str, journal: Journal) -> None:
    if "{" in text:
        raise Unreadable(_("Lots with a cost cannot be carried: “%(text)s”."), text=text)
    units, at, price = re.match(r"([^@]*)(@@?)?(.*)", text).groups()  # type: ignore[union-attr]
    value, half.currency = _priced(units.strip(), journal)
    half.minor = minor(value, half.currency, units)
    if at:
        each, priced = _priced(price.strip(), journal)
        if at == "@":
            half.worth = worth_of(half.minor, half.currency, abs(each), priced)
        else:
            half.worth = abs(minor(each, priced, price)), priced


def _priced(text: str, journal: Journal) -> tuple[Fraction, str]:
    """`$1,000.50`, `-10 EUR`, `EUR -10`."""
    found = _AMOUNT.fullmatch(text)
    if found is None or (found["before"] and found["after"]) or (found["sign"] and found["inner"]):
        raise not_an_amount(text)
    digits = found["units"].strip()
    decimal = journal.decimal or _decimal(digits)
    value = number(digits, decimal)
    currency = currency_named(found["before"] or found["after"] or "", journal.base)
    return (-value if "-" in (found["sign"], found["inner"]) else value), currency


def _decimal(digits: str) -> str:
    if _ONE_SEPARATOR.fullmatch(digits):
        raise Unreadable(
            _("“%(text)s” can be read in two ways. Write “decimal-mark .” or “decimal-mark ,” at the top of the file."),
            text=digits,
        )
    return COMMA if digits.rfind(",") > digits.rfind(".") else POINT


def _account(key: str, journal: Journal) -> ReadAccount:
    meta = journal.accounts[key]
    root, _sep, rest = key.partition(":")
    kind = TYPES.get(meta.get("type", "").strip().lower()) or ROOTS.get(root.strip().lower(), "")
    ours = meta if journal.ours else {}
    return ReadAccount(
        key=key,
        code=meta.get("code", ""),
        name=ours.get("name", "") or (rest if kind and rest else key).replace(":", ": "),
        type=kind,
        purpose=ours.get("purpose", ""),
        currency=ours.get("currency", ""),
        row=journal.rows[key],
    )
