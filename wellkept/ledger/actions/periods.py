"""Closing the months of a book: softly, so that a lead may still post; for good, so that nobody may; and opening again."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.ledger.actions.posting import reason_given
from wellkept.ledger.actions.taking import allow, allow_reviewer, take
from wellkept.ledger.models import Book, Period, PeriodChange
from wellkept.ledger.rules.lines import check_date
from wellkept.ledger.rules.months import LAST, month_of, next_month

if TYPE_CHECKING:
    from wellkept.people.models import Staff


class PeriodNotOpen(Refusal):
    """It is closed already."""


class PeriodNotClosed(Refusal):
    """It is open already."""


class PeriodStaysClosed(Refusal):
    """What was closed for good is never opened."""


@transaction.atomic
def open_period(*, book: Book, on: date, by: Staff | None, at: datetime) -> Period:
    """The period that holds the day; made when nothing was posted into it yet."""
    allow(book=book, by=by)
    take(book=book)
    return _period(book, on)


@transaction.atomic
def soft_close(*, period: Period, by: Staff | None, at: datetime) -> Period:
    """From now on only a lead posts here, and says why."""
    allow(book=period.book, by=by)
    take(book=period.book)
    who = None if by is None else by.pk
    closed = Period.objects.filter(pk=period.pk, soft_closed_at=None, hard_closed_at=None)
    if closed.update(soft_closed_at=at, soft_closed_by=who) != 1:
        raise PeriodNotOpen(_("This period is closed already."))
    return _changed(period, PeriodChange.Name.SOFT_CLOSED, "", by, at)


@transaction.atomic
def hard_close(*, period: Period, by: Staff, at: datetime) -> Period:
    """From now on nobody posts here, by any door."""
    allow_reviewer(book=period.book, by=by)
    take(book=period.book)
    if Period.objects.filter(pk=period.pk, hard_closed_at=None).update(hard_closed_at=at, hard_closed_by=by.pk) != 1:
        raise PeriodNotOpen(_("This period is closed for good already."))
    return _changed(period, PeriodChange.Name.HARD_CLOSED, "", by, at)


@transaction.atomic
def reopen(*, period: Period, reason: str, by: Staff, at: datetime) -> Period:
    """Open a soft-closed period again, by a reviewer who says why."""
    allow_reviewer(book=period.book, by=by)
    take(book=period.book)
    period.refresh_from_db()
    if period.hard_closed_at is not None:
        raise PeriodStaysClosed(_("This period was closed for good. Post a correction into an open one."))
    opened = Period.objects.filter(pk=period.pk, soft_closed_at__isnull=False, hard_closed_at=None)
    why = reason_given(reason=reason)
    if opened.update(soft_closed_at=None, soft_closed_by=None) != 1:
        raise PeriodNotClosed(_("This period is open already."))
    return _changed(period, PeriodChange.Name.REOPENED, why, by, at)


def _period(book: Book, on: date) -> Period:
    check_date(min(next_month(on), LAST), book.opened_on)
    month = month_of(on)
    period = Period.objects.filter(book=book, starts_on=month).first()
    return period or Period.objects.create(book=book, starts_on=month, ends_on=next_month(month))


def _changed(period: Period, name: PeriodChange.Name, reason: str, by: Staff | None, at: datetime) -> Period:
    who = None if by is None else by.pk
    PeriodChange.objects.create(period=period, name=name, reason=reason, at=at, by=who)
    record(
        f"period.{name.value}", at=at, by=by, client=period.book.client_id, book=period.book_id,
        period=period.pk, starts_on=period.starts_on.isoformat(),
    )  # fmt: skip
    period.refresh_from_db()
    return period
