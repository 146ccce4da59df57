"""Amounts, dates and charsets: what is read, what is refused, and that nothing is ever guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.banking.formats import Unreadable
from wellkept.banking.formats.amounts import Grammar, read_either
from wellkept.banking.formats.dates import orders_of, read_date
from wellkept.banking.formats.text import clean, decode, masked
from wellkept.banking.formats.words import meant
from wellkept.core.money import LARGEST, exponent

pytestmark = pytest.mark.req("B3")
READ = [
    ("1234.5", ".", 123450),
    ("1,234.50", ".", 123450),
    ("1.234,50", ",", 123450),
    ("1'234.50", ".", 123450),
    ("1’234.50", ".", 123450),
    ("1 234,50", ",", 123450),
    ("1\u00a0234,50", ",", 123450),
    ("12,34,567.89", ".", 123456789),
    ("-5.00", ".", -500),
    ("−5.00", ".", -500),
    ("- 5.00", ".", None),
    ("5.00-", ".", -500),
    ("5.00 -", ".", -500),
    ("(5.00)", ".", -500),
    ("5.00 DR", ".", -500),
    ("5.00CR", ".", 500),
    ("+5", ".", 500),
    (".5", ".", 50),
    ("5,00 €", ",", 500),
    ("€5.00", ".", 500),
    ("-€5.00", ".", -500),
    ("EUR 5.00", ".", 500),
    ("5.00 EUR", ".", 500),
    ("0005.0000", ".", 500),
    ("5.00 USD", ".", None),
    ("£5.00", ".", None),
    ("5.001", ".", None),
    ("1,23", ".", None),
    ("1,2345.00", ".", None),
    ("1,234,56", ".", None),
    ("1 234'567.00", ".", None),
    ("--5", ".", None),
    ("-(5)", ".", None),
    ("(5.00", ".", None),
    ("5.00-CR", ".", None),
    ("", ".", None),
    ("-", ".", None),
    (".", ".", None),
    ("0x10", ".", None),
    ("1e3", ".", None),
    ("٥", ".", None),
]


@pytest.mark.parametrize(("text", "decimal", "minor"), READ, ids=[row[0] or "nothing" for row in READ])
def test_an_amount_is_read_or_refused(text: str, decimal: str, minor: int | None) -> None:
    grammar = Grammar.of("EUR", decimal)
    if minor is not None:
        assert grammar.read(text) == minor
    else:
        with pytest.raises(Unreadable):
            grammar.read(text)


@given(st.integers(-LARGEST, LARGEST), st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from(["", ",", " ", "'"]))
def test_every_amount_comes_back_however_it_is_grouped(minor: int, currency: str, group: str) -> None:
    places = exponent(currency)
    whole, part = divmod(abs(minor), 10**places)
    text = f"{'-' if minor < 0 else ''}{whole:,}".replace(",", group) + (f".{part:0{places}}" if places else "")

    assert Grammar.of(currency).read(text) == minor


@given(st.text(max_size=30))
def test_no_text_crashes_the_grammars(text: str) -> None:
    for attempt in (
        lambda: Grammar.of("EUR").read(text),
        lambda: Grammar.of("EUR", ",").read(text),
        lambda: read_either(text, "EUR"),
        lambda: read_date(text, "dmy"),
        lambda: read_date(text, "ymd"),
    ):
        try:
            attempt()
        except Unreadable as refusal:
            assert str(refusal)
    meant(text)


@pytest.mark.parametrize(
    ("text", "minor"), [("1,5", 150), ("1.5", 150), ("1,234.5", 123450), ("1.234,5", 123450), ("1,234", None)]
)
def test_a_lone_separator_is_never_a_grouping(text: str, minor: int | None) -> None:
    if minor is not None:
        assert read_either(text, "EUR") == minor
    else:
        with pytest.raises(Unreadable):
            read_either(text, "EUR")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-03-04", "dmy", date(2026, 3, 4)),
        ("20260304", "mdy", date(2026, 3, 4)),
        ("04/03/2026", "dmy", date(2026, 3, 4)),
        ("3/4'26", "mdy", date(2026, 3, 4)),
        ("04.03.26", "dmy", date(2026, 3, 4)),
        ("26-03-04", "ymd", date(2026, 3, 4)),
        ("4 Mar 2026", "dmy", date(2026, 3, 4)),
        ("Mar 4, 2026", "ymd", date(2026, 3, 4)),
        ("4. März 2026", "mdy", date(2026, 3, 4)),
        ("2026-03-04T10:00:00Z", "ymd", date(2026, 3, 4)),
        ("04/03/2026 23:59", "dmy", date(2026, 3, 4)),
        ("31/12/99", "dmy", date(1999, 12, 31)),
        ("13/13/2026", "dmy", None),
        ("04/03/2026", "ymd", None),
        ("1900-01-01", "ymd", None),
        ("9999-12-31", "ymd", None),
        ("yesterday", "dmy", None),
        ("", "dmy", None),
    ],
)
def test_a_date_under_an_order(text: str, order: str, day: date | None) -> None:
    if day is not None:
        assert read_date(text, order) == day
    else:
        with pytest.raises(Unreadable):
            read_date(text, order)


def test_orders_are_told_apart_by_all_dates_together() -> None:
    assert orders_of(["03/04/2026", "04/03/2026"]) == ("dmy", "mdy")
    assert orders_of(["03/04/2026", "13/03/2026"]) == ("dmy",)
    assert orders_of(["03/04/2026", "03/13/2026"]) == ("mdy",)
    assert orders_of(["03/03/2026"]) == ("dmy",)
    assert orders_of(["13/13/2026"]) == ()


def test_charsets() -> None:
    assert decode("Zoë".encode()) == ("Zoë", "utf-8")
    assert decode("Zoë".encode("cp1252")) == ("Zoë", "cp1252")
    assert decode("Zoë".encode(), "1252") == ("Zoë", "utf-8")
    assert decode("Łódź".encode("cp1250"), "windows-1250") == ("Łódź", "cp1250")
    assert decode("\ufeffA".encode()) == ("A", "utf-8")


def test_fields_are_one_line_and_cards_are_masked() -> None:
    assert clean(" a\u202e b\r\n\x07c\t") == "a b c"
    assert masked("4111-1111-1111-1111") == "************1111"
    assert masked("0194774600888") == "0194774600888"


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Transaction Date", "date"),
        ("Value date", "valued"),
        ("Buchungstag", "date"),
        ("Wertstellung", "valued"),
        ("Money Out (£)", "debit"),
        ("Closing Balance", "balance"),
        ("Valor", "amount"),
        ("Saldo", "balance"),
        ("Account number", "account"),
        ("Particulars", "description"),
        ("", ""),
        ("Zzz", ""),
    ],
)
def test_what_headers_mean(header: str, meaning: str) -> None:
    assert meant(header) == meaning
