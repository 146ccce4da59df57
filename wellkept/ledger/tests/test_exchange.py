from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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

    assert revalued is not None and revalued.back is not None and revalued.back.dated_on == day("2026-02-01")
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


@pytest.fixture
def card(desk: Desk) -> Account:
    """A dollar card that owes 100.00, spent when that was 150.00."""
    made = actions.add_account(
        book=desk.book, code="2059", name="Card", type="liability", purpose="card", currency="USD", by=None, at=desk.at
    )
    lines = [
        actions.PostingDraft(made, -15000, "USD", -10000),
        desk.line("6100", 15000, currency="USD", foreign_minor=10000),
    ]
    actions.post(
        book=desk.book, dated_on=day("2026-01-10"), lines=lines, narration="Fuel", source="manual", key="fuel",
        by=desk.ana, at=desk.at,
    )  # fmt: skip
    return made


def test_paying_what_is_owed_realises_the_difference(desk: Desk, card: Account) -> None:
    moved(desk, "1000", 16000, card, 10000, "pay", "2026-02-10")

    assert held(desk, "2026-03-01") == {"1000": -16000, "6100": 15000, "6900": 1000}
    rate(desk, "1.6", "2026-02-28")
    assert actions.revalue(book=desk.book, on=day("2026-02-28"), by=desk.ana, at=desk.at) is None


def test_paying_more_than_is_owed_leaves_the_rest_at_its_worth(desk: Desk, card: Account) -> None:
    moved(desk, "1000", 24000, card, 15000, "pay", "2026-02-10")

    assert held(desk, "2026-03-01") == {"1000": -24000, "2059": 8000, "6100": 15000, "6900": 1000}


def test_money_that_leaves_on_the_day_of_a_revaluation_leaves_at_its_cost(desk: Desk, dollars: Account) -> None:
    rate(desk, "1.75", "2026-01-30")
    actions.revalue(book=desk.book, on=day("2026-01-31"), by=desk.ana, at=desk.at)
    moved(desk, dollars, 10000, "1000", 17000, "sell", "2026-01-31")

    actions.revalue(book=desk.book, on=day("2026-01-31"), by=desk.ana, at=desk.at)

    assert held(desk, "2026-02-01") == {"1000": 1000, "6900": -1000}
    assert held(desk, "2026-02-02") == {"1000": 1000, "6900": -1000}


def test_what_is_carried_by_an_empty_account_is_posted_once_and_stays(desk: Desk, dollars: Account) -> None:
    """The account was overdrawn when it was posted; what had come the day before was posted later."""
    moved(desk, dollars, 11000, "1000", 18700, "sell", "2026-01-12")
    moved(desk, "1000", 1500, dollars, 1000, "late", "2026-01-11")
    assert held(desk, "2026-02-01") == {"1000": 1200, "1020": -200, "6900": -1000}

    counted = actions.revalue(book=desk.book, on=day("2026-01-31"), by=desk.ana, at=desk.at)

    assert counted is not None and counted.rest is not None and counted.entry is None
    assert held(desk, "2026-02-02") == {"1000": 1200, "6900": -1200}
    assert actions.revalue(book=desk.book, on=day("2026-02-28"), by=desk.ana, at=desk.at) is None


def test_accounts_of_one_currency_exchange_nothing(desk: Desk) -> None:
    with pytest.raises(actions.NothingExchanged):
        moved(desk, "1000", 100, "1010", 100, "same", "2026-01-12")


def test_a_foreign_bill_paid_in_its_currency_realises_both_sides(desk: Desk, dollars: Account) -> None:
    """Dollars bought at 1.60 pay a bill entered at 1.50, on a day at 1.70."""
    bills = actions.add_account(
        book=desk.book,
        code="2110",
        name="Bills",
        type="liability",
        purpose="payable",
        currency="USD",
        by=None,
        at=desk.at,
    )
    bill = [
        actions.PostingDraft(bills, -15000, "USD", -10000),
        desk.line("6100", 15000, currency="USD", foreign_minor=10000),
    ]
    actions.post(
        book=desk.book, dated_on=day("2026-01-12"), lines=bill, narration="Bill", source="manual", key="bill",
        by=desk.ana, at=desk.at,
    )  # fmt: skip
    rate(desk, "1.7", "2026-01-20")

    paid = [actions.PostingDraft(dollars, -10000), actions.PostingDraft(bills, 10000)]
    lines = queries.drafts_in(desk.book, "USD", day("2026-01-20"), paid)
    actions.post(
        book=desk.book, dated_on=day("2026-01-20"), lines=lines, narration="Paid", source="bank", key="paid",
        by=desk.ana, at=desk.at,
    )  # fmt: skip

    assert held(desk, "2026-02-01") == {"1000": -16000, "6100": 15000, "6900": 1000}


STEPS = st.lists(st.tuples(st.integers(-50_000, 50_000).filter(bool), st.integers(50, 300)), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.integers(50, 300), st.sampled_from([("asset", "bank"), ("liability", "card")]))
def test_after_any_exchanges_an_empty_account_carries_nothing(
    desk: Desk, steps: list[tuple[int, int]], last: int, kind: tuple[str, str]
) -> None:
    """And what was gained is what the book's own money became more."""
    number = Account.objects.count()
    abroad = actions.add_account(
        book=desk.book, code=f"F{number}", name="Abroad", type=kind[0], purpose=kind[1], currency="USD", by=None,
        at=desk.at,
    )  # fmt: skip
    own = desk.account("1000")
    before = held(desk, "2026-02-01")
    rest = -sum(amount for amount, _price in steps)
    for place, (amount, price) in enumerate([*steps, *([(rest, last)] if rest else [])]):
        worth = max(1, abs(amount) * price // 100)
        sides = (own, worth, abroad, amount) if amount > 0 else (abroad, -amount, own, worth)
        moved(desk, *sides, f"{number}-{place}", f"2026-01-{place + 1:02}")

    after = held(desk, "2026-02-01")
    assert abroad.code not in after
    cash = after.get("1000", 0) - before.get("1000", 0)
    assert cash == before.get("6900", 0) - after.get("6900", 0)


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
