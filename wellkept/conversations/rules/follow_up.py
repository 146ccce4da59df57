"""What a reply says about what comes next. There is no fourth way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

UNDO = timedelta(seconds=10)
"""How long a reply waits before it leaves, so that it can be taken back."""

FURTHEST = timedelta(days=366)
"""How far ahead a follow-up may be promised."""


@dataclass(frozen=True, slots=True)
class DueAt:
    """The client hears from us by `at`; `what` they will have, in the words of the promise."""

    at: datetime
    what: str = ""


@dataclass(frozen=True, slots=True)
class NothingMoreOwed:
    """The client has what they need: the reply gives everything promised here and resolves the conversation."""


@dataclass(frozen=True, slots=True)
class WaitingForClient:
    """It is the client's turn to say `what`. The first answer to an inquiry also says when we come back to it."""

    what: str
    back_at: datetime | None = None


FollowUp = DueAt | NothingMoreOwed | WaitingForClient


def promised_at(follow_up: FollowUp) -> datetime | None:
    """The time a follow-up promises, if it promises one."""
    if isinstance(follow_up, DueAt):
        return follow_up.at
    return follow_up.back_at if isinstance(follow_up, WaitingForClient) else None
