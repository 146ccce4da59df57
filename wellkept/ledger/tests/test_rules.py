from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.ledger.readers.rates import RateDraft, RatesUnreadable, read_rates
from wellkept.ledger.rules import lines, months
from wellkept.ledger.rules.ageing import Moved, bucket, open_items
from wellkept.ledger.rules.charts import PURPOSES, SINGLE, TEMPLATES, fits, natural, template
from wellkept.ledger.rules.exchange import converted, moved, realised, rounded, whole
from wellkept.ledger.rules.lines import EntryDraft, Line, Place, PostingDraft

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
AMOUNTS = st.integers(-(10**12), 10**12)
RATES = st.fractions(Fraction(1, 10_000), Fraction(10_000))


def d(text: str) -> date:
    return date.fromisoformat(text)


def line(account: int, amount: int, currency: str = "", foreign: int = 0) -> Line:
    return Line(account, amount, currency, foreign, "", None, ())


@given(DAYS, DAYS)
def test_spans_cover_every_day_once(one: date, other: date) -> None:
    since, until = sorted((one, other))

    stretches = months.cover(since, until)

    assert sum((stretch.until - stretch.since).days for stretch in stretches) == (until - since).days
    assert [s.since for s in stretches] == sorted(s.since for s in stretches)
    for stretch in stretches:
        assert months.start_of(stretch.span, stretch.since) == stretch.since
        assert months.start_of(stretch.span, stretch.until) == stretch.until


@given(DAYS)
def test_an_account_on_a_day_is_few_rows(until: date) -> None:
    lasting = {months.QUARTER: 3, months.MONTH: 2, months.THIRD: 2, months.DAY: 10}
    for stretch in months.cover(None, until):
        count, at = 0, stretch.since
        while at < stretch.until:
            at, count = months.start_after(stretch.span, at), count + 1
        assert count <= lasting.get(stretch.span, 301)


@given(DAYS)
def test_a_day_is_counted_in_spans_that_hold_it(on: date) -> None:
    for span, start in months.spans_of(on):
        assert start <= on < months.start_after(span, start)


@pytest.mark.parametrize(
    ("on", "month", "start"),
    [("2026-03-31", 4, "2025-04-01"), ("2026-04-01", 4, "2026-04-01"), ("2026-01-01", 1, "2026-01-01")],
)
def test_the_fiscal_year(on: str, month: int, start: str) -> None:
    assert months.year_start(d(on), month) == d(start)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_chart_is_sound(name: str) -> None:
    chart = template(name)

    codes = [account.code for account in chart.accounts]
    taxes = {tax.code for tax in chart.taxes}
    assert len(set(codes)) == len(codes)
    for account in chart.accounts:
        assert account.purpose in PURPOSES and fits(account.type, account.purpose)
        assert account.tax in taxes | {""}
    for tax in chart.taxes:
        assert (tax.account in codes) == bool(tax.rate_basis_points)
    for purpose in SINGLE:
        assert sum(account.purpose == purpose for account in chart.accounts) == 1


@pytest.mark.parametrize(("name", "rates"), [("nz", {0, 1500}), ("au", {0, 1000}), ("uk", {0, 500, 2000}), ("us", {0})])
def test_every_country_has_its_rates(name: str, rates: set[int]) -> None:
    assert {tax.rate_basis_points for tax in template(name).taxes} == rates


@pytest.mark.parametrize(
    ("rows", "source", "refusal"),
    [
        ([line(1, 100)], "manual", lines.TooFewLines),
        ([line(1, 100), line(2, -99)], "manual", lines.Unbalanced),
        ([line(1, 100, "USD", 60), line(2, -100)], "bank", lines.UnbalancedInCurrency),
    ],
)
def test_what_does_not_balance_is_refused(rows: list[Line], source: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        lines.check_balance(rows, "NZD", source)


def test_an_exchange_may_differ_in_other_currencies() -> None:
    lines.check_balance([line(1, 100, "USD", 60), line(2, -100)], "NZD", "exchange")


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (line(9, 100), lines.AccountElsewhere),
        (line(1, 0), lines.EmptyLine),
        (line(2, 100), lines.AccountInactive),
        (line(3, 100), lines.WrongCurrency),
        (line(1, 10**16), lines.AmountTooLarge),
        (line(1, 100, "usd", 60), lines.WrongCurrency),
        (line(1, 100)._replace(text="x" * 301), lines.TextTooLong),
    ],
)
def test_a_line_that_cannot_stand_is_refused(row: Line, refusal: type[Exception]) -> None:
    places = {1: Place("Bank", "", True), 2: Place("Old", "", False), 3: Place("Dollars", "USD", True)}
    with pytest.raises(refusal):
        lines.check_lines([row], places)


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (EntryDraft(d("2026-01-01"), [], "", "manual", ""), lines.KeyMissing),
        (EntryDraft(d("2026-01-01"), [], "", "Manual!", "k"), lines.SourceUnknown),
        (EntryDraft(d("2026-01-01"), [], "x" * 501, "manual", "k"), lines.TextTooLong),
    ],
)
def test_words_that_cannot_be_kept_are_refused(draft: EntryDraft, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        lines.check_words(draft)


@pytest.mark.parametrize(
    ("on", "refusal"),
    [("1899-12-31", lines.DateOutOfRange), ("2201-01-01", lines.DateOutOfRange), ("2025-03-31", lines.BeforeTheBook)],
)
def test_days_outside_the_book_are_refused(on: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        lines.check_date(d(on), d("2025-04-01"))


def test_the_books_own_currency_needs_no_name() -> None:
    draft = PostingDraft(1, 100, "NZD", 100, tags=(3, 2))
    assert lines.line_of(draft, "NZD") == Line(1, 100, "", 0, "", None, (2, 3))


@pytest.mark.parametrize(("value", "units"), [("1/2", 1), ("-1/2", -1), ("149/100", 1), ("-3/2", -2), ("0", 0)])
def test_halves_go_away_from_zero(value: str, units: int) -> None:
    assert whole(Fraction(value)) == units


@given(st.lists(AMOUNTS, min_size=1, max_size=20), RATES)
def test_rounding_makes_converted_lines_balance(amounts: list[int], rate: Fraction) -> None:
    balanced = [*amounts, -sum(amounts)]

    result = rounded(balanced, rate, "USD", "NZD")

    assert sum(result.amounts) + result.rounding_minor == 0
    assert abs(result.rounding_minor) <= len(balanced)


@given(AMOUNTS, RATES)
def test_a_reversal_converts_to_the_opposite(amount: int, rate: Fraction) -> None:
    assert converted(-amount, rate, "JPY", "KWD") == -converted(amount, rate, "JPY", "KWD")


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=10), st.integers(1, 10**12), RATES)
def test_settling_in_parts_carries_away_exactly_what_was_carried(parts: list[int], base: int, rate: Fraction) -> None:
    foreign, carried, gains, paid = sum(parts), base, 0, 0
    for part in parts:
        worth = converted(part, rate, "USD", "NZD")
        result = realised(foreign, carried, part, worth)
        foreign, carried = foreign - part, carried - result.carried_minor
        gains, paid = gains + result.gain_minor, paid + worth

    assert (foreign, carried) == (0, 0)
    assert gains == paid - base


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), RATES), max_size=12), RATES)
def test_a_balance_that_comes_to_nothing_comes_to_nothing_in_both(
    steps: list[tuple[int, Fraction]], last: Fraction
) -> None:
    foreign = base = 0
    for part, rate in [*steps, (-sum(part for part, _rate in steps), last)]:
        base += moved(foreign, base, part, converted(part, rate, "USD", "NZD"))
        foreign += part

    assert (foreign, base) == (0, 0)


@pytest.mark.parametrize(
    ("balance", "came", "left"),
    [
        (150, [100, -70, 120], [(3, 50), (1, 100)]),
        (100, [100, -70, 120], [(1, 100)]),
        (-30, [-50, 20], [(1, -30)]),
        (0, [10, -10], []),
    ],
)
def test_payments_clear_the_oldest_first(balance: int, came: list[int], left: list[tuple[int, int]]) -> None:
    newest_first = [Moved(number, d("2026-01-01"), amount) for number, amount in enumerate(came, 1)]
    assert [(item.posting, item.open_minor) for item in open_items(balance, newest_first)] == left


@pytest.mark.parametrize(("age", "number"), [(0, 0), (30, 0), (31, 1), (60, 1), (90, 2), (91, 3)])
def test_age(age: int, number: int) -> None:
    assert bucket(d("2026-06-30") - timedelta(days=age), d("2026-06-30")) == number


def test_people_read_amounts_on_their_natural_side() -> None:
    assert (natural("asset", 5), natural("income", -5), natural("liability", 5)) == (5, 5, -5)


ECB_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<Cube><Cube time='2026-01-02'><Cube currency='USD' rate='1.0321'/><Cube currency='JPY' rate='161.5'/></Cube></Cube>
</gesmes:Envelope>"""
USD = RateDraft("USD", "EUR", d("2026-01-02"), Fraction(10321, 10000))


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (ECB_XML, USD),
        (b"Date, USD, JPY, \n02 January 2026, 1.0321, 161.5, \n", USD),
        (b"Date,USD,CYP,\n2026-01-02,1.0321,N/A,\n", USD),
        (
            b"date,base,currency,rate\n2026-01-02,NZD,USD,1.7\n",
            RateDraft("NZD", "USD", d("2026-01-02"), Fraction(17, 10)),
        ),
    ],
)
def test_files_of_rates_are_read(data: bytes, first: RateDraft) -> None:
    assert read_rates(data)[0] == first


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<not xml",
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        ECB_XML.replace(b"1.0321", b"1e5"),
        ECB_XML.replace(b"1.0321", b"NaN"),
        ECB_XML.replace(b"1.0321", b"0"),
        ECB_XML.replace(b"2026-01-02", b"2026-02-30"),
        "date,base,currency,rate\n2026-01-02,NZD,USD,١.٧\n".encode(),
        b"date,base,currency,rate\n2026-01-02,NZD,1.7\n",
        b"date,base,currency,rate\n02/01/2026,NZD,USD,1.7\n",
        b"anything,else\n1,2\n",
        b"\xff\xfe\x00",
    ],
)
def test_files_beyond_reading_are_refused(data: bytes) -> None:
    with pytest.raises(RatesUnreadable):
        read_rates(data)
