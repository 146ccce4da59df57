"""What other programs make of a book we wrote for them: the same balances, in every currency, to the last unit."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from wellkept.core.money import exponent, parse
from wellkept.ledger import queries
from wellkept.ledger.exchange import naming
from wellkept.ledger.models import Posting
from wellkept.ledger.queries.exporting import Chart, export_book
from wellkept.ledger.tests.books import Desk, day
from wellkept.ledger.tests.randomly import fill

BINARIES = Path(sys.executable).parent
BEAN_CHECK, BEAN_QUERY = shutil.which("bean-check", path=BINARIES), shutil.which("bean-query", path=BINARIES)
HLEDGER = shutil.which("hledger")
Balances = dict[tuple[str, str], int]

MUST = "WELLKEPT_TEST_OTHER_PROGRAMS" in os.environ  # CI says so after it has installed them
ENTRIES = 10_000 if MUST else 500
with_programs = pytest.mark.skipif(
    not MUST and None in {BEAN_CHECK, BEAN_QUERY, HLEDGER}, reason="beancount or hledger is not installed"
)


@with_programs
@pytest.mark.req("B3", "P15")
def test_random_entries_have_the_same_balances_in_beancount_and_hledger(desk: Desk, tmp_path: Path) -> None:
    fill(desk, ENTRIES)
    units, worth = ours(desk)

    theirs = written(desk, "beancount", tmp_path)
    assert ran(BEAN_CHECK, str(theirs)) == ""
    assert beancount_says(theirs) == (units, worth)

    theirs = written(desk, "hledger", tmp_path)
    assert ran(HLEDGER, "-f", str(theirs), "check", "--strict") == ""
    assert hledger_says(theirs) == units
    assert hledger_says(theirs, "--cost") == worth


def test_what_is_told_is_what_the_book_holds(desk: Desk) -> None:
    """The sums the programs are held against are those of the book's own reports."""
    fill(desk, 200)
    chart = Chart.of(desk.book)
    _units, worth = ours(desk)

    totals = queries.totals(desk.book, None, day("2030-01-01"))

    assert {(chart.paths[pk], "NZD"): each.amount_minor for pk, each in totals.items() if each.amount_minor} == worth


def test_the_same_book_is_told_in_the_same_words(desk: Desk) -> None:
    fill(desk, 60)

    first, second = ("".join(export_book(desk.book, "beancount").pieces) for _ in range(2))

    assert first == second
    assert "^reversal-of-" in first and "reverses:" in first


def test_paths_are_apart_whatever_the_codes_and_names() -> None:
    chart = [
        naming.Named(1, "1.0", "Bank", "asset", None),
        naming.Named(2, "1-0", "Bank", "asset", None),
        naming.Named(3, "a", "日本", "asset", 1),
        naming.Named(4, "A", "", "asset", 1),
    ]

    assert sorted(naming.paths(chart).values()) == [
        "Assets:1-0-Bank",
        "Assets:1-0-Bank-2",
        "Assets:1-0-Bank-2:A",
        "Assets:1-0-Bank-2:A-2",
    ]


def test_an_empty_book_can_be_told(desk: Desk, tmp_path: Path) -> None:
    for program in ("beancount", "hledger"):
        assert "Assets:" in written(desk, program, tmp_path).read_text()


def ours(desk: Desk) -> tuple[Balances, Balances]:
    """Straight from the postings: what each account holds in each currency, and what it is worth in the book's."""
    chart = Chart.of(desk.book)
    units: Balances = defaultdict(int)
    worth: Balances = defaultdict(int)
    rows = Posting.objects.filter(account__book=desk.book).values_list(
        "account", "amount_minor", "currency", "foreign_minor"
    )
    for account, amount, currency, foreign in rows:
        path = chart.paths[chart.merged.get(account, (account, ""))[0]]
        worth[path, "NZD"] += amount
        if not currency or not foreign or (amount and (amount > 0) != (foreign > 0)):
            units[path, "NZD"] += amount
        units[path, currency or "NZD"] += foreign
    return without_zero(units), without_zero(worth)


def written(desk: Desk, program: str, folder: Path) -> Path:
    export = export_book(desk.book, program)
    path = folder / f"book.{export.ending}"
    path.write_text("".join(export.pieces), encoding="utf-8")
    return path


def beancount_says(path: Path) -> tuple[Balances, Balances]:
    """In the currencies held, and as what every posting weighs, which is always the book's currency."""
    query = "SELECT account, currency, sum(number) AS held, sum(number(weight)) AS worth GROUP BY account, currency"
    units: Balances = defaultdict(int)
    worth: Balances = defaultdict(int)
    for row in csv.DictReader(io.StringIO(ran(BEAN_QUERY, "-f", "csv", str(path), query))):
        account, currency = row["account"].strip(), row["currency"].strip()
        units[account, currency] += minor(row["held"], currency)
        worth[account, "NZD"] += minor(row["worth"], "NZD")
    return without_zero(units), without_zero(worth)


def hledger_says(path: Path, *how: str) -> Balances:
    said = ran(HLEDGER, "-f", str(path), "balance", "--flat", "--no-total", "--layout=bare", "-O", "csv", *how)
    rows = list(csv.reader(io.StringIO(said)))[1:]
    return without_zero({(account, currency): minor(held, currency) for account, currency, held in rows if currency})


def minor(text: str, currency: str) -> int:
    """Sums of prices carry noise far behind the last unit; it is rounded away."""
    places = exponent(currency)
    return parse(f"{round(Decimal(text.strip()), places):.{places}f}", currency).minor


def without_zero(found: Balances) -> Balances:
    return {key: value for key, value in found.items() if value}


def ran(program: str | None, *arguments: str) -> str:
    assert program is not None
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[:2000] + done.stdout[:2000]
    return done.stdout
