"""The way out: one row per thing that must leave, written with its change, sent by the worker, in order per subject."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from wellkept.core import wake
from wellkept.core.models import Outgoing

Transport = Callable[[Outgoing, datetime], None]
_transports: dict[str, Transport] = {}


def sends(kind: str) -> Callable[[Transport], Transport]:
    """Register the transport of a kind. It calls `mark_sent`, `mark_held`, or raises `TryLater`, `Never` or `Unknown`."""

    def register(function: Transport) -> Transport:
        _transports[kind] = function
        return function

    return register


def enqueue(*, kind: str, key: str, subject: str, payload: dict[str, object], at: datetime, client: int | None = None, wait: timedelta = timedelta(0)) -> Outgoing:
    """Write the row; `key` makes a second call return the first row. It leaves no sooner than `at + wait` (undo)."""
    row, _ = Outgoing.objects.get_or_create(
        key=key,
        defaults={"kind": kind, "subject": subject, "payload": payload, "created_at": at, "not_before": at + wait, "client": client},
    )
    transaction.on_commit(wake.worker)
    return row


def withdraw(row: Outgoing) -> bool:
    """Take back what has not left yet. False when it is already on its way."""
    return Outgoing.objects.filter(pk=row.pk, state__in=["pending", "held"], claimed_until=None).update(state="withdrawn") == 1
