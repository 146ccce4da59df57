from fractions import Fraction

import pytest

from wellkept.ledger import actions, queries
from wellkept.ledger.models import Account, Entry
from wellkept.ledger.tests.books import Desk, day


@pytest.fixture
def dollars(desk: Desk) -> Account:
    """A dollar account holding 100.00, bought for 160.00."""
    account = actions.add_account(
        book=desk.book, code="1020", name="Dollars", type="asset", purpose="bank", currency="USD", by=None, at=desk.at
    )
    moved(desk, "1000", 16000, account, 10000, "buy", "2026-01-10")
    return account


def moved(desk: Desk, out: str | Account, gave: int, into: str | Account, got: int, key: str, on: str) -> Entry:
    accounts = [desk.account(one) if isinstance(one, str) else one for one in (out, into)]
    return actions.exchange(
        book=desk.book, dated_on=day(on), out_of=accounts[0], out_minor=gave, into=accounts[1], into_minor=got,
        narration="Exchange", key=key, by=desk.ana, at=desk.at,
    )  # fmt: skip


def rate(desk: Desk, value: str, on: str) -> None:
    actions.set_rate(base="NZD", currency="USD", on=day(on), value=Fraction(value), source="x", by=None, at=desk.at)


def held(desk: Desk, until: str) -> dict[str, int]:
    return {row.account.code: row.amount_minor for row in queries.trial_balance(desk.book, day(until)).rows}


def test_selling_realises_the_difference(desk: Desk, dollars: Account) -> None:
    entry = moved(desk, dollars, 4000, "1000", 6800, "sell", "2026-01-20")

    assert held(desk, "2026-02-01") == {"1000": -9200, "1020": 9600, "6900": -400}
    assert moved(desk, dollars, 4000, "1000", 6800, "sell", "2026-01-20") == entry
    with pytest.raises(actions.KeyUsed):
        moved(desk, dollars, 4001, "1000", 6800, "sell", "2026-01-20")


def test_revaluing_counts_anew_and_is_taken_back_the_next_day(desk: Desk, dollars: Account) -> None:
    rate(desk, "1.75", "2026-01-30")

    revalued = actions.revalue(book=desk.book, on=day("2026-01-31"), by=desk.ana, at=desk.at)

    assert revalued is not None and revalued.back.dated_on == day("2026-02-01")
    assert held(desk, "2026-02-01") == {"1000": -16000, "1020": 17500, "6900": -1500}
    assert held(desk, "2026-02-02") == {"1000": -16000, "1020": 16000}
    assert actions.revalue(book=desk.book, on=day("2026-01-31"), by=desk.ana, at=desk.at) is None


def test_revaluing_again_counts_only_what_came_since(desk: Desk, dollars: Account) -> None:
    rate(desk, "1.75", "2026-01-30")
    actions.revalue(book=desk.book, on=day("2026-01-31"), by=desk.ana, at=desk.at)
    moved(desk, "1000", 1600, dollars, 1000, "more", "2026-01-25")

    actions.revalue(book=desk.book, on=day("2026-01-31"), by=desk.ana, at=desk.at)

    assert held(desk, "2026-02-01")["1020"] == 19250
    assert held(desk, "2026-02-02")["1020"] == 17600


def test_without_a_rate_nothing_is_revalued(desk: Desk, dollars: Account) -> None:
    rate(desk, "1.75", "2026-01-01")
    with pytest.raises(actions.RateMissing):
        actions.revalue(book=desk.book, on=day("2026-01-31"), by=desk.ana, at=desk.at)


def test_cash_flow_tells_the_exchange_difference_apart(desk: Desk, dollars: Account) -> None:
    rate(desk, "1.75", "2026-01-30")
    actions.revalue(book=desk.book, on=day("2026-01-31"), by=desk.ana, at=desk.at)

    found = queries.cash_flow(desk.book, day("2026-01-01"), day("2026-02-01"))

    assert (found.exchange_minor, found.closing_minor) == (1500, 1500)
    assert sum(section.amount_minor for section in found.sections) == 0


def test_rates_are_found_straight_turned_round_and_by_way_of_the_euro(desk: Desk) -> None:
    data = b"date,base,currency,rate\n2026-01-02,NZD,EUR,2\n2026-01-03,USD,EUR,1.25\n2026-01-05,NZD,USD,1.7\n"
    assert len(actions.import_rates(data=data, source="file", by=None, at=desk.at)) == 3
    actions.import_rates(data=data, source="file", by=None, at=desk.at)

    assert queries.rates().count() == 3
    assert queries.rate_on("NZD", "USD", day("2026-01-06")) == queries.RateFound(Fraction("1.7"), day("2026-01-05"))
    assert queries.rate_on("USD", "NZD", day("2026-01-06")) == queries.RateFound(Fraction(10, 17), day("2026-01-05"))
    assert queries.rate_on("NZD", "USD", day("2026-01-04")) == queries.RateFound(Fraction(8, 5), day("2026-01-02"))
    assert queries.rate_on("NZD", "USD", day("2026-02-04")) is None
    assert queries.rate_on("NZD", "GBP", day("2026-01-04")) is None


@pytest.mark.parametrize(("base", "currency", "value"), [("NZD", "NZD", "1"), ("nzd", "USD", "1"), ("NZD", "USD", "0")])
def test_a_rate_that_says_nothing_is_refused(desk: Desk, base: str, currency: str, value: str) -> None:
    with pytest.raises(actions.RateUnclear):
        actions.set_rate(
            base=base, currency=currency, on=day("2026-01-02"), value=Fraction(value), source="x", by=None, at=desk.at
        )
