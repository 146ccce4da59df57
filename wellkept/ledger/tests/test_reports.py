from fractions import Fraction

import pytest

from wellkept.ledger import actions, queries
from wellkept.ledger.tests.books import Desk, day


@pytest.fixture
def year(desk: Desk) -> Desk:
    """Two fiscal years (April to March): a loan and an oven, sales with GST, rent, wear, and an invoice not yet paid."""
    desk.post("2025-02-10", ("1000", 1_000_00), ("4000", -1_000_00))
    desk.post("2025-04-01", ("1000", 5_000_00), ("2500", -5_000_00))
    desk.post("2025-04-05", ("1500", 2_000_00), ("1000", -2_000_00))
    desk.post("2025-05-10", ("1000", 1_150_00), ("4000", -1_000_00), ("2100", -150_00))
    desk.post("2025-05-12", ("6140", 400_00), ("1000", -400_00))
    desk.post("2025-05-31", ("6600", 100_00), ("1501", -100_00))
    desk.post("2025-06-15", ("1100", 575_00), ("4010", -500_00), ("2100", -75_00))
    desk.post("2025-06-20", ("5000", 200_00), ("1000", -200_00))
    return desk


def rows(sections: tuple[queries.Section, ...]) -> dict[str, dict[str, int]]:
    return {
        section.name: {row.account.code: row.amount_minor for row in section.rows}
        for section in sections
        if section.rows
    }


@pytest.mark.req("B3")
def test_profit_and_loss_of_any_stretch(year: Desk) -> None:
    found = queries.profit_and_loss(year.book, day("2025-05-11"), day("2025-07-01"))

    assert rows(found.sections) == {
        "sales": {"4010": 500_00}, "cost_of_sales": {"5000": 200_00}, "overhead": {"6140": 400_00, "6600": 100_00},
    }  # fmt: skip
    assert (found.profit.gross_minor, found.profit.net_minor) == (300_00, -200_00)


def test_against_the_stretch_before_and_the_budget(year: Desk) -> None:
    sales, rent = year.account("4000").pk, year.account("6140").pk
    amounts = {(sales, day("2025-06-01")): 900_00, (rent, day("2025-06-30")): 400_00}
    actions.set_budget(book=year.book, amounts=amounts, by=year.ana, at=year.at)
    since, until = day("2025-06-01"), day("2025-07-01")

    found = queries.profit_and_loss(year.book, since, until, before=queries.stretch_before(since, until))

    figures = {
        row.account.code: (row.amount_minor, row.previous_minor, row.budget_minor)
        for s in found.sections
        for row in s.rows
    }
    assert figures == {
        "4000": (0, 1_000_00, 900_00), "4010": (500_00, 0, 0), "5000": (200_00, 0, 0), "6140": (0, 400_00, 400_00),
        "6600": (0, 100_00, 0),
    }  # fmt: skip
    assert (found.previous.net_minor, found.budget.net_minor) == (500_00, 500_00)


def test_a_budget_is_taken_away_and_only_for_results(year: Desk) -> None:
    rent = year.account("6140").pk
    for amount in (400_00, 0):
        actions.set_budget(book=year.book, amounts={(rent, day("2025-06-01")): amount}, by=year.ana, at=year.at)
    assert not queries.profit_and_loss(year.book, day("2025-06-01"), day("2025-07-01")).has_budget
    with pytest.raises(actions.NotPlanned):
        actions.set_budget(
            book=year.book, amounts={(year.account("1000").pk, day("2025-06-01")): 1}, by=None, at=year.at
        )


@pytest.mark.req("B3")
def test_the_balance_sheet_balances_on_every_day(year: Desk) -> None:
    for on in ("2025-02-09", "2025-03-31", "2025-04-05", "2025-05-11", "2025-06-30", "2026-04-01"):
        found = queries.balance_sheet(year.book, day(on))
        assert found.assets_minor == found.liabilities_minor + found.equity_minor, on


def test_last_years_profit_stands_in_retained_earnings(year: Desk) -> None:
    found = queries.balance_sheet(year.book, day("2025-06-30"), before=day("2025-03-31"))

    assert rows(found.sections)["equity"] == {"3900": 1_000_00}
    assert found.earnings_minor == 800_00
    assert rows(found.sections)["fixed_assets"] == {"1500": 2_000_00, "1501": -100_00}
    assert rows(found.sections)["long_term_liabilities"] == {"2500": 5_000_00}
    [bank] = [row for section in found.sections for row in section.rows if row.account.code == "1000"]
    assert (bank.amount_minor, bank.previous_minor) == (4_550_00, 1_000_00)


def test_a_closing_entry_changes_no_report(year: Desk) -> None:
    before = queries.balance_sheet(year.book, day("2026-04-30"))
    closing = year.post("2026-03-31", ("4000", 1_000_00), ("3900", -1_000_00), source="closing")

    profit = queries.profit_and_loss(year.book, day("2025-04-01"), day("2026-04-01"))
    assert profit.profit.net_minor == 800_00
    assert queries.balance_sheet(year.book, day("2026-04-30")).equity_minor == before.equity_minor
    year.reverse(closing, "2026-03-31")
    assert queries.profit_and_loss(year.book, day("2025-04-01"), day("2026-04-01")).profit.net_minor == 800_00


def test_cash_flow_explains_the_change_of_cash(year: Desk) -> None:
    found = queries.cash_flow(year.book, day("2025-04-01"), day("2025-07-01"))

    assert (found.opening_minor, found.closing_minor) == (1_000_00, 4_550_00)
    assert {section.name: section.amount_minor for section in found.sections} == {
        "operating": 550_00, "investing": -2_000_00, "financing": 5_000_00,
    }  # fmt: skip
    moved = sum(section.amount_minor for section in found.sections) + found.exchange_minor
    assert found.opening_minor + moved == found.closing_minor


def flows(desk: Desk, since: str, until: str) -> dict[str, int]:
    """Every row of the cash flow by its account or label; it must prove, with the profit of profit and loss."""
    found = queries.cash_flow(desk.book, day(since), day(until))
    told: dict[str, int] = {}
    for row in (row for section in found.sections for row in section.rows):
        name = row.label or str(row.account and row.account.code)
        told[name] = told.get(name, 0) + row.amount_minor
    assert found.opening_minor + sum(told.values()) + found.exchange_minor == found.closing_minor
    profit = queries.profit_and_loss(desk.book, day(since), day(until)).profit.net_minor
    assert told.pop("profit", 0) == profit
    cash = queries.account_total([desk.account(code).pk for code in ("1000", "1010")], None, day(until))
    assert found.closing_minor == cash.amount_minor
    return {"before": found.opening_minor, **told}


def test_closing_a_year_moves_no_cash(year: Desk) -> None:
    stretch = ("2025-04-01", "2026-04-01")
    before = flows(year, *stretch)

    year.post("2026-03-31", ("4000", 1_000_00), ("4010", 500_00), ("3900", -1_500_00), source="closing")

    assert flows(year, *stretch) == before
    assert flows(year, "2026-03-01", "2026-04-01") == {"before": 4_550_00}
    year.post("2026-03-31", ("3900", 20_00), ("1000", -20_00), source="closing")
    assert flows(year, *stretch) == {**before, "closing": -20_00}


def test_what_a_book_begins_with_is_no_flow(desk: Desk) -> None:
    desk.post("2025-04-01", ("1000", 1_000_00), ("1100", 200_00), ("3000", -1_200_00), source="opening")
    desk.post("2025-04-10", ("1000", 150_00), ("1100", -150_00))
    desk.post("2025-04-11", ("1000", 50_00), ("4000", -50_00))

    assert flows(desk, "2025-04-01", "2025-05-01") == {"before": 1_000_00, "1100": 150_00}
    assert flows(desk, "2025-05-01", "2025-06-01") == {"before": 1_200_00}


def test_what_an_opening_says_of_the_profit_is_taken_out_below_it(desk: Desk) -> None:
    desk.post("2025-04-01", ("1000", 1_000_00), ("4000", -700_00), ("3000", -300_00), source="opening")
    desk.post("2025-04-11", ("1000", 50_00), ("4000", -50_00))

    assert flows(desk, "2025-04-01", "2025-05-01") == {"before": 1_000_00, "opening": -700_00}


def test_an_opening_taken_back_leaves_no_flow(desk: Desk) -> None:
    wrong = desk.post("2025-04-01", ("1000", 1_000_00), ("3000", -1_000_00), source="opening")
    desk.reverse(wrong, "2025-04-01")
    desk.post("2025-04-01", ("1000", 1_200_00), ("3000", -1_200_00), source="opening")

    assert flows(desk, "2025-04-01", "2025-05-01") == {"before": 1_200_00}


def test_a_merged_account_has_no_row_of_its_own_closed_or_planned(year: Desk) -> None:
    one, two = (
        actions.add_account(
            book=year.book, code=code, name=code, type="expense", purpose="overhead", by=None, at=year.at
        )
        for code in ("6995", "6996")
    )
    year.post("2025-06-21", ("6995", 30_00), ("1000", -30_00))
    year.post("2026-03-31", ("6995", -30_00), ("3900", 30_00), source="closing")
    planned = {(one.pk, day("2025-06-01")): 40_00, (two.pk, day("2025-06-01")): 5_00}
    actions.set_budget(book=year.book, amounts=planned, by=year.ana, at=year.at)

    actions.merge_account(account=one, into=two, by=year.lead, at=year.at)

    found = queries.profit_and_loss(year.book, day("2025-04-01"), day("2026-04-01"))
    figures = {r.account.code: (r.amount_minor, r.budget_minor) for s in found.sections for r in s.rows}
    assert figures["6996"] == (30_00, 45_00) and "6995" not in figures


def test_account_pages_join_without_a_seam(year: Desk) -> None:
    bank = year.account("1000")
    whole = queries.account_page(bank, day("2025-04-01"), day("2025-07-01"))
    assert whole.opening_minor == 1_000_00

    lines, place, balance = [], None, whole.opening_minor
    while True:
        page = queries.account_page(bank, day("2025-04-01"), day("2025-07-01"), place, limit=2)
        assert page.opening_minor == balance
        lines += page.lines
        balance, place = page.closing_minor, page.next_after
        if place is None:
            break
        assert queries.Place.read(str(place)) == place

    assert [(line.posting.pk, line.balance_minor) for line in lines] == [
        (line.posting.pk, line.balance_minor) for line in whole.lines
    ]
    assert balance == 4_550_00


@pytest.mark.parametrize("text", ["", "2025-04-01", "2025-04-01.x", "2025-13-01.4", "2025-04-01.-4"])
def test_a_link_that_names_no_place_is_none(text: str) -> None:
    assert queries.Place.read(text) is None


def test_the_general_ledger_goes_through_every_account(year: Desk) -> None:
    codes, place, count = [], None, 0
    while True:
        page = queries.general_ledger(year.book, day("2025-04-01"), day("2025-07-01"), place, limit=3)
        codes += [one.account.code for one in page.pages]
        count += sum(len(one.lines) for one in page.pages)
        if page.next_after is None:
            break
        place = page.next_after

    assert list(dict.fromkeys(codes)) == [
        "1000",
        "1100",
        "1500",
        "1501",
        "2100",
        "2500",
        "4000",
        "4010",
        "5000",
        "6140",
        "6600",
    ]
    assert count == 16


def test_a_merged_account_shows_under_the_other(year: Desk) -> None:
    merged = actions.merge_account(account=year.account("4010"), into=year.account("4000"), by=year.lead, at=year.at)

    profit = queries.profit_and_loss(year.book, day("2025-04-01"), day("2025-07-01"))
    page = queries.account_page(year.account("4000"), day("2025-04-01"), day("2025-07-01"))
    assert rows(profit.sections)["sales"] == {"4000": 1_500_00}
    assert [line.balance_minor for line in page.lines] == [-2_000_00, -2_500_00]
    with pytest.raises(actions.AccountInactive):
        year.post("2025-07-01", ("1000", 5), ("4010", -5))
    assert queries.changes_of(merged)[0].what == "merged"


def test_tags_cut_the_figures(year: Desk) -> None:
    dimension = actions.add_dimension(book=year.book, name="Shop", by=year.ana, at=year.at)
    harbour, river = (
        actions.add_tag(dimension=dimension, name=name, by=year.ana, at=year.at) for name in ("Harbour", "River")
    )
    lines = [
        year.line("1000", 300), year.line("4000", -200, tags=(harbour,)), year.line("4000", -100, tags=(river.pk,)),
    ]  # fmt: skip
    entry = actions.post(
        book=year.book,
        dated_on=day("2025-06-30"),
        lines=lines,
        narration="",
        source="manual",
        key="t",
        by=None,
        at=year.at,
    )
    june = day("2025-06-01"), day("2025-07-01")

    assert queries.profit_and_loss(year.book, *june, tags=[harbour]).profit.net_minor == 200
    assert [[held.tag.name for held in posting.posting_tags.all()] for posting in queries.postings_of(entry)] == [
        [], ["Harbour"], ["River"],
    ]  # fmt: skip
    year.reverse(entry, "2025-06-30")
    assert queries.profit_and_loss(year.book, *june, tags=[harbour]).profit.net_minor == 0
    assert queries.balances_are_right(year.book)
    with pytest.raises(actions.TagElsewhere):
        both = [year.line("1000", 5, tags=(harbour, river)), year.line("4000", -5)]
        actions.post(
            book=year.book,
            dated_on=day("2025-06-30"),
            lines=both,
            narration="",
            source="manual",
            key="u",
            by=None,
            at=year.at,
        )


def test_tax_by_code(desk: Desk) -> None:
    sales, purchases = (queries.tax_code_by_code(desk.book, code) for code in ("GST-S", "GST-P"))
    for key, lines in {
        "sale": [
            desk.line("1000", 11500),
            desk.line("4000", -10000, tax_code=sales),
            desk.line("2100", -1500, tax_code=sales),
        ],
        "buy": [
            desk.line("1000", -2300),
            desk.line("6120", 2000, tax_code=purchases),
            desk.line("2100", 300, tax_code=purchases),
        ],
    }.items():
        actions.post(
            book=desk.book,
            dated_on=day("2026-02-03"),
            lines=lines,
            narration="",
            source="bank",
            key=key,
            by=None,
            at=desk.at,
        )

    found = queries.tax_summary(desk.book, day("2026-02-01"), day("2026-03-01"))

    assert {row.tax_code.code: (row.net_minor, row.tax_minor, row.expected_minor) for row in found.rows} == {
        "GST-S": (10000, 1500, 1500), "GST-P": (2000, 300, 300),
    }  # fmt: skip
    assert found.owed_minor == 1200


def test_what_is_owed_by_age(year: Desk) -> None:
    year.post("2025-09-01", ("1100", 230_00), ("4010", -230_00))
    year.post("2025-09-10", ("1000", 600_00), ("1100", -600_00))

    [row] = queries.aged(year.book, day("2025-10-15"), "receivable").rows

    assert (row.balance_minor, row.buckets) == (205_00, (0, 205_00, 0, 0))


def test_nothing_of_another_client_is_read(year: Desk) -> None:
    stranger = year.world.stranger
    assert list(queries.books_for(stranger)) == list(queries.entries_for(stranger)) == []
    assert list(queries.accounts_for(stranger)) == list(queries.periods_for(stranger)) == []
    assert queries.books_for(year.ana).get() == year.book


def test_foreign_sales_convert_with_their_rounding(desk: Desk) -> None:
    rate = Fraction("1.6789")
    actions.set_rate(
        base="NZD", currency="USD", on=day("2026-02-01"), value=rate, source="by hand", by=None, at=desk.at
    )
    dollars = actions.add_account(book=desk.book, code="1020", name="Dollars", type="asset", purpose="bank", currency="USD", by=None, at=desk.at)  # fmt: skip
    lines = [actions.PostingDraft(dollars, 10001), desk.line("4000", -5001), desk.line("4010", -5000)]

    drafts = queries.drafts_in(desk.book, "USD", day("2026-02-03"), lines)
    entry = actions.post(
        book=desk.book,
        dated_on=day("2026-02-03"),
        lines=drafts,
        narration="",
        source="bank",
        key="f",
        by=None,
        at=desk.at,
    )

    assert sum(posting.amount_minor for posting in queries.postings_of(entry)) == 0
    [row] = [row for row in queries.trial_balance(desk.book, day("2026-03-01")).rows if row.account == dollars]
    assert (row.amount_minor, row.foreign_minor) == (16791, 10001)
