import pytest

from wellkept.clients import actions as clients
from wellkept.core.models import Fact
from wellkept.people import actions as people
from wellkept.promises import actions, queries
from wellkept.promises.reactions import hand_client_promises_over, hand_open_promises_over
from wellkept.promises.tests.owing import DUE, FRIDAY, TARGETS, World, facts, names, nz, told


def test_waiting_on_the_client_stops_the_clock(firm: World) -> None:
    promise = firm.owe("next_reply", at=nz("2026-03-06 10:00"))
    assert promise.due_at == nz("2026-03-09 10:00")

    actions.pause(promise=promise, waiting_for="the statement", by=firm.ana, at=nz("2026-03-06 12:00"))
    [waiting] = queries.drawn([promise], at=nz("2026-03-20 12:00"))
    actions.resume(promise=promise, by=firm.ana, at=nz("2026-03-10 12:00"))

    assert (waiting.state, waiting.seconds_left) == ("wait", 6 * 3600)
    assert promise.due_at == nz("2026-03-11 10:00")
    assert names(promise) == ["made", "paused", "resumed"]


def test_no_warning_and_no_miss_while_the_clock_stands_still(firm: World) -> None:
    promise = firm.owe("next_reply", at=nz("2026-03-06 10:00"))
    actions.pause(promise=promise, waiting_for="the statement", by=firm.ana, at=nz("2026-03-06 12:00"))

    assert actions.sweep(at=nz("2026-05-06 10:00")) == 0
    kept = actions.keep(promise=promise, by=firm.ana, at=nz("2026-05-06 10:00"))

    assert kept.missed_at is None
    assert kept.took_seconds == 2 * 3600


def test_time_already_up_does_not_come_back_by_waiting(firm: World) -> None:
    promise = firm.owe("next_reply", at=nz("2026-03-06 10:00"))

    actions.pause(promise=promise, waiting_for="x", by=firm.ana, at=nz("2026-03-09 10:30"))
    actions.resume(promise=promise, by=firm.ana, at=nz("2026-03-11 10:00"))

    assert promise.missed_at == promise.due_at == nz("2026-03-09 10:00")
    assert promise.next_check_at is None


def test_what_never_waits(firm: World) -> None:
    firm.agree(TARGETS, pauses=False, mine=True)
    for promise in (firm.commit(nz("2026-03-12 15:00")), firm.owe("acknowledge"), firm.owe("next_reply", subject=3)):
        assert not actions.may_pause(promise=promise)
        with pytest.raises(actions.CannotWait):
            actions.pause(promise=promise, waiting_for="x", by=firm.ana, at=FRIDAY)


def test_waiting_needs_a_question_and_happens_once(firm: World) -> None:
    promise = firm.owe("next_reply")
    with pytest.raises(actions.NothingAsked):
        actions.pause(promise=promise, waiting_for="  ", by=firm.ana, at=FRIDAY)
    with pytest.raises(actions.RunsAlready):
        actions.resume(promise=promise, by=firm.ana, at=FRIDAY)

    actions.pause(promise=promise, waiting_for="x", by=firm.ana, at=FRIDAY)

    with pytest.raises(actions.WaitsAlready):
        actions.pause(promise=promise, waiting_for="x", by=firm.ana, at=FRIDAY)


def test_a_clock_set_back_while_waiting_takes_no_time_away(firm: World) -> None:
    promise = firm.owe("next_reply", at=FRIDAY)
    due_at = promise.due_at
    actions.pause(promise=promise, waiting_for="x", by=firm.ana, at=nz("2026-03-06 16:30"))

    actions.resume(promise=promise, by=firm.ana, at=nz("2026-03-06 10:00"))

    assert promise.due_at == due_at


@pytest.mark.req("C3")
def test_another_owner_owes_the_same_by_the_same_time(firm: World) -> None:
    promise = firm.owe()

    actions.hand_over(promise=promise, to=firm.ben, by=firm.ana, at=FRIDAY)

    assert (promise.owner, promise.due_at) == (firm.ben, DUE)
    assert told(firm.ben) == ["promise.handed_over"]
    assert facts(promise)[-1] == "promise.handed_over"
    with pytest.raises(actions.YoursAlready):
        actions.hand_over(promise=promise, to=firm.ben, by=firm.ana, at=FRIDAY)


def test_a_promise_handed_over_too_late_was_broken_by_the_giver(firm: World) -> None:
    promise = firm.owe()

    actions.hand_over(promise=promise, to=firm.ben, by=firm.ana, at=nz("2026-03-09 12:00"))

    missed = Fact.objects.get(name="promise.missed")
    assert missed.data["owner"] == firm.ana.pk
    assert "promise.missed" in told(firm.ana)


def test_whoever_takes_over_from_a_leaver_owes_it_all(firm: World) -> None:
    mine, asked = firm.owe(), firm.commit(nz("2026-03-12 15:00"))
    for_ben = actions.ask_colleague(title="Scan", of=firm.ana, client=None, due_at=None, by=firm.ben, at=FRIDAY)
    assert ("promises", 3) in [(held.name, held.count) for held in people_held(firm)]
    people.deactivate(staff=firm.ana, taker=firm.ben, by=firm.desk.ada, at=FRIDAY)

    hand_open_promises_over(Fact.objects.get(name="staff.deactivated"))
    hand_open_promises_over(Fact.objects.get(name="staff.deactivated"))

    for promise in (mine, asked, for_ben):
        promise.refresh_from_db()
    assert mine.owner == asked.owner == firm.ben
    assert for_ben.withdrawn_at is not None


def people_held(firm: World) -> list:  # type: ignore[type-arg]
    from wellkept.people import queries as people_queries

    return people_queries.held_by(firm.ana)


def test_a_client_handed_over_takes_its_promises_along(firm: World) -> None:
    promise, other = firm.owe(), firm.owe(client=firm.books.vineyard, to_contact=None, subject=2)
    clients.hand_portfolio(client=firm.bakery, bookkeeper=firm.ben, by=firm.desk.ada, at=FRIDAY)

    hand_client_promises_over(Fact.objects.get(name="client.handed_over"))

    promise.refresh_from_db()
    other.refresh_from_db()
    assert (promise.owner, other.owner) == (firm.ben, firm.ana)


def test_joined_conversations_owe_once(firm: World) -> None:
    early, late = firm.owe(subject=1), firm.owe(subject=2, at=nz("2026-03-06 16:30"))

    actions.move_subject(promise=early, subject_kind="conversation", subject_id=2, by=firm.ana, at=FRIDAY)

    late.refresh_from_db()
    assert early.subject_id == 2 and late.withdrawn_at is not None
    assert list(queries.open_for_subject("conversation", 2)) == [early]


TUESDAY = nz("2026-03-10 09:00")


def test_a_late_twin_that_nobody_swept_is_missed_before_it_is_withdrawn(firm: World) -> None:
    early, late = firm.owe(subject=1), firm.owe(subject=2, at=nz("2026-03-06 16:30"))

    actions.move_subject(promise=early, subject_kind="conversation", subject_id=2, by=firm.ana, at=TUESDAY)

    late.refresh_from_db()
    assert names(late) == ["made", "missed", "withdrawn"]
    assert late.missed_at == nz("2026-03-09 11:30")


def test_taking_over_what_one_had_asked_for_hides_no_miss(firm: World) -> None:
    for_ben = actions.ask_colleague(title="Scan", of=firm.ana, client=None, due_at=None, by=firm.ben, at=FRIDAY)

    actions.hand_all_over(giver=firm.ana, taker=firm.ben, by=None, at=TUESDAY)

    assert names(for_ben) == ["made", "missed", "withdrawn"]
    assert "promise.missed" in told(firm.ana)


@pytest.mark.req("A12")
def test_asking_for_help_comes_after_trying_alone(firm: World) -> None:
    promise = firm.owe()
    with pytest.raises(actions.NothingTried):
        actions.escalate(promise=promise, tried=" ", by=firm.ana, at=FRIDAY)

    help_owed = actions.escalate(promise=promise, tried="Called the bank twice", by=firm.ana, at=FRIDAY)

    assert (help_owed.owner, help_owed.to_staff, help_owed.subject_id) == (firm.leo, firm.ana, promise.pk)
    assert help_owed.due_at == nz("2026-03-09 10:00")
    from wellkept.people.models import Notice

    text = Notice.objects.get(staff=firm.leo, kind="promise.escalated").text
    assert "Called the bank twice" in text and "The oven invoice" in text and "Mina Okafor, Harbour Lane Bakery" in text
    assert names(promise)[-1] == "escalated"
