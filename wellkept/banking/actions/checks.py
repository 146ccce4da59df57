"""What every action here asks before it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wellkept.clients import queries as clients
from wellkept.core.refusals import NotYours, Refusal
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.ledger.models import Book
    from wellkept.people.models import Staff


class ClientArchived(Refusal):
    """The books of an archived client are left as they were."""


class NoBook(Refusal):
    """A client's bank lines need a book to be posted in."""


def allow_work_for(*, client: Client, by: Staff | None) -> None:
    """Whoever may see a client may keep its books; `by` is nobody when the machine acts."""
    if by is not None and not clients.scope(by).holds(client.pk):
        raise NotYours(_("This client is looked after by another team."))
    if client.archived_at is not None:
        raise ClientArchived(_("%(client)s is archived. Take the client on again first.") % {"client": client.name})


def book_of(*, client: Client) -> Book:
    """The client's book, or a refusal that says to open one."""
    book = ledger.book_of(client)
    if book is None:
        raise NoBook(_("%(client)s has no book yet. Open one first.") % {"client": client.name})
    return book
