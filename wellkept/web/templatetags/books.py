"""Words of the books' pages: amounts in minor units as people read them."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from wellkept.core.money import exponent
from wellkept.web.exports import figures

register = template.Library()


@register.filter
def minor(amount: int | None, currency: str) -> str:
    """`48,212.40`, by the reader's separators."""
    return "" if amount is None else figures.amount(amount, currency, get_language() or "en")


@register.filter
def whole(amount: int | None, currency: str) -> str:
    """`48,212`, for the edge of a chart, where cents are noise."""
    if amount is None:
        return ""
    size = 10 ** exponent(currency)
    units = abs(amount) // size
    return figures.number(-units if amount < 0 else units, get_language() or "en")


@register.filter
def typed(amount: int | None, currency: str) -> str:
    """`1234.50`: as the field of an amount reads it back."""
    return "" if amount is None else figures.plain(amount, exponent(currency))


@register.filter
def basis(points: int | None) -> str:
    """Hundredths of a percent as `12.5%`."""
    return "" if points is None else figures.percent(points, get_language() or "en")
