"""Reads: what waits to be read, what is in quarantine, the mailboxes and how they are doing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from wellkept.connectors.email.models import QUARANTINED, UNREAD, Mailbox, RawMail
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff


def unread(*, at: datetime) -> QuerySet[RawMail]:
    """What may be read now, oldest first."""
    free = Q(reading_until=None) | Q(reading_until__lte=at)
    due = Q(next_try_at=None) | Q(next_try_at__lte=at)
    return RawMail.objects.filter(UNREAD, free, due).order_by("id")


def next_unread_at(at: datetime) -> datetime | None:
    """`at` when something waits to be read, else None."""
    return at if unread(at=at).exists() else None


def quarantine(by: Staff) -> QuerySet[RawMail]:
    """What could not be read and waits for a person, newest first."""
    if not people.may_see_health(by):
        return RawMail.objects.none()
    return RawMail.objects.filter(QUARANTINED).select_related("file", "mailbox").order_by("-quarantined_at", "-id")


def mailboxes(by: Staff) -> QuerySet[Mailbox]:
    """Every mailbox, for whoever may manage them."""
    return mailboxes_read() if people.may_manage_firm(by) else Mailbox.objects.none()


def mailboxes_read() -> QuerySet[Mailbox]:
    return Mailbox.objects.select_related("team").order_by("address")


def to_poll() -> QuerySet[Mailbox]:
    """The mailboxes that are not paused."""
    return Mailbox.objects.filter(paused_at=None).order_by("id")


def our_addresses() -> frozenset[str]:
    """Every address of ours, in lower case."""
    firm = people.firm()
    own = {address.lower() for address in Mailbox.objects.values_list("address", flat=True)}
    return frozenset(own | ({firm.mail_address.lower()} if firm else set()))


def last_thread_index(conversation: int) -> str:
    """Outlook's thread of a conversation, from the newest mail that carried one."""
    found = RawMail.objects.filter(message__conversation=conversation).exclude(thread_index="").order_by("-id")
    return found.values_list("thread_index", flat=True).first() or ""


def raw_of(pk: int) -> RawMail:
    return RawMail.objects.select_related("file", "mailbox").get(pk=pk)
