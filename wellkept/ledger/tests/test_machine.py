"""Anything that may be done to a book, in any order: it stays balanced, counted, chained, and nothing happens twice."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from tests.world import World
from wellkept.ledger import actions, queries
from wellkept.ledger.models import Entry, Posting
from wellkept.ledger.tests.books import Desk, open_bakery

CODES = ("1000", "1100", "4000", "4900", "6000", "6010", "6020", "6120")
FIRST = date(2025, 11, 20)
DAYS = st.integers(0, 120).map(lambda number: FIRST + timedelta(days=number))
AMOUNTS = st.lists(st.integers(1, 10**6), min_size=1, max_size=3)


class Books(RuleBasedStateMachine):
    """One book, handled at random."""

    desk: Desk
    entries: Bundle[tuple[Entry, actions.EntryDraft]] = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.merged: set[str] = set()
        self.book = self.desk.book
        self.marker = f"run-{id(self)}-{Entry.objects.count()}"

    def key(self) -> str:
        self.count += 1
        return f"{self.marker}-{self.count}"

    @rule(
        target=entries,
        on=DAYS,
        code=st.sampled_from(CODES),
        others=st.lists(st.sampled_from(CODES), min_size=3, max_size=3),
        amounts=AMOUNTS,
    )
    def post(self, on: date, code: str, others: list[str], amounts: list[int]) -> Any:
        lines = [self.desk.line(other, amount) for other, amount in zip(others, amounts, strict=False)]
        lines.append(self.desk.line(code, -sum(amounts)))
        draft = actions.EntryDraft(on, lines, "Sundry", "manual", self.key())
        return self._posted(draft), draft

    def _posted(self, draft: actions.EntryDraft) -> Entry | None:
        try:
            [entry] = actions.post_all(book=self.book, drafts=[draft], by=self.desk.ana, at=self.desk.at)
        except (actions.PeriodSoftClosed, actions.PeriodHardClosed, actions.AccountInactive):
            return None
        return entry

    @rule(pair=entries)
    def again(self, pair: tuple[Entry | None, actions.EntryDraft]) -> None:
        entry, draft = pair
        if entry is not None:
            [same] = actions.post_all(book=self.book, drafts=[draft], by=None, at=self.desk.at)
            assert same == entry

    @rule(pair=consumes(entries), later=st.integers(0, 60))
    def reverse(self, pair: tuple[Entry | None, actions.EntryDraft], later: int) -> None:
        entry, _draft = pair
        if entry is None:
            return
        try:
            reversal = actions.reverse(
                entry=entry, dated_on=entry.dated_on + timedelta(days=later), reason="Wrong", key=self.key(),
                by=self.desk.ana, at=self.desk.at,
            )  # fmt: skip
        except (actions.PeriodSoftClosed, actions.PeriodHardClosed):
            return
        net: dict[int, int] = defaultdict(int)
        for posting in Posting.objects.filter(entry__in=[entry, reversal]).select_related("account"):
            net[posting.account.merged_into_id or posting.account_id] += posting.amount_minor
        assert not any(net.values())

    @rule(on=DAYS, how=st.sampled_from(["soft_close", "hard_close", "reopen"]))
    def close(self, on: date, how: str) -> None:
        period = actions.open_period(book=self.book, on=on, by=None, at=self.desk.at)
        try:
            if how == "reopen":
                actions.reopen(period=period, reason="A late invoice", by=self.desk.lead, at=self.desk.at)
            else:
                getattr(actions, how)(period=period, by=self.desk.lead, at=self.desk.at)
        except (actions.PeriodNotOpen, actions.PeriodNotClosed, actions.PeriodStaysClosed):
            assert how != "soft_close" or period.state != "open"

    @rule(one=st.sampled_from(CODES), other=st.sampled_from(CODES))
    def merge(self, one: str, other: str) -> None:
        before = queries.trial_balance(self.book, date(2026, 7, 1))
        try:
            actions.merge_account(
                account=self.desk.account(one), into=self.desk.account(other), by=self.desk.lead, at=self.desk.at
            )
        except (actions.CannotMerge, actions.AccountInactive):
            return
        after = queries.trial_balance(self.book, date(2026, 7, 1))
        assert sum(row.amount_minor for row in before.rows) == sum(row.amount_minor for row in after.rows) == 0
        assert one not in {row.account.code for row in after.rows}

    @invariant()
    def is_balanced_and_counted(self) -> None:
        trial = queries.trial_balance(self.book, date(2026, 7, 1))
        assert trial.debit_minor == trial.credit_minor
        assert queries.balances_are_right(self.book)

    def teardown(self) -> None:
        report = queries.verify_book(self.book)
        assert report.findings == []
        sheet = queries.balance_sheet(self.book, date(2026, 6, 30))
        assert sheet.assets_minor == sheet.liabilities_minor + sheet.equity_minor


@pytest.mark.req("B3")
def test_a_book_handled_at_random_stays_sound(world: World) -> None:
    """One book lives through every run: what earlier runs closed or merged only makes it harder."""
    Books.desk = open_bakery(world)
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
