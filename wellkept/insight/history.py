"""The service book as one person may read it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from wellkept.clients import queries as clients
from wellkept.core.models import Fact
from wellkept.people.models import Staff

OF_NOBODY = ("conversation.", "message.")  # what strangers write, before it is known whose it is


def facts(
    by: Staff,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    name: str | None = None,
    client: int | None = None,
) -> QuerySet[Fact]:
    """Facts in order, of the period `[since, until)`: those of the viewer's clients and those they wrote themselves."""
    wanted = {"at__gte": since, "at__lt": until, "name": name, "client": client}
    found = Fact.objects.filter(_visible(by), **{key: value for key, value in wanted.items() if value is not None})
    return found.order_by("seq")


def _visible(by: Staff) -> Q:
    scope = clients.scope(by)
    if scope.everything:
        return Q()
    seen = Q(client__in=sorted(scope.ids)) | Q(by=by.pk)
    if scope.without_client:
        for start in OF_NOBODY:
            seen |= Q(client=None, name__startswith=start)
    return seen
