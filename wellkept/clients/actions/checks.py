"""What several actions ask before they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wellkept.clients import queries
from wellkept.clients.models import Client
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff


class ClientArchived(Refusal):
    """Nothing is added to a client whose books we no longer keep."""


def allow_managing_clients(by: Staff | None) -> None:
    if not people.may_manage_clients(by):
        raise NotYours(_("Only an administrator or a team lead can do this. Ask one of yours."))


def allow_work_for(client: Client, by: Staff | None) -> None:
    """Whoever may see a client may keep its contacts and nuances; an archived client is left as it was."""
    if by is not None and not queries.scope(by).holds(client.pk):
        raise NotYours(_("This client is looked after by another team."))
    if client.archived_at is not None:
        raise ClientArchived(_("%(client)s is archived. Take the client on again first.") % {"client": client.name})
