"""The row of an inbox list, drawn in one go: a list shows fifty, and a template that is interpreted fifty times costs
more than everything else on the page. This is the one template of the row; every value is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wellkept.web.desk.items import Item

CURRENT = ' aria-current="true"'


def drawn(items: Iterable[Item], *, root: str, query: str, open_id: int | None = None) -> SafeString:
    """The rows one after another. `root` is the address of a row without its number, `query` the view it stands in."""
    kept = escape(query)
    return mark_safe("\n".join(_row(item, root, kept, item.id == open_id) for item in items))


def _row(item: Item, root: str, query: str, current: bool) -> str:
    fresh = " new" if item.new else ""
    return (
        f'<li id="conversation-{item.id}" data-src="{root}{item.id}{query}" data-state="{item.state}"{_clock(item)}>'
        f'<a class="item{fresh}" href="{escape(item.href)}" data-row data-opens-in="#opened"'
        f"{CURRENT if current else ''}>"
        f'<span class="flex"><span class="who cut">{escape(item.who)}</span>'
        f'<span class="faint xs cut grow">{escape(item.where)}</span>{_chip(item)}</span>'
        f'<span class="flex"><svg class="i faint" role="img" aria-label="{escape(item.channel)}"><use href="#i-{item.icon}"/></svg>'
        f'<span class="what cut sm">{escape(item.subject)}</span>{_owner(item)}{_local(item)}</span>{_thread(item)}</a>{_box(item)}</li>'
    )


def _box(item: Item) -> str:
    """Selects the row; it belongs to the bar of the list."""
    said = escape(_("Select “%(subject)s”, %(who)s") % {"subject": item.subject, "who": item.who})
    return f'<label class="pick"><input type="checkbox" name="c" value="{item.id}" form="picks" aria-label="{said}"></label>'


def _clock(item: Item) -> str:
    if not item.due_epoch:
        return ""
    return f' data-due="{item.due_epoch}" data-spans="{item.spans}" data-total="{item.total}" data-risk="{item.risk}" data-day="{item.day}"'


def _chip(item: Item) -> str:
    if item.state == "none":
        return f'<span class="pchip"><span>{escape(item.chip)}</span></span>'
    ticks = " data-left" if item.due_epoch and item.state != "open" else ""
    mark = f'<svg class="i mark" role="img" aria-label="{escape(item.state_said)}"><use href="#i-{item.state}"/></svg>'
    return f'<span class="pchip">{mark}<span{ticks}>{escape(item.chip)}</span></span>'


def _owner(item: Item) -> str:
    return f'<span class="faint xs cut push owner">{escape(item.owner)}</span>' if item.owner else ""


def _local(item: Item) -> str:
    aside = "" if item.owner else " push"
    return f'<span class="badge{aside}">{escape(item.local)}</span>' if item.local else ""


def _thread(item: Item) -> str:
    if item.promise_id is None:
        return ""
    return f'<span class="thread" style="--left:{item.left}" aria-hidden="true">{item.cuts}</span>'
