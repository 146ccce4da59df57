from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wellkept.clients.actions import HOUR, MINUTE, TargetDraft
from wellkept.promises import actions, queries
from wellkept.promises.models import Promise
from wellkept.promises.rules.shares import Standing
from wellkept.promises.tests.owing import AUCKLAND, DUE, FRIDAY, World, nz


def shown(board: queries.Board) -> list[int]:
    return [promise.pk for promise in board]


def test_what_breaks_next_comes_first_and_what_waits_comes_last(firm: World) -> None:
    late = firm.commit(nz("2026-03-12 15:00"))
    waiting = firm.owe("next_reply")
    actions.pause(promise=waiting, waiting_for="x", by=firm.ana, at=FRIDAY)
    soon = firm.owe()

    assert shown(queries.board(firm.ana, at=FRIDAY)) == [soon.pk, late.pk, waiting.pk]


def test_a_board_goes_on_page_by_page(firm: World) -> None:
    made = [firm.owe(subject=number).pk for number in range(1, 6)]
    for number in (11, 12, 13):
        waiting = firm.owe("next_reply", subject=number)
        actions.pause(promise=waiting, waiting_for="x", by=firm.ana, at=FRIDAY)
        made.append(waiting.pk)

    seen: list[int] = []
    after: str | None = None
    for _page in range(10):
        board = queries.board(firm.ana, at=FRIDAY, limit=2, after=after)
        seen += shown(board)
        after = board.next
        if after is None:
            break

    assert seen == made


@pytest.mark.parametrize(
    "after",
    [
        "",
        "x",
        "r~yesterday~3",
        "w~2026-03-09T11:00:00~1",
        "r~2026-03-09T11:00:00Z~x",
        "~~",
        "r~9999-12-31T23:59:59-12:00~1",
        "r~2026-03-09T11:00:00Z~99999999999999999999",
    ],
)
def test_a_place_nobody_was_given_reads_as_the_beginning(firm: World, after: str) -> None:
    promise = firm.owe()

    assert shown(queries.board(firm.ana, at=FRIDAY, after=after)) in ([promise.pk], [])


def test_boards_of_the_team_a_client_and_a_stranger(firm: World) -> None:
    promise = firm.owe()

    assert shown(queries.board(firm.ben, view="team", at=FRIDAY)) == [promise.pk]
    assert shown(queries.board(firm.leo, view="team", at=FRIDAY)) == [promise.pk]
    assert shown(queries.board(firm.ben, view="mine", at=FRIDAY)) == []
    assert shown(queries.board(firm.ben, view="client", client=firm.bakery, at=FRIDAY)) == [promise.pk]
    for view in ("mine", "team", "client", "owed_to_me"):
        assert shown(queries.board(firm.zoe, view=view, client=firm.bakery, at=FRIDAY)) == []
    assert not queries.for_staff(firm.zoe)


def test_internal_promises_are_for_those_concerned_and_above(firm: World) -> None:
    internal = actions.ask_colleague(title="Scan", of=firm.ben, client=None, due_at=None, by=firm.ana, at=FRIDAY)

    for sees in (firm.ana, firm.ben, firm.leo, firm.desk.ada):
        assert list(queries.for_staff(sees)) == [internal]
    assert not queries.for_staff(firm.zoe)


@pytest.mark.req("W1")
def test_the_client_sees_what_is_promised_to_it_and_nothing_between_colleagues(firm: World) -> None:
    promise = firm.owe()
    actions.ask_colleague(title="Scan", of=firm.ben, client=firm.bakery, due_at=None, by=firm.ana, at=FRIDAY)
    firm.owe(client=firm.books.vineyard, to_contact=None, subject=2)

    assert list(queries.for_contact(firm.mina)) == [promise]


def test_a_page_is_drawn_with_two_more_queries_at_most(firm: World) -> None:
    promises = [firm.owe(subject=number) for number in range(1, 51)]

    with CaptureQueriesContext(connection) as asked:
        rows = queries.drawn(promises, at=FRIDAY)

    assert len(rows) == 50 and len(asked) <= 2


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-03-06 16:00", "open"),
        ("2026-03-09 10:23", "open"),
        ("2026-03-09 10:24", "risk"),
        ("2026-03-09 11:00", "risk"),
        ("2026-03-09 11:01", "broken"),
    ],
)
def test_states_follow_from_dates_even_before_a_sweep(firm: World, at: str, state: str) -> None:
    [row] = queries.drawn([firm.owe()], at=nz(at))

    assert row.state == state


def test_what_nobody_owns_is_at_risk(firm: World) -> None:
    [row] = queries.drawn([firm.owe(owner=None)], at=FRIDAY)

    assert row.state == "risk"


def test_next_for_subjects_prefers_a_running_clock(firm: World) -> None:
    waiting = firm.owe("next_reply", subject=4)
    actions.pause(promise=waiting, waiting_for="x", by=firm.ana, at=FRIDAY)
    commitment = firm.commit(nz("2026-03-12 15:00"), subject=4)

    found = queries.next_for_subjects("conversation", [4, 5])

    assert found == {4: commitment}


@pytest.mark.req("W1")
def test_explain_tells_why_then(firm: World) -> None:
    firm.close_on("2026-03-09")
    promise = firm.owe(at=nz("2026-03-06 08:12"))
    later = firm.owe(at=nz("2026-03-06 16:00"), subject=2)
    actions.sweep(at=nz("2026-03-06 10:31"))

    trail = queries.explain(promise, at=nz("2026-03-06 10:45"))
    other = queries.explain(later, at=FRIDAY)

    assert trail.rule_sentence == "The agreement “House rules” says: Acknowledge within 3 h of working time."
    assert [(line.at.astimezone(AUCKLAND).strftime("%H:%M"), line.kind) for line in trail.lines] == [
        ("08:12", "made"),
        ("09:00", "started"),
        ("10:31", "warned"),
        ("11:24", "warning"),
        ("12:00", "due"),
        ("12:00", "escalation"),
    ]
    assert trail.lines[-1].sentence == "Leo Marsh is told"
    assert trail.keeps == "Any reply that sets a follow-up time keeps it."
    assert [line.sentence for line in other.lines if line.kind == "skipped"] == ["Not counted: Show day"]
    assert sum((s.length for s in other.stretches if s.counted), timedelta()) == timedelta(hours=3)
    assert other.stretches[0].start_at == FRIDAY and other.stretches[-1].end_at == later.due_at


def test_explain_says_who_promised_a_date(firm: World) -> None:
    trail = queries.explain(firm.commit(nz("2026-03-12 15:00")), at=FRIDAY)

    assert trail.rule_sentence == "Ana Reyes promised this time."


def test_explain_of_a_closed_promise_looks_back(firm: World) -> None:
    promise = actions.keep(promise=firm.owe(), by=firm.ana, at=nz("2026-03-09 12:00"))

    trail = queries.explain(promise, at=nz("2026-04-09 12:00"))

    assert [line.kind for line in trail.lines] == ["made", "due", "missed", "kept"]
    assert not any(line.ahead for line in trail.lines)


@pytest.mark.req("P6")
def test_a_share_is_counted_against_the_clients_own_target(firm: World) -> None:
    agreed = [
        TargetDraft(
            "acknowledge",
            3 * HOUR,
            share=Decimal(60),
            strict_seconds=HOUR,
            strict_share=Decimal(80),
            average_seconds=90 * MINUTE,
        )
    ]
    firm.agree(agreed, mine=True)
    firm.owe(subject=9, at=nz("2026-02-27 10:00"))
    for number, hours in enumerate((1, 2, 3, 4, None), start=1):
        promise = firm.owe(subject=number, at=nz("2026-03-05 09:00"))
        if hours is not None:
            actions.keep(promise=promise, by=firm.ana, at=nz("2026-03-05 09:00") + timedelta(hours=hours))
    actions.sweep(at=nz("2026-03-06 09:00"))
    running = firm.owe(subject=6, at=nz("2026-03-06 09:00"))
    put_off = actions.extend(
        promise=firm.owe("resolve"), due_at=nz("2026-03-12 15:00"), reason="x", by=firm.ana, at=FRIDAY
    )

    share = queries.share(
        firm.ana, kind="acknowledge", since=nz("2026-03-01 00:00"), until=nz("2026-04-01 00:00"), client=firm.bakery
    )
    resolved = queries.share(firm.ana, kind="resolve", since=nz("2026-03-01 00:00"), until=nz("2026-04-01 00:00"))

    assert (share.kept, share.late, share.missed, share.due, share.open) == (3, 1, 1, 5, 1)
    assert (share.goal, share.word, share.affordable, share.back_after) == (Decimal(60), Standing.TIGHT, 0, 0)
    assert share.strict is not None and (share.strict.percent, share.strict.word) == (Decimal(20), Standing.UNDER)
    assert (share.average_seconds, share.average_goal, share.average_holds) == (150 * MINUTE, 90 * MINUTE, False)
    assert (resolved.extended, resolved.open, resolved.due) == (1, 1, 0)
    assert running.is_open and put_off.is_open


def test_a_share_counts_only_what_the_viewer_may_see(firm: World) -> None:
    actions.keep(promise=firm.owe(), by=firm.ana, at=FRIDAY)

    seen = queries.share(firm.zoe, kind="acknowledge", since=nz("2026-03-01 00:00"), until=nz("2026-04-01 00:00"))

    assert seen.due == 0 and seen.word == Standing.NONE


def test_the_card_says_how_many_misses_are_left(firm: World) -> None:
    for number in range(50):
        actions.keep(promise=firm.owe(subject=number), by=firm.ana, at=FRIDAY)

    assert queries.explain(firm.owe(subject=99), at=FRIDAY).affordable == 1


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (
            "2026-03-04 10:00",
            [
                "Wed 13:00 hours_3",
                "Wed 17:00 today_end",
                "Thu 12:00 tomorrow",
                "Fri 12:00 in_two_days",
                "Wed 12:00 next_week",
            ],
        ),
        (
            "2026-03-06 16:45",
            ["Mon 11:45 hours_3", "Mon 12:00 tomorrow", "Tue 12:00 in_two_days", "Fri 12:00 next_week"],
        ),
        ("2026-03-07 12:00", ["Mon 12:00 hours_3", "Tue 12:00 in_two_days", "Fri 12:00 next_week"]),
    ],
)
def test_follow_up_times_offered_are_never_closed(firm: World, now: str, offered: list[str]) -> None:
    times = queries.suggest_times(firm.bakery, at=nz(now), zone=AUCKLAND)

    assert [f"{due_at:%a %H:%M} {key}" for key, due_at in times] == offered
    assert not any(queries.is_closed(firm.bakery, due_at) for _key, due_at in times)
    assert queries.is_closed(firm.bakery, nz("2026-03-07 12:00"))


def test_next_check_says_when_the_sweep_has_work(firm: World) -> None:
    assert queries.next_check_at(FRIDAY) is None

    firm.owe()

    assert queries.next_check_at(FRIDAY) == nz("2026-03-09 09:30")
    firm.close_on("2026-03-09")
    actions.mark_calendar(calendar=firm.desk.firm.calendar, at=DUE)
    assert queries.next_check_at(FRIDAY) == FRIDAY
    assert Promise.objects.count() == 1
