from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.world import at
from wellkept.clients.actions import DAY, HOUR, TargetDraft
from wellkept.promises import actions, queries
from wellkept.promises.models import Promise
from wellkept.promises.tests.owing import DUE, FRIDAY, World, facts, names, nz, told


@pytest.mark.req("W1")
def test_friday_afternoon_question_is_due_monday(firm: World) -> None:
    promise = firm.owe(at=FRIDAY)

    assert promise.due_at == DUE
    assert promise.seconds == 3 * HOUR
    assert (names(promise), facts(promise)) == (["made"], ["promise.made"])


@pytest.mark.req("P6")
def test_the_clients_own_agreement_comes_before_the_house_rules(firm: World) -> None:
    firm.agree([TargetDraft("acknowledge", HOUR, channel="email")], mine=True)

    assert firm.owe(at=FRIDAY).due_at == nz("2026-03-06 17:00")
    vineyard = firm.owe(at=FRIDAY, client=firm.books.vineyard, to_contact=None, owner=firm.zoe, subject=2)
    assert vineyard.due_at == DUE


def test_the_clock_starts_when_the_message_came_not_when_it_was_read(firm: World) -> None:
    promise = firm.owe(start_at=nz("2026-03-06 10:00"), at=FRIDAY)

    assert promise.due_at == nz("2026-03-06 13:00")
    assert promise.made_at == nz("2026-03-06 10:00")


def test_elapsed_targets_count_nights_too(firm: World) -> None:
    firm.agree([TargetDraft("next_reply", DAY, clock="elapsed")])

    promise = firm.owe("next_reply", at=FRIDAY)

    assert promise.due_at == FRIDAY + timedelta(hours=24)
    assert promise.calendar is None


def test_nothing_agreed_is_nothing_promised(firm: World) -> None:
    made = actions.make(
        kind="progress", title="x", client=firm.bakery, owner=firm.ana, subject_kind="conversation", subject_id=1,
        by=firm.ana, at=FRIDAY,
    )  # fmt: skip

    assert made is None and not Promise.objects.exists()


def test_a_second_message_does_not_restart_the_clock(firm: World) -> None:
    first = firm.owe(at=FRIDAY)

    again = firm.owe(at=nz("2026-03-09 10:00"))

    assert (again.pk, again.due_at) == (first.pk, DUE)
    assert names(first) == ["made"]


def test_the_database_knows_too_that_one_clock_runs_a_subject(firm: World) -> None:
    promise = firm.owe()
    promise.pk = None
    promise._state.adding = True

    with pytest.raises(IntegrityError), transaction.atomic():
        promise.save(force_insert=True)


def test_after_an_answer_the_next_message_opens_a_new_clock(firm: World) -> None:
    first = firm.owe()
    actions.keep(promise=first, by=firm.ana, at=nz("2026-03-09 09:30"))

    second = firm.owe(at=nz("2026-03-09 10:00"))

    assert second.pk != first.pk
    assert second.due_at == nz("2026-03-09 13:00")


@pytest.mark.req("B8")
def test_a_commitment_is_due_when_it_was_promised(firm: World) -> None:
    promise = firm.commit(nz("2026-03-12 15:00"))

    assert (promise.due_at, promise.seconds) == (nz("2026-03-12 15:00"), None)


@pytest.mark.parametrize(
    ("due", "refusal"),
    [
        ("2026-03-06 16:00", actions.DueInThePast),
        ("2026-03-05 10:00", actions.DueInThePast),
        ("2029-12-05 10:00", actions.DueTooFar),
        ("2026-03-07 12:00", actions.DueWhenClosed),
        ("2026-03-09 17:01", actions.DueWhenClosed),
    ],
)
def test_a_commitment_nobody_can_keep_is_refused(firm: World, due: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        firm.commit(nz(due))
    assert not Promise.objects.exists()


def test_the_closing_minute_can_be_promised(firm: World) -> None:
    assert firm.commit(nz("2026-03-09 17:00")).due_at == nz("2026-03-09 17:00")


def test_a_refusal_says_when_the_office_opens(firm: World) -> None:
    with pytest.raises(actions.DueWhenClosed, match=r"Choose Mon 9 Mar 09:00 or later"):
        firm.commit(nz("2026-03-07 12:00"))


def test_what_is_owed_has_words_and_goes_to_the_clients_own_people(firm: World) -> None:
    with pytest.raises(actions.Untitled):
        firm.commit(nz("2026-03-12 15:00"), title="  ")
    with pytest.raises(actions.NotOfThisClient):
        firm.owe(client=firm.books.vineyard)
    with pytest.raises(actions.OwedToOneself):
        actions.ask_colleague(title="x", of=firm.ana, client=None, due_at=None, by=firm.ana, at=FRIDAY)


@pytest.mark.req("C1")
def test_colleagues_are_owed_by_the_same_engine(firm: World) -> None:
    promise = actions.ask_colleague(
        title="Scan the receipts", of=firm.ben, client=firm.bakery, due_at=None, by=firm.ana, at=FRIDAY
    )

    assert (promise.owner, promise.to_staff) == (firm.ben, firm.ana)
    assert promise.due_at == nz("2026-03-09 12:00")
    assert told(firm.ben) == ["promise.asked"]
    assert [row.promise.pk for row in queries.board(firm.ana, view="owed_to_me", at=FRIDAY).rows] == [promise.pk]

    actions.sweep(at=nz("2026-03-09 12:01"))

    promise.refresh_from_db()
    assert promise.missed_at == promise.due_at
    assert "promise.missed" in told(firm.ben) and "promise.escalated" in told(firm.leo)


def test_a_colleague_who_left_is_asked_for_nothing(firm: World) -> None:
    from wellkept.people import actions as people

    people.deactivate(staff=firm.ben, taker=firm.ana, by=firm.desk.ada, at=FRIDAY)
    firm.ben.refresh_from_db()

    with pytest.raises(actions.OwnerGone):
        firm.owe(owner=firm.ben)


def test_times_read_the_same_in_any_zone(firm: World) -> None:
    assert firm.owe(at=at("2026-03-06 03:00")).due_at == at("2026-03-08 22:00")
