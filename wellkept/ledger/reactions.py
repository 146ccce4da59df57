"""What the ledger does when something happened in it: a confirmed file is posted, or taken back."""

from __future__ import annotations

from wellkept.core.models import Fact
from wellkept.core.reactions import reacts_to
from wellkept.ledger.actions import importing


@reacts_to("history.confirmed")
def post_what_was_confirmed(fact: Fact) -> None:
    importing.bring_in(file=int(fact.data["file"]), at=fact.at)


@reacts_to("history.undo_asked")
def take_back_what_was_posted(fact: Fact) -> None:
    importing.undo(file=int(fact.data["file"]), at=fact.at)
