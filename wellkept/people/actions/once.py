"""What the doors share: a write under a key is done once and answered twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.people.models import Once, Staff

REMEMBERED = timedelta(days=7)
BATCH = 1000


class KeyUsedForAnother(Refusal):
    """The key stands for another request."""


def do_once(
    *, key: str, asked: bytes, by: Staff, at: datetime, work: Callable[[], tuple[int, dict[str, Any]]]
) -> tuple[int, dict[str, Any]]:
    """Run `work` and remember its answer under `key`, together; or give the answer remembered.

    A second request under the same key waits for the first. When the work refuses, nothing is remembered.
    """
    digest = hashlib.sha256(asked).hexdigest()
    try:
        with transaction.atomic():
            row = Once.objects.create(staff=by, key=key, asked=digest, at=at)
            row.status, row.answer = work()
            row.save(update_fields=["status", "answer"])
            return row.status, row.answer
    except IntegrityError:
        known = Once.objects.filter(staff=by, key=key).first()
        if known is None:
            raise
    if known.asked != digest:
        raise KeyUsedForAnother(_("This Idempotency-Key was used for another request. Use a new key for each write."))
    return known.status, known.answer


def forget_old_keys(*, at: datetime) -> int:
    """Drop what was answered more than a week ago; a key is not repeated after so long."""
    old = Once.objects.filter(at__lt=at - REMEMBERED).order_by("at").values_list("pk", flat=True)[:BATCH]
    return Once.objects.filter(pk__in=list(old)).delete()[0]
