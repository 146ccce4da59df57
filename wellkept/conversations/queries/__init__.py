"""Reads of the conversations a person may see: lists that stay flat however long the history, and one thread."""

from wellkept.conversations.queries.calls import call_agreed, call_back_by, call_back_today, call_times, open_calls
from wellkept.conversations.queries.lists import Page, Row, counts, listing, waiting
from wellkept.conversations.queries.mail import mail_of, recipients
from wellkept.conversations.queries.scope import for_staff, may_see, one, owned_by
from wellkept.conversations.queries.senders import Sender, others_of_sender, sender
from wellkept.conversations.queries.thread import (
    came_to,
    draft,
    last_said,
    lookers,
    message,
    newest,
    newly_written,
    only_brings_files,
    open_handover,
    open_promises,
    placement_sentences,
    rhythm,
    thread,
    wrote_since,
)

__all__ = [
    "Page",
    "Row",
    "Sender",
    "call_agreed",
    "call_back_by",
    "call_back_today",
    "call_times",
    "came_to",
    "counts",
    "draft",
    "for_staff",
    "last_said",
    "listing",
    "lookers",
    "mail_of",
    "may_see",
    "message",
    "newest",
    "newly_written",
    "one",
    "only_brings_files",
    "open_calls",
    "open_handover",
    "open_promises",
    "others_of_sender",
    "owned_by",
    "placement_sentences",
    "recipients",
    "rhythm",
    "sender",
    "thread",
    "waiting",
    "wrote_since",
]
