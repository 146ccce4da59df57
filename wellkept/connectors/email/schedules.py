"""What mail needs by the clock: reading what waits, and looking into every mailbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from wellkept.connectors.email import actions, polling, queries
from wellkept.core.clock import now
from wellkept.core.schedules import every

MOST_AT_ONCE = 200


@every(name="email.read", seconds=1, next_at=queries.next_unread_at)
def read_waiting_mail(at: datetime) -> None:
    """Read what waits: from mailboxes, or left by a reader that vanished."""
    for _ in range(MOST_AT_ONCE):
        if actions.read_next(at=now()) is None:
            return


@every(name="email.senders", seconds=2, next_at=queries.next_sender_due_at)
def look_up_senders(at: datetime) -> None:
    """Ask the domains of those who wrote. A domain that gives no answer ends the run: names may not be had just now."""
    for _ in range(MOST_AT_ONCE):
        if actions.check_next_sender(at=now()) is None:
            return


def _next_poll(at: datetime) -> datetime | None:
    return at if queries.to_poll().exists() else None


@every(name="email.poll", seconds=30, next_at=_next_poll, limit=timedelta(minutes=10))
def poll_mailboxes(at: datetime) -> None:
    """Fetch new mail from every mailbox, all at the same time."""
    polling.poll_all(at=at)
