"""Reads of questions to clients: open, answered, settled; for the desk and for the one contact a page was made for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import QuerySet

from wellkept.banking import tokens
from wellkept.banking.models import AnswerLine, Question, Undecided
from wellkept.clients import queries as clients
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.banking.models import BankLine
    from wellkept.ledger.models import Account
    from wellkept.people.models import Staff


MOST_LINES = 40


class Chosen(NamedTuple):
    """The account a contact named for a line."""

    account: int
    answer: int
    name: str
    on: date


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
    return asked.prefetch_related("answers__files__stored", "answers__lines__account")


def by_token(token: str, *, at: datetime) -> Question | None:
    """The question a signed page was made for. None when it is unknown, withdrawn or expired: all look the same."""
    pk = tokens.read(token)
    if pk is None:
        return None
    found = Question.objects.filter(pk=pk, withdrawn_at=None, expires_at__gt=at)
    return found.select_related("client", "contact", "asked_by", "conversation").first()


def offered(question: Question) -> dict[int, list[Account]]:
    """What a contact can choose from, by line still waiting: the accounts suggested, without transfers."""
    asked = Undecided.objects.filter(line__questions__question=question, suggestion__isnull=False)
    rows = asked.values_list("pk", "line__bank_account__account__book", "suggestion__choices")
    return {
        line: [accounts[row["account"]] for row in choices if row["account"] in accounts and not row.get("other")]
        for line, book, choices in rows[:MOST_LINES]
        for accounts in [ledger.chart_in_use(book)]
    }


def chosen(lines: Sequence[int]) -> dict[int, Chosen]:
    """What clients chose for these lines, the latest answer to a question that still stands."""
    rows = AnswerLine.objects.filter(line__in=lines, answer__question__withdrawn_at=None).order_by("answer")
    named = ("line", "account", "answer", "answer__question__contact__name", "answer__answered_at")
    return {
        line: Chosen(account, answer, name, at.date()) for line, account, answer, name, at in rows.values_list(*named)
    }


def next_reminder_at() -> datetime | None:
    """When somebody is to be reminded next."""
    waiting = Question.objects.filter(remind_at__isnull=False, answered_at=None, withdrawn_at=None)
    return waiting.order_by("remind_at").values_list("remind_at", flat=True).first()
