"""What people do at the promise itself: who may, and what is kept, ended or handed over elsewhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from wellkept.core.refusals import NotYours
from wellkept.people.models import Notice, Staff
from wellkept.promises import actions, kinds, queries
from wellkept.promises.models import Promise
from wellkept.promises.tests.owing import DUE, FRIDAY, World, names, nz, told

pytestmark = pytest.mark.req("B8")
LATER = nz("2026-03-12 15:00")
BY_DEED = ("acknowledge", "next_reply", "resolve", "progress")


def owed(firm: World, kind: str) -> Promise:
    return firm.owe(kind, due_at=LATER) if kind == "progress" else firm.owe(kind)


@pytest.mark.parametrize("kind", BY_DEED)
def test_what_an_answer_keeps_is_not_kept_by_a_word(firm: World, kind: str) -> None:
    promise = owed(firm, kind)

    with pytest.raises(actions.KeptElsewhere, match=str(kinds.named(kind).keeps)):
        actions.keep_by_hand(promise=promise, by=firm.ana, at=FRIDAY)

    assert names(promise) == ["made"]


@pytest.mark.parametrize("kind", BY_DEED)
def test_a_clock_of_a_conversation_is_ended_and_handed_over_there(firm: World, kind: str) -> None:
    promise = owed(firm, kind)

    with pytest.raises(actions.EndsElsewhere, match="Open the conversation"):
        actions.withdraw_by_hand(promise=promise, reason="x", by=firm.ana, at=FRIDAY)
    with pytest.raises(actions.MovesElsewhere, match="Open the conversation"):
        actions.hand_over_by_hand(promise=promise, to=firm.ben, by=firm.ana, at=FRIDAY)

    promise.refresh_from_db()
    assert promise.is_open and promise.owner == firm.ana


def test_a_word_that_was_a_slip_is_taken_back_within_minutes(firm: World) -> None:
    promise = actions.keep_by_hand(promise=firm.commit(LATER), by=firm.ana, at=FRIDAY)

    with pytest.raises(NotYours):
        actions.unkeep(promise=promise, by=firm.ben, at=FRIDAY)
    with pytest.raises(actions.KeptForGood):
        actions.unkeep(promise=promise, by=firm.ana, at=FRIDAY + timedelta(minutes=6))

    assert actions.unkeep(promise=promise, by=firm.ana, at=FRIDAY + timedelta(minutes=1)).is_open
    with pytest.raises(actions.NotKept):
        actions.unkeep(promise=promise, by=firm.ana, at=FRIDAY + timedelta(minutes=1))


def test_what_a_reply_kept_is_not_taken_back_at_the_promise(firm: World) -> None:
    promise = actions.keep(promise=firm.commit(LATER), by=firm.ana, at=FRIDAY)

    with pytest.raises(actions.NotKeptByHand):
        actions.unkeep(promise=promise, by=firm.ana, at=FRIDAY)

    assert promise.kept_at == FRIDAY


CHANGES: list[Callable[[World, Promise, Staff], object]] = [
    lambda firm, promise, by: actions.keep_by_hand(promise=promise, by=by, at=FRIDAY),
    lambda firm, promise, by: actions.withdraw_by_hand(promise=promise, reason="x", by=by, at=FRIDAY),
    lambda firm, promise, by: actions.extend(promise=promise, due_at=DUE, reason="x", by=by, at=FRIDAY),
    lambda firm, promise, by: actions.hand_over_by_hand(promise=promise, to=firm.ben, by=by, at=FRIDAY),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_team_mate_changes_nothing_that_another_owes(firm: World, change: Callable[..., object]) -> None:
    promise = firm.commit(LATER)

    for other in (firm.ben, firm.desk.sam):  # both see the client
        with pytest.raises(NotYours, match="Ana Reyes owes this"):
            change(firm, promise, other)

    assert names(promise) == ["made"]


def test_in_whose_hands_a_promise_is(firm: World) -> None:
    desk = firm.desk
    mine = firm.commit(LATER)
    supports = firm.commit(LATER, owner=desk.sam)
    asked = actions.ask_colleague(title="Scan", of=firm.ana, client=None, due_at=None, by=firm.ben, at=FRIDAY)
    nobodys = firm.commit(LATER, owner=None)

    def hands(promise: Promise) -> list[str]:
        return [person.name.split()[0] for person in everybody if queries.may_change(person, promise)]

    everybody = [desk.ada, desk.leo, desk.ana, desk.ben, desk.sam, desk.zoe]
    assert hands(mine) == ["Ada", "Leo", "Ana"]
    assert hands(supports) == ["Ada", "Leo", "Ana", "Sam"], "the client’s bookkeeper and who is above them too"
    assert hands(asked) == ["Ada", "Leo", "Ana", "Ben"], "whoever asked may say that they have it"
    assert hands(nobodys) == ["Ada", "Leo", "Ana", "Ben", "Sam", "Zoe"], "whoever sees it"


def test_a_promise_about_a_client_goes_to_somebody_who_can_see_it(firm: World) -> None:
    promise = firm.commit(LATER)

    with pytest.raises(actions.WouldNotSee, match="Zoe Hart does not work for Harbour Lane Bakery"):
        actions.hand_over_by_hand(promise=promise, to=firm.zoe, by=firm.ana, at=FRIDAY)
    with pytest.raises(actions.WouldNotSee):
        actions.ask_colleague(title="Scan", of=firm.zoe, client=firm.bakery, due_at=None, by=firm.ana, at=FRIDAY)

    assert (promise.owner, told(firm.zoe)) == (firm.ana, [])
    assert actions.hand_over_by_hand(promise=promise, to=firm.ben, by=firm.leo, at=FRIDAY).owner == firm.ben


def test_a_decision_somebody_waits_for_is_not_ticked_off(firm: World) -> None:
    disputed = actions.dispute(promise=firm.owe(), reason="I was ill", by=firm.ana, at=FRIDAY)

    for let_go in (
        lambda: actions.keep_by_hand(promise=disputed.task, by=firm.leo, at=FRIDAY),
        lambda: actions.withdraw_by_hand(promise=disputed.task, reason="x", by=firm.leo, at=FRIDAY),
    ):
        with pytest.raises(actions.StillToDecide):
            let_go()


def test_a_date_taken_back_from_a_client_is_heard_of_above(firm: World) -> None:
    promise = firm.commit(LATER)
    reason = "The bank closed the account"

    actions.withdraw_by_hand(promise=promise, reason=reason, by=firm.desk.ada, at=FRIDAY)

    assert told(firm.ana) == told(firm.leo) == ["promise.withdrawn"]
    text = Notice.objects.get(staff=firm.leo).text
    assert text.startswith("Ada Stone withdrew “The oven invoice”, promised to Mina Okafor") and reason in text


def test_whoever_withdraws_is_not_told_of_it_and_colleagues_settle_it_between_them(firm: World) -> None:
    actions.withdraw_by_hand(promise=firm.commit(LATER), reason="x", by=firm.ana, at=FRIDAY)
    asked = actions.ask_colleague(title="Scan", of=firm.ana, client=None, due_at=None, by=firm.ben, at=FRIDAY)
    actions.withdraw_by_hand(promise=asked, reason="x", by=firm.ben, at=FRIDAY)

    assert told(firm.ana) == ["promise.asked"]
    assert told(firm.leo) == ["promise.withdrawn"]
