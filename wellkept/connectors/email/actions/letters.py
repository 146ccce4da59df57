"""What is kept about a letter on its way out: its exact bytes, and who has not got it yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wellkept.core import files
from wellkept.core.models import Outgoing, StoredFile


def keep_bytes(*, outgoing: Outgoing, content: bytes, at: datetime) -> StoredFile:
    """The exact bytes, stored before anything is sent; a second try sends the same."""
    stored = files.store(content, media_type="message/rfc822", at=at, limit=len(content) + 1)
    with transaction.atomic():
        Outgoing.objects.filter(pk=outgoing.pk).update(content=stored)
    outgoing.content = stored
    return stored


def keep_left(*, outgoing: Outgoing, left: Sequence[str]) -> None:
    """Who still waits for this letter after some servers have taken it: a second try writes only to them."""
    outgoing.payload = {**outgoing.payload, "left": list(left)}
    with transaction.atomic():
        Outgoing.objects.filter(pk=outgoing.pk).update(payload=outgoing.payload)
