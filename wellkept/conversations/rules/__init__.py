"""Pure decisions: where a message belongs, what a reply promises, how a subject is read."""

from wellkept.conversations.rules.follow_up import DueAt, FollowUp, NothingMoreOwed, WaitingForClient
from wellkept.conversations.rules.placing import Clues, Known, Placement, place
from wellkept.conversations.rules.priorities import NORMAL, PRIORITIES, is_higher
from wellkept.conversations.rules.subjects import number_in, numbered, plain, replied, snippet, storable

__all__ = [
    "NORMAL",
    "PRIORITIES",
    "Clues",
    "DueAt",
    "FollowUp",
    "Known",
    "NothingMoreOwed",
    "Placement",
    "WaitingForClient",
    "is_higher",
    "number_in",
    "numbered",
    "place",
    "plain",
    "replied",
    "snippet",
    "storable",
]
