"""Reads of the conversations a person may see: lists that stay flat however long the history, and one thread."""

from wellkept.conversations.queries.lists import Page, Row, count, counts, listing
from wellkept.conversations.queries.mail import mail_of, recipients
from wellkept.conversations.queries.scope import for_staff, may_see, owned_by
from wellkept.conversations.queries.thread import (
    draft,
    last_said,
    lookers,
    open_handover,
    open_promises,
    placement_sentences,
    rhythm,
    thread,
)

__all__ = [
    "Page",
    "Row",
    "count",
    "counts",
    "draft",
    "for_staff",
    "last_said",
    "listing",
    "lookers",
    "mail_of",
    "may_see",
    "open_handover",
    "open_promises",
    "owned_by",
    "placement_sentences",
    "recipients",
    "rhythm",
    "thread",
]
