"""Reads of questions to clients: open, answered, settled; for the desk and for the one contact a page was made for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from wellkept.banking import tokens
from wellkept.banking.models import Question
from wellkept.clients import queries as clients

if TYPE_CHECKING:
    from wellkept.banking.models import BankLine
    from wellkept.people.models import Staff


def for_staff(by: Staff) -> QuerySet[Question]:
    """Questions of the clients a person may see, newest first."""
    scoped = Question.objects.filter(clients.scope(by).q()).select_related(
        "client", "contact", "asked_by", "conversation"
    )
    return scoped.prefetch_related("lines__line__bank_account", "answers__files__stored")


def open_for(by: Staff) -> QuerySet[Question]:
    """Asked, and not yet taken up or withdrawn."""
    return for_staff(by).filter(settled_at=None, withdrawn_at=None)


def of_line(line: BankLine) -> QuerySet[Question]:
    """What was asked about a line, newest first."""
    asked = Question.objects.filter(lines__line=line).select_related("contact", "asked_by").order_by("-id")
    return asked.prefetch_related("answers__files__stored")


def by_token(token: str, *, at: datetime) -> Question | None:
    """The question a signed page was made for. None when it is unknown, withdrawn or expired: all look the same."""
    pk = tokens.read(token)
    if pk is None:
        return None
    found = Question.objects.filter(pk=pk, withdrawn_at=None, expires_at__gt=at)
    return found.select_related("client", "contact", "asked_by", "conversation").first()


def next_reminder_at() -> datetime | None:
    """When somebody is to be reminded next."""
    waiting = Question.objects.filter(remind_at__isnull=False, answered_at=None, withdrawn_at=None)
    return waiting.order_by("remind_at").values_list("remind_at", flat=True).first()
