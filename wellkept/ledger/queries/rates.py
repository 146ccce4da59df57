"""Rates of exchange: the latest on or before a day, straight, turned round, or by way of a third currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.ledger.models import Rate

OLDEST = timedelta(days=10)
BRIDGES = ("EUR", "USD")


class RateMissing(Refusal):
    """Nobody has said what the currency was worth then."""


@dataclass(frozen=True, slots=True)
class RateFound:
    """One unit of the currency costs `value` of the base; `on` is the day of the older rate used."""

    value: Fraction
    on: date


def rate_on(base: str, currency: str, on: date) -> RateFound | None:
    """What one unit of `currency` was worth in `base`; None when no rate is younger than ten days."""
    if base == currency:
        return RateFound(Fraction(1), on)
    straight = _between(base, currency, on)
    if straight is not None:
        return straight
    for bridge in BRIDGES:
        first, second = _between(base, bridge, on), _between(bridge, currency, on)
        if first is not None and second is not None:
            return RateFound(first.value * second.value, min(first.on, second.on))
    return None


def needed_rate(base: str, currency: str, on: date) -> Fraction:
    """Like `rate_on`, refusing when there is none."""
    found = rate_on(base, currency, on)
    if found is None:
        named = {"currency": currency, "base": base, "day": on.isoformat()}
        raise RateMissing(_("There is no rate of %(currency)s in %(base)s for %(day)s. Enter one first.") % named)
    return found.value


def rates(currency: str = "") -> QuerySet[Rate]:
    """Rates on file, newest first."""
    found = Rate.objects.order_by("-on", "base", "currency")
    return found.filter(Q(currency=currency) | Q(base=currency)) if currency else found


def _between(base: str, currency: str, on: date) -> RateFound | None:
    """The younger of a rate and its reverse."""
    pair = Q(base=base, currency=currency) | Q(base=currency, currency=base)
    rate = Rate.objects.filter(pair, on__lte=on, on__gt=on - OLDEST).order_by("-on").first()
    if rate is None:
        return None
    return RateFound(rate.value if rate.base == base else 1 / rate.value, rate.on)
