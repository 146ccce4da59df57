"""Amounts of the bank's own pages: minor units with the currency of their account."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from wellkept.core.money import Money
from wellkept.web.exports import figures

register = template.Library()


@register.filter
def minor(amount: int | None, currency: str) -> str:
    """`{{ line.amount_minor|minor:account.currency }}` is `−63.40`, the currency being named beside; a dash for none."""
    return "–" if amount is None else figures.amount(amount, currency, get_language() or "en")


@register.filter
def plain(amount: Money | None) -> str:
    """`{{ amount|plain }}`: the figure alone, where the head of the column names the currency."""
    return "" if amount is None else minor(amount.minor, amount.currency)
