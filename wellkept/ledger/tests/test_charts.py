import pytest

from wellkept.core.refusals import NotYours
from wellkept.ledger import actions, queries
from wellkept.ledger.models import Account, Book
from wellkept.ledger.tests.books import Desk, day


def test_a_book_begins_with_its_countrys_chart(desk: Desk) -> None:
    book = desk.book

    assert (book.base_currency, book.fiscal_month, book.opened_on) == ("NZD", 4, day("2024-04-01"))
    assert desk.account("4000").tax_code == queries.tax_code_by_code(book, "GST-S")
    assert book.suspense_account == queries.account_for(book, "suspense")
    with pytest.raises(actions.BookIsOpen):
        actions.open_book(client=desk.world.bakery, template="nz", by=desk.ana, at=desk.at)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"template": "mars"}, actions.UnknownTemplate),
        ({"base_currency": "euro"}, actions.UnknownCurrency),
        ({"fiscal_month": 13}, actions.UnknownMonth),
    ],
)
def test_a_book_that_cannot_be_is_refused(desk: Desk, more: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        actions.open_book(client=desk.world.cycles, by=None, at=desk.at, **{"template": "us", **more})  # type: ignore[arg-type]
    assert Book.objects.count() == 1


def test_a_stranger_does_nothing_here(desk: Desk) -> None:
    stranger, at = desk.world.stranger, desk.at
    draft = desk.draft("2026-02-03", ("1000", 5), ("4000", -5))
    for refused in (
        lambda: actions.open_book(client=desk.world.bakery, template="nz", by=stranger, at=at),
        lambda: actions.post_all(book=desk.book, drafts=[draft], by=stranger, at=at),
        lambda: actions.add_account(book=desk.book, code="9", name="Mine", type="asset", by=stranger, at=at),
        lambda: actions.rename_account(account=desk.account("1000"), name="Mine", by=stranger, at=at),
        lambda: actions.open_period(book=desk.book, on=day("2026-02-03"), by=stranger, at=at),
        lambda: actions.revalue(book=desk.book, on=day("2026-02-03"), by=stranger, at=at),
    ):
        with pytest.raises(NotYours):
            refused()


def test_history_before_the_book_needs_an_earlier_beginning(desk: Desk) -> None:
    with pytest.raises(actions.BeforeTheBook):
        desk.post("2020-01-01", ("1000", 5), ("3900", -5))
    actions.begin_earlier(book=desk.book, opened_on=day("2020-01-01"), by=desk.ana, at=desk.at)
    desk.post("2020-01-01", ("1000", 5), ("3900", -5), source="opening")
    with pytest.raises(actions.NotEarlier):
        actions.begin_earlier(book=desk.book, opened_on=day("2021-01-01"), by=desk.ana, at=desk.at)


def test_every_change_of_an_account_is_kept(desk: Desk) -> None:
    account = actions.add_account(book=desk.book, code="6065", name="Web site", type="expense", by=desk.ana, at=desk.at)
    actions.rename_account(account=account, name="Web shop", by=desk.ana, at=desk.at)
    actions.renumber_account(account=account, code="6066", by=desk.ana, at=desk.at)
    actions.move_account(account=account, parent=desk.account("6060"), by=desk.ana, at=desk.at)
    actions.choose_tax_code(
        account=account, tax_code=queries.tax_code_by_code(desk.book, "GST-P"), by=desk.ana, at=desk.at
    )
    actions.deactivate_account(account=account, by=desk.ana, at=desk.at)
    actions.reactivate_account(account=account, by=desk.ana, at=desk.at)

    told = [(change.what, change.before, change.after) for change in reversed(queries.changes_of(account))]
    assert told == [
        ("added", "", "6065"), ("name", "Web site", "Web shop"), ("code", "6065", "6066"), ("parent", "", "6060"),
        ("tax_code", "", "GST-P"), ("deactivated", "", ""), ("reactivated", "", ""),
    ]  # fmt: skip
    assert str(desk.account("6066")) == "6066 Web shop"


def add(desk: Desk, **more: object) -> Account:
    values: dict[str, object] = {"code": "6065", "name": "Web site", "type": "expense", **more}
    return actions.add_account(book=desk.book, by=desk.ana, at=desk.at, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"code": "1000"}, actions.CodeTaken),
        ({"code": "a b"}, actions.CodeUnclear),
        ({"name": " "}, actions.NameUnclear),
        ({"purpose": "bank"}, actions.PurposeUnfit),
        ({"purpose": "rounding"}, actions.PurposeTaken),
        ({"currency": "$"}, actions.WrongCurrency),
    ],
)
def test_an_account_that_cannot_be_is_refused(desk: Desk, more: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        add(desk, **more)


def test_parents_are_of_one_type_and_never_go_round(desk: Desk) -> None:
    above, below = add(desk), add(desk, code="6067")
    actions.move_account(account=below, parent=above, by=desk.ana, at=desk.at)
    for account, parent in ((above, below), (above, above), (above, desk.account("1000"))):
        with pytest.raises(actions.ParentUnfit):
            actions.move_account(account=account, parent=parent, by=desk.ana, at=desk.at)


def test_merging_asks_for_one_kind(desk: Desk) -> None:
    bank, savings = desk.account("1000"), desk.account("1010")
    van = add(desk, code="1590", type="asset", purpose="fixed")
    dollars = add(desk, code="1020", type="asset", purpose="bank", currency="USD")
    for account, into in ((bank, desk.account("4000")), (bank, dollars), (bank, bank), (van, bank)):
        with pytest.raises(actions.CannotMerge):
            actions.merge_account(account=account, into=into, by=desk.lead, at=desk.at)
    with pytest.raises(actions.AccountNeeded):
        actions.merge_account(account=desk.account("6990"), into=desk.account("6220"), by=desk.lead, at=desk.at)
    with pytest.raises(actions.AccountNeeded):
        actions.deactivate_account(account=desk.account("2100"), by=desk.lead, at=desk.at)
    actions.merge_account(account=savings, into=bank, by=desk.lead, at=desk.at)
    with pytest.raises(actions.AccountInactive):
        actions.merge_account(account=bank, into=savings, by=desk.lead, at=desk.at)


def test_only_a_reviewer_merges(desk: Desk) -> None:
    one, two = (add(desk, code=code) for code in ("6065", "6067"))
    with pytest.raises(NotYours):
        actions.merge_account(account=one, into=two, by=desk.ana, at=desk.at)
    assert not queries.accounts(desk.book).filter(merged_into__isnull=False).exists()


def test_merging_twice_ends_at_the_last(desk: Desk) -> None:
    one, two, three = (add(desk, code=code) for code in ("6065", "6067", "6068"))
    entry = desk.post("2026-02-03", ("6065", 5), ("1000", -5))
    actions.merge_account(account=one, into=two, by=desk.lead, at=desk.at)
    actions.merge_account(account=two, into=three, by=desk.lead, at=desk.at)

    one.refresh_from_db()
    assert one.merged_into == three
    desk.reverse(entry, "2026-02-04")
    assert queries.trial_balance(desk.book, day("2026-03-01")).rows == ()


def test_what_stands_on_a_retired_account_can_be_taken_back(desk: Desk) -> None:
    entry = desk.post("2026-02-03", ("6220", 5), ("1000", -5))
    actions.deactivate_account(account=desk.account("6220"), by=desk.ana, at=desk.at)
    with pytest.raises(actions.AccountInactive):
        desk.post("2026-02-03", ("6220", 5), ("1000", -5))
    desk.reverse(entry, "2026-02-04")


def test_periods_close_softly_then_for_good(desk: Desk) -> None:
    on = day("2026-02-03")
    period = actions.open_period(book=desk.book, on=on, by=desk.ana, at=desk.at)
    assert period.last_on == day("2026-02-28") and queries.is_open(desk.book, on)
    actions.soft_close(period=period, by=desk.ana, at=desk.at)
    with pytest.raises(actions.PeriodNotOpen):
        actions.soft_close(period=period, by=desk.ana, at=desk.at)
    with pytest.raises(NotYours):
        actions.reopen(period=period, reason="Late", by=desk.ana, at=desk.at)
    with pytest.raises(actions.ReasonMissing):
        actions.reopen(period=period, reason=" ", by=desk.lead, at=desk.at)
    assert actions.reopen(period=period, reason="Late", by=desk.lead, at=desk.at).state == "open"
    with pytest.raises(actions.PeriodNotClosed):
        actions.reopen(period=period, reason="Late", by=desk.lead, at=desk.at)
    with pytest.raises(NotYours):
        actions.hard_close(period=period, by=desk.ana, at=desk.at)
    assert actions.hard_close(period=period, by=desk.lead, at=desk.at).state == "hard"
    with pytest.raises(actions.PeriodStaysClosed):
        actions.reopen(period=period, reason="Late", by=desk.lead, at=desk.at)
    assert not queries.is_open(desk.book, on)
    assert [change.name for change in queries.changes_of_period(period)] == ["soft_closed", "reopened", "hard_closed"]


def test_many_entries_are_posted_all_or_none(desk: Desk) -> None:
    sound, unsound = (
        desk.draft("2026-02-03", ("1000", 5), ("4000", -5)),
        desk.draft("2026-02-03", ("1000", 5), ("4000", -4)),
    )
    with pytest.raises(actions.Unbalanced):
        actions.post_all(book=desk.book, drafts=[sound, unsound], by=desk.ana, at=desk.at)
    twice = actions.post_all(book=desk.book, drafts=[sound, sound], by=desk.ana, at=desk.at)
    assert [entry.number for entry in twice] == [1, 1]
    with pytest.raises(actions.SourceUnknown):
        desk.post("2026-02-03", ("1000", 5), ("4000", -5), source="reversal")


def test_a_line_too_many_places_is_written_whole(desk: Desk) -> None:
    """More lines than one statement takes as values."""
    lines = [desk.line("1000", 1) for _number in range(1200)] + [desk.line("4000", -1200)]
    entry = actions.post(
        book=desk.book,
        dated_on=day("2026-02-03"),
        lines=lines,
        narration="",
        source="manual",
        key="k",
        by=None,
        at=desk.at,
    )
    assert entry.lines == queries.postings_of(entry).count() == 1201
    assert queries.verify_book(desk.book).findings == []
