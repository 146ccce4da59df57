"""How a book is taken: whoever writes into it holds its row until the transaction ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wellkept.clients.actions.checks import allow_work_for
from wellkept.core.refusals import NotYours
from wellkept.ledger.actions.looking import hold
from wellkept.ledger.models import Book
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff

REVIEWERS = (people.Role.LEADER, people.Role.QUALITY, people.Role.ADMINISTRATOR)


def take(*, book: Book) -> tuple[int, str]:
    """Hold the book and tell where its chain ends. The next writer waits here."""
    return hold(book=book.pk)


def allow(*, book: Book, by: Staff | None) -> None:
    """Whoever may see the client keeps its book; an archived client's book is left as it was."""
    allow_work_for(book.client, by)


def allow_reviewer(*, book: Book, by: Staff | None) -> None:
    """Only a lead, a quality manager or an administrator, and one who may see the client."""
    allow(book=book, by=by)
    if by is None or not people.holds(by, *REVIEWERS):
        raise NotYours(_("Only a lead, a quality manager or an administrator can do this. Ask one of yours."))
