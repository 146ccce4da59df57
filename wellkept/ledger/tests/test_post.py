import pytest

from wellkept.ledger import actions, queries
from wellkept.ledger.models import Entry, PostingTag
from wellkept.ledger.tests.books import Desk, day


def test_a_thin_thread_from_the_chart_to_the_account_page(desk: Desk) -> None:
    entry = desk.post("2026-02-03", ("1000", 11500), ("4000", -10000), ("2100", -1500))
    desk.post("2026-02-04", ("1000", -2300), ("6120", 2000), ("2100", 300))

    trial = queries.trial_balance(desk.book, day("2026-03-01"))
    page = queries.account_page(desk.account("1000"), None, day("2026-03-01"))

    assert entry.number == 1
    assert {row.account.code: row.amount_minor for row in trial.rows} == {
        "1000": 9200,
        "2100": -1200,
        "4000": -10000,
        "6120": 2000,
    }
    assert trial.debit_minor == trial.credit_minor == 11200
    assert [line.balance_minor for line in page.lines] == [11500, 9200]


def test_the_same_key_is_the_same_entry(desk: Desk) -> None:
    first = desk.post("2026-02-03", ("1000", 100), ("4000", -100), key="k")

    assert desk.post("2026-02-03", ("1000", 100), ("4000", -100), key="k") == first
    with pytest.raises(actions.KeyUsed):
        desk.post("2026-02-03", ("1000", 101), ("4000", -101), key="k")
    assert Entry.objects.count() == 1


def test_a_long_entry_carries_more_tags_than_lines(desk: Desk) -> None:
    tags = []
    for name in ("Shop", "Project"):
        dimension = actions.add_dimension(book=desk.book, name=name, by=desk.ana, at=desk.at)
        tags.append(actions.add_tag(dimension=dimension, name="One", by=desk.ana, at=desk.at))
    lines = [*(desk.line("6120", 10, tags=tags) for _line in range(17)), desk.line("1000", -170)]

    actions.post(
        book=desk.book, dated_on=day("2026-02-03"), lines=lines, narration="Fitting", source="manual", key="long",
        by=desk.ana, at=desk.at,
    )  # fmt: skip

    assert PostingTag.objects.count() == 34
    assert queries.balances_are_right(desk.book)


def test_a_closed_period_takes_nothing(desk: Desk) -> None:
    period = actions.open_period(book=desk.book, on=day("2026-02-03"), by=desk.ana, at=desk.at)
    actions.soft_close(period=period, by=desk.ana, at=desk.at)
    with pytest.raises(actions.PeriodSoftClosed):
        desk.post("2026-02-03", ("1000", 100), ("4000", -100))
    lines = [desk.line("1000", 100), desk.line("4000", -100)]
    entry = actions.post_with_override(
        book=desk.book,
        dated_on=day("2026-02-03"),
        lines=lines,
        narration="",
        source="manual",
        key="o",
        reason="Late invoice",
        by=desk.lead,
        at=desk.at,
    )
    assert entry.override_reason == "Late invoice"
    actions.hard_close(period=period, by=desk.lead, at=desk.at)
    with pytest.raises(actions.PeriodHardClosed):
        desk.post("2026-02-03", ("1000", 100), ("4000", -100))


def test_a_reversal_undoes_once(desk: Desk) -> None:
    entry = desk.post("2026-02-03", ("1000", 100), ("4000", -100))
    reversal = desk.reverse(entry, "2026-02-05", key="r")

    assert desk.reverse(entry, "2026-02-05", key="r") == reversal
    with pytest.raises(actions.AlreadyReversed):
        desk.reverse(entry, "2026-02-05")
    assert queries.trial_balance(desk.book, day("2026-03-01")).rows == ()
