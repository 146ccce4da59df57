"""Rates of exchange: entered one by one or read from a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.ledger.models import Rate
from wellkept.ledger.readers.rates import RateDraft, read_rates
from wellkept.ledger.rules.lines import CODE
from wellkept.ledger.rules.months import FIRST, LAST

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LARGEST_PART = 10**18
LONGEST_SOURCE = 40


class RateUnclear(Refusal):
    """A rate is above zero, between two currencies, on a day."""


@transaction.atomic
def set_rate(
    *, base: str, currency: str, on: date, value: Fraction, source: str, by: Staff | None, at: datetime
) -> Rate:
    """Say what one unit of `currency` was worth in `base` on a day. Saying it again corrects it."""
    draft = RateDraft(base, currency, on, value)
    [rate] = _write([draft], source, by, at)
    record("rate.set", at=at, by=by, base=base, currency=currency, on=on.isoformat())
    return rate


@transaction.atomic
def import_rates(*, data: bytes, source: str, by: Staff | None, at: datetime) -> list[Rate]:
    """Set every rate of a file: our own CSV, or the reference rates of the European Central Bank as XML or CSV."""
    rates = _write(read_rates(data), source, by, at)
    record("rates.imported", at=at, by=by, rates=len(rates))
    return rates


def _write(drafts: Sequence[RateDraft], source: str, by: Staff | None, at: datetime) -> list[Rate]:
    who = None if by is None else by.pk
    rates = {}
    for draft in drafts:
        _check(draft)
        rates[draft.base, draft.currency, draft.on] = Rate(
            base=draft.base, currency=draft.currency, on=draft.on, numerator=draft.value.numerator,
            denominator=draft.value.denominator, source=source[:LONGEST_SOURCE], set_at=at, set_by=who,
        )  # fmt: skip
    return Rate.objects.bulk_create(
        rates.values(),
        update_conflicts=True,
        unique_fields=["base", "currency", "on"],
        update_fields=["numerator", "denominator", "source", "set_at", "set_by"],
        batch_size=500,
    )


def _check(draft: RateDraft) -> None:
    if not (CODE.fullmatch(draft.base) and CODE.fullmatch(draft.currency)) or draft.base == draft.currency:
        raise RateUnclear(_("Write two different currencies as three letters each."), field="currency")
    if not FIRST <= draft.on <= LAST:
        raise RateUnclear(_("Choose a date between 1900 and 2200."), field="on")
    if draft.value <= 0 or max(draft.value.numerator, draft.value.denominator) > LARGEST_PART:
        raise RateUnclear(_("A rate is above zero and has at most 12 decimal places."), field="value")
