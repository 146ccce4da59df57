"""One registry of commands: the rail, the palette, the shortcuts and their list are all read from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wellkept.people import queries as people
from wellkept.people.models import Staff

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

May = Callable[[Staff], bool]


def everyone(by: Staff) -> bool:
    return True


@cache
def address_of(url_name: str) -> str:
    """Addresses do not change while we run, and the frame of a page asks for fifty of them."""
    try:
        return reverse(url_name) if url_name else ""
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Command:
    """Something a person can do or somewhere they can go. `who` says whether they may."""

    name: str
    label: Lazy | str
    url_name: str = ""
    key: str = ""
    icon: str = "right"
    who: May = everyone
    words: Lazy | str = ""
    query: str = ""
    also: str = ""  # other addresses that belong to this room

    @property
    def address(self) -> str:
        """Where it leads, or "" while its page is not installed."""
        return f"{address_of(self.url_name)}{self.query}" if address_of(self.url_name) else ""


@dataclass(frozen=True)
class Group:
    """A part of the rail."""

    label: Lazy | str
    commands: tuple[Command, ...] = field(default=())


TODAY = Command("today", _("Today"), "today", "g t", "today")
INBOX = Command("inbox", _("Inbox"), "inbox", "g i", "inbox", also="/conversations/")
PROMISES = Command("promises", _("Promises"), "promises", "g p", "promise")
CODING = Command(
    "coding", _("Coding"), "coding", "g k", "coding", words=_("bank lines statement code reconcile import")
)
BOOKS = Command("books", _("Books"), "books", "g b", "book", words=_("ledger accounts profit balance report journal"))
CLIENTS = Command("clients", _("Clients"), "clients", "g l", "clients")
SCORE = Command("score", _("Score card"), "score", "g s", "score")
SEARCH = Command("search", _("Search"), "search", "g /", "search")
OUTBOX = Command("outbox", _("Outgoing box"), "outbox", "g o", "out")
QUARANTINE = Command("quarantine", _("Quarantine"), "quarantine", "g u", "shield", people.may_see_health)
HEALTH = Command("health", _("Health"), "health", "g h", "heart", people.may_see_health)
SETTINGS = Command("settings", _("Settings"), "settings", "g e", "gear")

RAIL = (
    Group("", (TODAY, INBOX, PROMISES)),
    Group(_("Books"), (CODING, BOOKS)),
    Group(_("Clients"), (CLIENTS,)),
    Group(pgettext_lazy("rail group", "Me"), (SCORE,)),
    Group(_("Running it"), (HEALTH, OUTBOX, QUARANTINE)),
)
FOOT = (SETTINGS,)
TABS = (TODAY, INBOX, PROMISES, CLIENTS)

GO = (*(command for group in RAIL for command in group.commands), SEARCH, *FOOT)
DO = (
    Command(
        "new-conversation", _("New conversation"), "conversation_new", "c", "mail", words=_("write mail e-mail client")
    ),
    Command(
        "owe-colleague",
        _("Ask a colleague for something by a time"),
        "promise_new",
        "",
        "promise",
        words=_("promise colleague owe request"),
    ),
    Command(
        "my-preferences",
        _("Theme, density and language"),
        "preferences",
        "",
        "moon",
        words=_("dark light compact cosy portuguese english"),
    ),
    Command("my-keys", _("Choose the keys of your shortcuts"), "my_keys", "", "key", words=_("keyboard remap")),
    Command("keys", _("Show the keyboard shortcuts"), "keys", "?", "key"),
    Command("notices", _("Read your notices"), "notices", "g n", "bell"),
)


def for_staff(commands: tuple[Command, ...], by: Staff) -> Iterator[Command]:
    """Those the person may use and whose page is here."""
    return (command for command in commands if command.who(by) and command.address)


def matching(commands: tuple[Command, ...], by: Staff, words: str) -> list[Command]:
    """Commands whose label or words hold every word typed."""
    wanted = words.casefold().split()
    return [c for c in for_staff(commands, by) if all(w in f"{c.label} {c.words}".casefold() for w in wanted)]


def home(by: Staff) -> Command:
    """The page a person opens on: administrators who are nothing else watch over the machine."""
    return HEALTH if by.roles == [people.Role.ADMINISTRATOR] and HEALTH.address else TODAY
