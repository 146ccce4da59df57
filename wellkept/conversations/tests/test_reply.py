from __future__ import annotations

import pytest

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.rules import DueAt


@pytest.mark.req("B7")
def test_a_reply_with_a_time_keeps_the_acknowledgement(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))

    [clock] = queries.open_promises(conversation)
    assert (clock.kind, clock.due_at, clock.owner) == ("acknowledge", office("mon 12:00"), world.ana)

    message = actions.reply(
        conversation=conversation,
        text="Let me check.",
        follow_up=DueAt(office("mon 15:00"), "GST answer"),
        by=world.ana,
        at=office("mon 9:30"),
    )
    clock.refresh_from_db()
    assert clock.kept_at == office("mon 9:30")
    assert message.promise is not None and message.promise.due_at == office("mon 15:00")
    assert message.promise.title == "GST answer"
