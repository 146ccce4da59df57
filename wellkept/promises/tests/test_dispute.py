"""A line somebody says is wrong: asked as a promise, decided by another, and the score stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.world import World, office
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours
from wellkept.people import actions as people
from wellkept.people.models import Notice
from wellkept.promises import actions, queries
from wellkept.promises.models import Dispute, Promise

NOW = office("tue 10:00")


@pytest.fixture
def missed(world: World) -> Promise:
    promise = actions.make(
        kind="acknowledge", title="The oven", client=world.bakery, owner=world.ana, to_contact=world.mina,
        subject_kind="conversation", subject_id=1, channel="email", by=None, at=office("mon 9:00"),
    )  # fmt: skip
    assert promise is not None
    actions.sweep(at=office("mon 17:00"))
    promise.refresh_from_db()
    return promise


@pytest.fixture
def disputed(world: World, missed: Promise) -> Dispute:
    return actions.dispute(promise=missed, reason=" She rang us at nine. ", by=world.ana, at=NOW)


def test_the_supervisor_owes_a_decision(world: World, disputed: Dispute) -> None:
    task = disputed.task

    assert (disputed.reason, disputed.is_open) == ("She rang us at nine.", True)
    assert (task.kind, task.owner, task.to_staff) == ("colleague", world.lead, world.ana)
    assert (task.subject_kind, task.subject_id) == ("promise", disputed.promise_id)
    assert Notice.objects.filter(staff=world.lead, kind="promise.asked").count() == 1
    fact = Fact.objects.get(name="promise.disputed")
    assert (fact.data["promise"], fact.data["dispute"]) == (disputed.promise_id, disputed.pk)


@pytest.mark.parametrize(
    ("verb", "name"), [("uphold", "promise.dispute_upheld"), ("turn_down", "promise.dispute_turned_down")]
)
def test_a_decision_keeps_the_task_and_is_told_and_the_score_stays(
    world: World, disputed: Dispute, verb: str, name: str
) -> None:
    before = Promise.objects.filter(pk=disputed.promise_id).values().get()

    decided = getattr(actions, verb)(dispute=disputed, answer="The call is on record.", by=world.lead, at=NOW)

    assert not decided.is_open and decided.decided_by == world.lead
    assert Promise.objects.get(pk=disputed.task_id).kept_at == NOW
    assert Promise.objects.filter(pk=disputed.promise_id).values().get() == before
    assert Fact.objects.filter(name=name).count() == 1
    told = Notice.objects.get(staff=world.ana, kind="promise.dispute_decided")
    assert "Grace Tuhoe" in told.text and "The call is on record." in told.text


def refused(error: type[Exception], verb: Any, **named: Any) -> None:
    with pytest.raises(error), transaction.atomic():
        verb(at=NOW, **named)


def test_once_with_a_reason_and_never_by_the_one_who_asked(world: World, missed: Promise, disputed: Dispute) -> None:
    refused(actions.DisputedAlready, actions.dispute, promise=missed, reason="Again", by=world.ana)
    refused(actions.NoReason, actions.dispute, promise=disputed.task, reason="  ", by=world.ana)
    refused(actions.NoReason, actions.turn_down, dispute=disputed, answer=" ", by=world.lead)
    for person in (world.ana, world.leo, world.stranger):
        refused(NotYours, actions.uphold, dispute=disputed, answer="", by=person)

    actions.uphold(dispute=disputed, answer="", by=world.admin, at=NOW)

    refused(actions.DecidedAlready, actions.turn_down, dispute=disputed, answer="No", by=world.lead)


def test_who_takes_the_task_over_decides(world: World, disputed: Dispute) -> None:
    actions.hand_over(promise=disputed.task, to=world.ruth, by=world.lead, at=NOW)

    disputed.task.refresh_from_db()
    actions.uphold(dispute=disputed, answer="", by=world.ruth, at=NOW)

    disputed.refresh_from_db()
    assert disputed.decided_by == world.ruth


def test_a_task_ticked_off_before_is_still_decided(world: World, disputed: Dispute) -> None:
    actions.keep(promise=disputed.task, by=world.lead, at=NOW)

    actions.turn_down(dispute=Dispute.objects.get(), answer="It was late.", by=world.lead, at=NOW)

    assert Dispute.objects.get().turned_down_at == NOW


def test_without_anybody_above_there_is_nobody_to_ask(world: World, missed: Promise) -> None:
    refused(actions.NobodyAbove, actions.dispute, promise=missed, reason="Wrong", by=world.admin)

    people.grant_roles(staff=world.ruth, roles=["quality"], by=world.admin, at=NOW)

    assert actions.dispute(promise=missed, reason="Wrong", by=world.admin, at=NOW).task.owner == world.ruth


def test_who_sees_the_promise_sees_its_dispute(world: World, disputed: Dispute) -> None:
    assert all(disputed in queries.disputes_for(person) for person in (world.ana, world.lead, world.admin))
    assert disputed not in queries.disputes_for(world.stranger)


@pytest.mark.parametrize(
    "values", [{"reason": ""}, {"upheld_at": NOW}, {"turned_down_at": NOW, "decided_by_id": 1}, {"decided_by_id": 1}]
)
def test_the_database_keeps_half_a_decision_out(disputed: Dispute, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.filter(pk=disputed.pk).update(**values)
