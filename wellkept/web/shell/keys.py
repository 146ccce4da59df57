"""The keys of a person: what each shortcut is pressed with, as Wellkept came or as they chose.

Pages name a shortcut by the key it came with (`data-key="e"`); the browser is told which keys mean something else to
this person, and every hint shows their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wellkept.people.models import Staff
from wellkept.web.shell import commands

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

AFTER_GO = "go."


@dataclass(frozen=True)
class Shortcut:
    """Something one key does. `name` begins with `go.` when it is pressed after the Go key."""

    name: str
    label: Lazy | str
    key: str


# Keys that act on the page or the row at hand: a button with the same data-key carries them there.
ON_PAGE = (
    Shortcut("next", _("Next row"), "j"),
    Shortcut("before", _("Row before"), "k"),
    Shortcut("select", _("Select the row"), "x"),
    Shortcut("resolve", _("Resolve or finish"), "e"),
    Shortcut("reply", _("Reply, or hand over"), "r"),
    Shortcut("hand_over", _("Hand over what is answered with a reply"), "h"),
    Shortcut("snooze", _("Snooze, or a new time; split a bank line"), "s"),
    Shortcut("ask", _("Ask a colleague, or the client about a bank line"), "a"),
    Shortcut("note", _("Internal note"), "i"),
    Shortcut("call", _("Promise a call"), "l"),
    Shortcut("templates", _("Templates"), "#"),
    Shortcut("find", _("Find in this page"), "/"),
    Shortcut("undo", _("Undo"), "z"),
    Shortcut("first", _("Take the first suggestion"), "1"),
    Shortcut("second", _("Take the second suggestion"), "2"),
    Shortcut("third", _("Take the third suggestion"), "3"),
    Shortcut("transfer", _("Pair a transfer between two bank accounts"), "t"),
    Shortcut("match", _("Say that the book has a bank line already"), "m"),
    Shortcut("aside", _("Put a bank line aside"), "p"),
    Shortcut("approve", _("Approve the lines that are ticked"), "A"),
)
FIXED: tuple[tuple[str, Lazy | str], ...] = (
    ("Enter", _("Open; take the first suggestion")),
    ("Esc", _("Back, or leave the field")),
    ("Ctrl Enter", _("Send")),
    ("Ctrl K", _("Search or do anything")),
)
GO = Shortcut("go", _("Go somewhere: then one of the keys below"), "g")


@cache
def shortcuts() -> tuple[Shortcut, ...]:
    """Every shortcut that can be given another key: on the page, commands, the Go key, and where it goes."""
    do = (Shortcut(each.name, each.label, each.key) for each in commands.DO if len(each.key) == 1)
    chords = (each for each in (*commands.GO, *commands.DO) if each.key.startswith("g "))
    go = (Shortcut(f"{AFTER_GO}{each.name}", each.label, each.key[2:]) for each in chords)
    return (*ON_PAGE, *do, GO, *go)


@cache
def usual() -> dict[str, str]:
    """How Wellkept came."""
    return {each.name: each.key for each in shortcuts()}


@dataclass(frozen=True)
class Keys:
    """A person's own keys. `chosen` holds only what differs from how Wellkept came."""

    chosen: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        return self.chosen.get(name, usual()[name])

    def shown(self, key: str) -> str:
        """The person's keys for those of a button (`e`, `g t`); "" where they switched them off."""
        if not self.chosen or not key:
            return key
        alone, after = _names()
        if key.startswith("g "):
            first, then = self.of("go"), self.of(after[key[2:]]) if key[2:] in after else key[2:]
            return f"{first} {then}" if first and then else ""
        return self.of(alone[key]) if key in alone else key

    @property
    def told(self) -> str:
        """For the browser: what a pressed key means, alone and after Go; "" for a key that lost its meaning."""
        if not self.chosen:
            return ""
        changed = [each for each in shortcuts() if each.name in self.chosen]
        meanings: dict[str, dict[str, str]] = {"alone": {}, "after": {}}
        for each in changed:
            meanings[_place(each)][each.key] = ""
        for each in changed:
            if self.chosen[each.name]:
                meanings[_place(each)][self.chosen[each.name]] = each.key
        return json.dumps(meanings, ensure_ascii=True)


def _place(shortcut: Shortcut) -> str:
    return "after" if shortcut.name.startswith(AFTER_GO) else "alone"


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """The shortcut of each key as it came: alone, and after Go."""
    alone = {each.key: each.name for each in shortcuts() if not each.name.startswith(AFTER_GO)}
    after = {each.key: each.name for each in shortcuts() if each.name.startswith(AFTER_GO)}
    return alone, after


AS_IT_CAME = Keys()


def keys_of(staff: Staff | None) -> Keys:
    return Keys(staff.keys) if staff is not None and staff.keys else AS_IT_CAME
