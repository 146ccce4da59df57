"""The parts of a page that are too small for a file, and the words of numbers and dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

from wellkept.core.clock import now
from wellkept.core.money import Money, exponent
from wellkept.web.shell import constant, words
from wellkept.web.shell.keys import AS_IT_CAME, Keys
from wellkept.web.shell.promises import Acts, Row, state_word
from wellkept.web.shell.reading import reader as reader_of
from wellkept.web.shell.words import Reader

register = template.Library()
register.tag("translate", constant.translate)
register.tag("url", constant.url)
ACT_KEYS = ("e", "r", "s", "h")  # what the buttons of an open promise are pressed with


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "mail" %}` is decoration; with a label it is read aloud."""
    return _icon(name, str(label), css)


@lru_cache(maxsize=512)
def _icon(name: str, label: str, css: str) -> SafeString:
    if label:
        return format_html('<svg class="i {}" role="img" aria-label="{}"><use href="#i-{}"/></svg>', css, label, name)
    return format_html('<svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>', css, name)


@register.simple_tag
def mark(state: str) -> SafeString:
    """The mark of a promise's state: a shape, a colour and a word."""
    return format_html(
        '<svg class="i mark" role="img" aria-label="{}"><use href="#i-{}"/></svg>', state_word(state), state
    )


@register.simple_tag
def avatar(person: Any, size: str = "", here: str = "") -> SafeString:
    """Initials on a hue from the id; `size` is "", "s" or "l"; `here` is on, busy, break or off."""
    presence = format_html(' data-here="{}"', here) if here else ""
    return format_html(
        '<span class="av {}" style="--h:{}"{} aria-hidden="true">{}</span>',
        size,
        hue(person),
        presence,
        initials(str(person)),
    )


def initials(name: str) -> str:
    parts = [part for part in name.split() if part[0].isalnum()]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper() if parts else "?"


def hue(person: Any) -> int:
    number = getattr(person, "pk", None)
    return ((number if isinstance(number, int) else sum(map(ord, str(person)))) * 67 + 25) % 360


@register.simple_tag
def badge(text: object, state: str = "", icon_name: str = "") -> SafeString:
    """A fact in a small box; `state` only for a promise or what decides one."""
    drawn = icon(icon_name) if icon_name else ""
    return format_html(
        '<span class="badge"{}>{}{}</span>', format_html(' data-state="{}"', state) if state else "", drawn, text
    )


@register.inclusion_tag("parts/promise.html", takes_context=True)
def promise_row(context: template.Context, row: Row, current: bool = False, acts: bool = False) -> dict[str, Any]:
    """One promise in a `<ul class="promises">`; `acts` adds what may be done with it."""
    return {
        "row": row,
        "current": current,
        "acts": acts,
        "csrf_token": context.get("csrf_token", ""),
        "shell": context.get("shell"),
    }


@register.simple_tag(takes_context=True)
def promise_acts(context: template.Context, row: Row) -> SafeString:
    """What may be done with an open promise. The pattern is rendered once for each shape: lists show fifty of these."""
    if not any(row.acts):
        return mark_safe("")
    hints = tuple(_keys(context).shown(key) for key in ACT_KEYS)
    pattern = acts_pattern(get_language() or "en", row.acts, hints)
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context.get("csrf_token", ""))
    filled = pattern.replace("ADDRESS", escape(row.address)).replace("SUBJECT", escape(row.subject_address))
    return mark_safe(filled.replace("TOKEN", token))  # every value is escaped above


@lru_cache(maxsize=256)
def acts_pattern(language: str, acts: Acts, hints: tuple[str, ...]) -> str:
    shown = {"can": acts, "hints": dict(zip(ACT_KEYS, hints, strict=True))}
    with translation.override(language):
        return render_to_string("parts/promise_acts.html", shown)


@register.simple_tag(takes_context=True)
def kbd(context: template.Context, key: str) -> SafeString:
    """The hint of a button whose data-key is `key`, in the person's own keys; nothing where they switched it off."""
    shown = _keys(context).shown(key)
    return format_html("<kbd>{}</kbd>", shown) if shown else mark_safe("")


def _keys(context: template.Context) -> Keys:
    frame = context.get("shell")
    return frame.keys if frame is not None else AS_IT_CAME


@register.simple_tag
def promise_chip(row: Row) -> SafeString:
    """Mark and time only."""
    text = row.time if row.state == "open" else row.left_text
    return format_html('<span class="pchip" data-state="{}">{}<span>{}</span></span>', row.state, mark(row.state), text)


@register.simple_tag
def thread(row: Row) -> SafeString:
    """The business time that is left, with the closed hours cut out."""
    cuts = format_html_join("", '<i style="--at:{}%"></i>', ((cut,) for cut in row.cuts))
    if row.state == "kept":
        return format_html(
            '<span class="thread" style="--left:1" aria-hidden="true">{}<b style="--at:{}%"></b></span>',
            cuts,
            row.kept_at_share,
        )
    if row.state == "broken":
        return format_html('<span class="thread" style="--left:0;--over:{}" aria-hidden="true"></span>', row.over)
    return format_html('<span class="thread" style="--left:{}" aria-hidden="true">{}</span>', round(row.left, 4), cuts)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """This page's address with some parameters changed (None removes one): for tabs, sorting and pages."""
    request: HttpRequest = context["request"]
    asked = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


@register.simple_tag
def styles_and_scripts(paths: tuple[str, ...], nonce: str, kind: str) -> SafeString:
    return mark_safe(_assets(paths, kind).replace("NONCE", escape(nonce)))


@cache
def _assets(paths: tuple[str, ...], kind: str) -> SafeString:
    pattern = (
        '<link rel="stylesheet" href="{}" nonce="NONCE">'
        if kind == "css"
        else '<script defer src="{}" nonce="NONCE"></script>'
    )
    return format_html_join("\n", pattern, ((static(path),) for path in paths))


def _reader(zone: object = None) -> Reader:
    """Filters see no request: language and zone are those the middleware made current."""
    here = zone if isinstance(zone, ZoneInfo) else get_current_timezone()
    return Reader(
        language=get_language() or "en", zone=here if isinstance(here, ZoneInfo) else ZoneInfo("UTC"), now=now()
    )


@register.simple_tag
def now_full() -> str:
    reader = _reader()
    return words.full(reader.now, reader)


@register.filter
def when(at: datetime | None) -> str:
    return words.when(at, _reader()) if at else ""


@register.filter
def full(at: datetime | None) -> str:
    return words.full(at, _reader()) if at else ""


@register.filter
def clock(at: datetime | None) -> str:
    return words.clock(at, _reader()) if at else ""


@register.filter
def ago(at: datetime | None) -> str:
    return words.ago(at, _reader()) if at else ""


@register.filter
def day(on: date | datetime | None) -> str:
    if isinstance(on, datetime):
        on = on.astimezone(_reader().zone).date()
    return words.day(on, _reader()) if on else ""


@register.filter
def short_day(on: date | datetime | None) -> str:
    if isinstance(on, datetime):
        on = on.astimezone(_reader().zone).date()
    return words.short_day(on, _reader()) if on else ""


@register.filter
def month(on: date | None) -> str:
    return words.month(on, _reader()) if on else ""


@register.filter
def iso(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


@register.filter
def duration(length: float | timedelta | None, day_hours: float = 24) -> str:
    if length is None:
        return ""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    return words.duration(seconds, day_hours=day_hours)


@register.filter
def number(value: float | Decimal | None, places: int | None = None) -> str:
    return "" if value is None else words.number(value, _reader(), places)


@register.filter
def percent(share: float | Decimal | None) -> str:
    return "" if share is None else words.percent(share, _reader())


@register.filter
def money(amount: Money | None) -> str:
    """`NZD 563.50`, separated as the reader is used to."""
    if amount is None:
        return ""
    places = exponent(amount.currency)
    return f"{amount.currency} {words.number(Decimal(amount.minor).scaleb(-places), _reader(), places)}"


@register.simple_tag(takes_context=True)
def now_ms(context: template.Context) -> int:
    return int(reader_of(context["request"]).now.timestamp() * 1000)
