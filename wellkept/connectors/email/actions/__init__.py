"""The only writers of mail: storing what arrived, reading it, quarantine, mailboxes, letters on their way out."""

from wellkept.connectors.email.actions.letterhead import LetterheadUnclear, change_letterhead
from wellkept.connectors.email.actions.letters import keep_bytes, keep_left
from wellkept.connectors.email.actions.mailboxes import (
    MailboxKnown,
    MailboxUnclear,
    NotAllowed,
    add_mailbox,
    change_mailbox,
    connect_again,
    keep_refresh_token,
    mark_position,
    mark_read,
    mark_trouble,
    pause_mailbox,
    remove_mailbox,
    resume_mailbox,
)
from wellkept.connectors.email.actions.quarantine import NotInQuarantine, discard, retry, take_in_as
from wellkept.connectors.email.actions.reading import read_next, read_one
from wellkept.connectors.email.actions.senders import check_next_sender
from wellkept.connectors.email.actions.storing import MailTooLarge, store, store_and_claim

__all__ = [
    "LetterheadUnclear",
    "MailTooLarge",
    "MailboxKnown",
    "MailboxUnclear",
    "NotAllowed",
    "NotInQuarantine",
    "add_mailbox",
    "change_letterhead",
    "change_mailbox",
    "check_next_sender",
    "connect_again",
    "discard",
    "keep_bytes",
    "keep_left",
    "keep_refresh_token",
    "mark_position",
    "mark_read",
    "mark_trouble",
    "pause_mailbox",
    "read_next",
    "read_one",
    "remove_mailbox",
    "resume_mailbox",
    "retry",
    "store",
    "store_and_claim",
    "take_in_as",
]
