"""Reads: what waits to be read, what is in quarantine, the mailboxes and how they are doing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from wellkept.connectors.email.models import QUARANTINED, TO_CHECK, UNREAD, Letterhead, Mailbox, RawMail, SenderCheck
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
    own = [people.own_address(), *Mailbox.objects.order_by().values_list("address", flat=True)]
    return frozenset(address.lower() for address in own if address)


def letterhead() -> Letterhead | None:
    """How the firm wants its letters; None while nobody has said."""
    return Letterhead.objects.filter(pk=1).first()


def last_thread_index(conversation: int) -> str:
    """Outlook's thread of a conversation, from the newest mail that carried one."""
    found = RawMail.objects.filter(message__conversation=conversation).exclude(thread_index="").order_by("-id")
    return found.values_list("thread_index", flat=True).first() or ""


def senders_due(*, at: datetime) -> QuerySet[RawMail]:
    """The mails whose sender's domain may be asked now, oldest first."""
    return RawMail.objects.filter(TO_CHECK, sender_due_at__lte=at).order_by("sender_due_at", "id")


def next_sender_due_at(at: datetime) -> datetime | None:
    """When the next sender's domain is asked."""
    due = RawMail.objects.filter(TO_CHECK).order_by("sender_due_at", "id")
    return due.values_list("sender_due_at", flat=True).first()


def sender_checks(messages: Iterable[int]) -> dict[int, SenderCheck]:
    """What is known of the senders of these messages."""
    wanted = list(messages)
    found = SenderCheck.objects.filter(message__in=wanted).order_by("id") if wanted else ()
    return {check.message_id: check for check in found}


def raw_of(pk: int) -> RawMail:
    return RawMail.objects.select_related("file", "mailbox").get(pk=pk)
