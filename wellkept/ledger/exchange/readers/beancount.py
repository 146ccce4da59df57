"""Beancount files: open, transactions and balance checks. What a book cannot hold is refused with its row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from ..amounts import minor, not_an_amount, number
from ..dates import day
from ..halves import Half, finish, worth_of
from ..how import How
from ..refusals import Remark, Unreadable
from ..refusals import mark as _
from ..result import ReadAccount, ReadBook, ReadEntry
from ..text import clean

ROOTS = {"assets": "asset", "liabilities": "liability", "equity": "equity", "income": "income", "expenses": "expense"}
PASSED_OVER = frozenset({"close", "commodity", "price", "note", "document", "event", "query", "custom"})
KEPT_SOURCES = frozenset({"opening", "closing", "exchange"})
CURRENCY = r"[A-Z][A-Z0-9'._-]*"
AMOUNT = rf"(?P<units>[-+]?[0-9][0-9,]*\.?[0-9]*)\s+(?P<currency>{CURRENCY})"
_DIRECTIVE = re.compile(
    r"(?P<day>[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})\s+(?P<what>txn|[a-z]+|[*!&#?%PSTCURM])(?:\s+(?P<rest>.*))?"
)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_META = re.compile(r"(?P<key>[a-z][A-Za-z0-9_-]*):\s*(?P<value>.*)")
_POSTING = re.compile(
    rf"(?:[*!&#?%]\s+)?(?P<account>[^\s:;\"]+(?::[^\s:;\"]+)+)(?:\s+{AMOUNT})?"
    rf"(?:\s*(?P<cost>\{{\{{?[^}}]*\}}\}}?))?(?:\s*(?P<at>@@?)(?:\s*(?P<price>[0-9][0-9,]*\.?[0-9]*)\s+(?P<priced>{CURRENCY}))?)?"
    r"\s*(?:;.*)?"
)
_COST = re.compile(rf"\{{\s*(?P<price>[0-9][0-9,]*\.?[0-9]*)\s+(?P<priced>{CURRENCY})\s*\}}")
_OPTION = re.compile(r'option\s+"(?P<name>[^"]*)"\s+"(?P<value>[^"]*)"')
_BALANCE = re.compile(rf"(?P<account>\S+)\s+{AMOUNT}(?:\s*;.*)?")
_ESCAPE = re.compile(r"\\(.)")


@dataclass
class Journal:
    """What has been read so far."""

    base: str
    roots: dict[str, str] = field(default_factory=lambda: dict(ROOTS))
    accounts: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    entries: list[ReadEntry] = field(default_factory=list)
    checks: list[tuple[int, date, str, str, int]] = field(default_factory=list)
    odd: dict[str, tuple[int, int]] = field(default_factory=dict)  # remark: first row, how often

    def note(self, remark: str, row: int) -> None:
        first, times = self.odd.get(remark, (row, 0))
        self.odd[remark] = first, times + 1


@dataclass
class Block:
    """A line at the margin and those indented below it."""

    row: int
    head: str
    below: list[tuple[int, str]] = field(default_factory=list)


def read(data: str, how: How) -> ReadBook:
    journal = Journal(how.base)
    for block in _blocks(data):
        try:
            _take(block, journal)
        except Unreadable as refusal:
            raise refusal.at(block.row) from None
    _check(journal)
    if not journal.entries:
        raise Unreadable(_("The file holds no entries."))
    accounts = tuple(_account(key, meta, journal) for key, meta in journal.accounts.items())
    warnings = tuple(Remark(text, first, "", {"times": times}) for text, (first, times) in journal.odd.items())
    entries = sorted(journal.entries, key=lambda entry: entry.dated_on) if not _is_ours(journal) else journal.entries
    return ReadBook("beancount", accounts, tuple(entries), warnings)


def _blocks(data: str) -> Iterator[Block]:
    block: Block | None = None
    for row, line in enumerate(data.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith(";"):
            continue
        if line[0] in " \t":
            if block is not None:
                block.below.append((row, line.strip()))
        elif line[0] in "*#:&!?%":
            block = None  # a heading of an outline
        else:
            if block is not None:
                yield block
            block = Block(row, line.rstrip())
            continue
    if block is not None:
        yield block


def _take(block: Block, journal: Journal) -> None:
    found = _DIRECTIVE.fullmatch(block.head)
    if found is None:
        _take_undated(block, journal)
        return
    on, what, rest = day(found["day"]), found["what"], (found["rest"] or "").strip()
    if what == "open":
        _open(block, rest, journal)
    elif what == "balance":
        _balance(block, on, rest, journal)
    elif what in PASSED_OVER:
        return
    elif what == "txn" or len(what) == 1:
        _transaction(block, on, what, rest, journal)
    else:
        raise Unreadable(_("“%(word)s” cannot be carried into a book. Replace it by entries."), word=what)


def _take_undated(block: Block, journal: Journal) -> None:
    word = block.head.split(None, 1)[0]
    option = _OPTION.match(block.head)
    if option is not None and option["name"].startswith("name_"):
        journal.roots[option["value"].lower()] = ROOTS.get(option["name"].removeprefix("name_"), "")
    elif word == "plugin":
        journal.note(_("Plugins are not run; what one would add is not here."), block.row)
    elif word == "include":
        raise Unreadable(_("The file includes another. Put everything into one file, and send that."))
    elif word not in {"option", "pushtag", "poptag", "pushmeta", "popmeta"}:
        raise Unreadable(_("“%(word)s” is not understood."), word=word)


def _open(block: Block, rest: str, journal: Journal) -> None:
    account = rest.split(None, 1)[0] if rest else ""
    _known(account, block.row, journal).update(_meta(block))


def _known(account: str, row: int, journal: Journal) -> dict[str, str]:
    """The account's words; its first part says what it is."""
    if journal.roots.get(account.partition(":")[0].lower(), "") == "":
        raise Unreadable(
            _("“%(account)s” does not begin with one of the five kinds of account."), row=row, account=account
        )
    journal.rows.setdefault(account, row)
    return journal.accounts.setdefault(account, {})


def _transaction(block: Block, on: date, flag: str, rest: str, journal: Journal) -> None:
    if flag == "!":
        journal.note(_("%(times)s entries are marked as unfinished; they are taken as they stand."), block.row)
    words = [_unquoted(found) for found in _STRING.findall(rest)]
    after = _STRING.sub("", rest).partition(";")[0]
    if re.sub(r"[#^][A-Za-z0-9\-_/.]+|[\s|]", "", after):
        raise Unreadable(_("The text of this entry is not closed, or stands on several rows."))
    if "#" in after:
        journal.note(_("Tags of whole entries are passed over (%(times)s)."), block.row)
    meta, halves = _postings(block, journal)
    lines = finish(halves, journal.base)
    if lines:
        source = meta.get("source", "") if meta.get("source") in KEPT_SOURCES else ""
        narration = clean(" · ".join(word for word in words if word))
        journal.entries.append(ReadEntry(block.row, meta.get("number", ""), on, narration, lines, source))


def _postings(block: Block, journal: Journal) -> tuple[dict[str, str], list[Half]]:
    entry: dict[str, str] = {}
    halves: list[Half] = []
    for row, line in block.below:
        meta = _META.fullmatch(line)
        try:
            if meta is not None:
                _say(halves[-1] if halves else None, meta["key"], _value(meta["value"]), entry)
            elif line[0] not in "#^":
                halves.append(_half(row, line, journal))
        except Unreadable as refusal:
            raise refusal.at(row) from None
    return entry, halves


def _half(row: int, line: str, journal: Journal) -> Half:
    found = _POSTING.fullmatch(line)
    if found is None:
        raise Unreadable(_("This posting is not understood: “%(line)s”."), line=line)
    _known(found["account"], row, journal)
    half = Half(row, found["account"])
    if found["units"] is None:
        if found["cost"] or found["at"]:
            raise not_an_amount(line)
        return half
    half.currency, half.minor = _amount(found)
    half.worth = _worth(half, found)
    return half


def _amount(found: re.Match[str]) -> tuple[str, int]:
    """Currency and units. What is not money stays out of a book."""
    currency = money(found["currency"])
    text = found["units"]
    value = number(text.lstrip("+-"))
    return currency, minor(-value if text.startswith("-") else value, currency, text)


def money(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Unreadable(
            _("“%(code)s” is not money. Shares, hours and other things are not kept in a book."), code=code
        )
    return code


def _worth(half: Half, found: re.Match[str]) -> tuple[int, str] | None:
    """A cost counts before a price, as in beancount."""
    assert half.minor is not None  # the caller has read it
    if found["cost"]:
        cost = _COST.fullmatch(found["cost"])
        if cost is None:
            raise Unreadable(
                _("A cost without a price for one unit cannot be carried: “%(cost)s”."), cost=found["cost"]
            )
        return worth_of(half.minor, half.currency, number(cost["price"]), money(cost["priced"]))
    if not found["at"]:
        return None
    if not found["price"]:
        raise Unreadable(_("The price is left out; a book needs it."))
    price, priced = number(found["price"]), money(found["priced"])
    if found["at"] == "@":
        return worth_of(half.minor, half.currency, price, priced)
    return minor(price, priced, found["price"]), priced


def _say(half: Half | None, key: str, value: str, entry: dict[str, str]) -> None:
    """A word about the posting above, or about the entry before its first posting."""
    if half is None:
        entry[key] = value
    elif key == "same-line":
        half.same_line = True
    elif key == "currency":
        half.abroad = money(value)
    elif key in {"text", "tax"}:
        setattr(half, key, clean(value))
    elif key.startswith("tag-"):
        half.tags = (*half.tags, (key.removeprefix("tag-"), clean(value)))


def _meta(block: Block) -> dict[str, str]:
    found = (_META.fullmatch(line) for _row, line in block.below)
    return {meta["key"]: clean(_value(meta["value"])) for meta in found if meta is not None}


def _value(text: str) -> str:
    found = _STRING.match(text.strip())
    return _unquoted(found[1]) if found is not None else text.partition(";")[0].strip()


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text)


def _balance(block: Block, on: date, rest: str, journal: Journal) -> None:
    found = _BALANCE.fullmatch(rest)
    if found is None:
        raise Unreadable(_("This balance is not understood: “%(line)s”."), line=rest)
    currency, units = _amount(found)
    journal.checks.append((block.row, on, found["account"], currency, units))


def _check(journal: Journal) -> None:
    """The balances the file swears to are those its entries lead to, to within one unit; else we have read it wrong."""
    if not journal.checks:
        return
    held: dict[tuple[str, str], int] = {}
    entries = iter(sorted(journal.entries, key=lambda entry: entry.dated_on))
    entry = next(entries, None)
    for row, on, account, currency, units in sorted(journal.checks, key=lambda check: check[1]):
        while entry is not None and entry.dated_on < on:
            _count(held, entry, journal.base)
            entry = next(entries, None)
        below = account + ":"
        found = sum(
            each for (path, of), each in held.items() if of == currency and (path == account or path.startswith(below))
        )
        if abs(found - units) > 1:
            raise Unreadable(
                _("On %(day)s the entries of %(account)s do not lead to the balance the file tells."),
                row=row, day=(on - timedelta(days=1)).isoformat(), account=account,
            )  # fmt: skip


def _count(held: dict[tuple[str, str], int], entry: ReadEntry, base: str) -> None:
    for line in entry.lines:
        units = line.foreign_minor if line.currency and line.foreign_minor else line.amount_minor or 0
        key = line.account, line.currency if line.currency and line.foreign_minor else base
        held[key] = held.get(key, 0) + units
        if line.currency and line.foreign_minor and line.amount_minor and (line.amount_minor > 0) != (units > 0):
            held[line.account, base] = held.get((line.account, base), 0) + line.amount_minor


def _account(key: str, meta: Mapping[str, str], journal: Journal) -> ReadAccount:
    root, _sep, rest = key.partition(":")
    return ReadAccount(
        key=key,
        code=meta.get("code", ""),
        name=meta.get("name", "") or rest.replace(":", ": ").replace("-", " "),
        type=journal.roots[root.lower()],
        purpose=meta.get("purpose", ""),
        currency=meta.get("currency", ""),
        row=journal.rows[key],
    )


def _is_ours(journal: Journal) -> bool:
    """Whether every entry is numbered, as in what we write: then the file's order is the book's."""
    return all(entry.number for entry in journal.entries)
