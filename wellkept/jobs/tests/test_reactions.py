from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World, office
from wellkept.conversations import actions as conversations
from wellkept.conversations.rules import NothingMoreOwed
from wellkept.core import deliveries, outbox
from wellkept.core.models import Delivery, Fact
from wellkept.people import queries

pytestmark = pytest.mark.django_db


def give_up(world: World, reaction: str) -> Delivery:
    """A delivery of some fact that fails once too often."""
    delivery = Delivery.objects.create(
        fact=Fact.objects.latest("seq"), reaction=reaction, next_try_at=world.start, attempts=deliveries.TRIES - 1
    )
    deliveries.fail(delivery, error=RuntimeError("broken"), at=world.start)
    return delivery


def test_a_dead_letter_is_told_to_administrators_and_only_to_them(world: World) -> None:
    give_up(world, "test.broken")

    world.run_reactions(at=world.start + timedelta(minutes=1))

    [notice] = [notice for notice in queries.unread_notices(world.admin) if notice.kind == "delivery.died"]
    assert "test.broken" in notice.text
    assert not [notice for notice in queries.unread_notices(world.ana) if notice.kind == "delivery.died"]


def test_a_dead_letter_about_dead_letters_tells_nobody(world: World) -> None:
    give_up(world, "jobs.tell_administrators")

    world.run_reactions(at=world.start + timedelta(minutes=1))

    assert not [notice for notice in queries.unread_notices(world.admin) if notice.kind == "delivery.died"]


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (outbox.Never("Nobody there has this address."), "was refused: Nobody there has this address."),
        (outbox.Unknown("The server did not answer."), "may not have arrived: The server did not answer."),
    ],
)
def test_a_letter_that_did_not_leave_is_told_to_its_writer(
    world: World, monkeypatch: pytest.MonkeyPatch, ended: Exception, told: str
) -> None:
    def refuses(row: object, moment: object) -> None:
        raise ended

    monkeypatch.setattr(outbox, "_ways", {"email": outbox.Way(refuses, None)})
    conversation = world.asked(at=office("mon 9:00"))
    conversations.reply(
        conversation=conversation, text="Yes.", follow_up=NothingMoreOwed(), by=world.ana, at=office("mon 9:30")
    )
    later = office("mon 10:00")
    row = outbox.claim(at=later)
    assert row is not None
    outbox.send(row, at=later, clock=lambda: later)

    world.run_reactions(at=later)

    [notice] = [n for n in queries.unread_notices(world.ana) if n.kind.startswith("outgoing.")]
    assert notice.text.endswith(told)
    assert (notice.subject_kind, notice.subject_id) == ("conversation", conversation.pk)
