"""What the tests of a conversation's pages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.world import World
from wellkept.conversations.models import Conversation
from wellkept.web.tests.desk import NOW, asked


@pytest.fixture
def tuesday() -> Iterator[None]:
    """It is Tuesday, ten o'clock in Wellington."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def found(world: World) -> Conversation:
    """Mina's question of nine o'clock."""
    return asked(world)
