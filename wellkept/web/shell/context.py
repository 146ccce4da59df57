"""What the frame around every page shows: rooms, the person, preferences and the server's time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from wellkept.people import queries as people
from wellkept.people.models import Role, Staff
from wellkept.web.shell import commands
from wellkept.web.shell.assets import SCRIPTS, STYLES
from wellkept.web.shell.counts import Count, of_frame
from wellkept.web.shell.keys import Keys, keys_of
from wellkept.web.shell.reading import reader

MOST_PEOPLE = 30


@dataclass(frozen=True)
class Link:
    """A room in the rail or the bar below."""

    name: str
    label: str
    icon: str
    key: str
    address: str
    current: bool
    count: Count | None = None


@dataclass(frozen=True)
class LinkGroup:
    label: str
    links: list[Link]


@dataclass(frozen=True)
class Person:
    pk: int
    name: str
    role_words: str

    def __str__(self) -> str:
        return self.name


def role_words(staff: Staff) -> str:
    """`Bookkeeper, team lead`."""
    names = dict(Role.choices)
    return ", ".join(
        str(names[role]) if not i else str(names[role]).lower() for i, role in enumerate(staff.roles) if role in names
    )


class Shell:
    """Lazy: a fragment that shows no frame pays nothing for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.staff = getattr(request, "staff", None)
        self.styles, self.scripts = STYLES, SCRIPTS

    @property
    def now_ms(self) -> int:
        return int(reader(self.request).now.timestamp() * 1000)

    @property
    def since_ms(self) -> int:
        """Before the first read of this page: what is told from here on the page may not show."""
        return int(self.request.began_at.timestamp() * 1000)  # type: ignore[attr-defined]

    @cached_property
    def keys(self) -> Keys:
        return keys_of(self.staff)

    @cached_property
    def _counted(self) -> tuple[dict[str, Count], int]:
        if self.staff is None:
            return {}, 0
        return of_frame(self.staff, reader(self.request), getattr(self.request, "mine", None))

    @property
    def counts(self) -> dict[str, Count]:
        return self._counted[0]

    @property
    def rail(self) -> list[LinkGroup]:
        groups = [LinkGroup(str(group.label), self._links(group.commands)) for group in commands.RAIL]
        return [group for group in groups if group.links]

    @property
    def foot(self) -> list[Link]:
        return self._links(commands.FOOT)

    @property
    def tabs(self) -> list[Link]:
        return self._links(commands.TABS)

    @property
    def more(self) -> list[Link]:
        """What the bar below has no room for."""
        shown = {command.name for command in commands.TABS}
        return [link for link in self._links(commands.GO) if link.name not in shown]

    @property
    def do_with_keys(self) -> list[Link]:
        """Commands with a key but no button in the frame: the keyboard finds them in a hidden list."""
        return [link for link in self._links(commands.DO) if link.key]

    @property
    def notices(self) -> int:
        return self._counted[1]

    @property
    def demo_people(self) -> list[Person]:
        """Everybody of the demo firm, for one-click sign-in; nobody outside demo mode."""
        if not settings.DEMO:
            return []
        return [
            Person(person.pk, person.name, role_words(person))
            for person in people.active().order_by("pk")[:MOST_PEOPLE]
        ]

    def _links(self, chosen: tuple[commands.Command, ...]) -> list[Link]:
        if self.staff is None:
            return []
        return [self._link(command, self.request.path) for command in commands.for_staff(chosen, self.staff)]

    def _link(self, command: commands.Command, path: str) -> Link:
        address = command.address
        here = path == address or (address != "/" and path.startswith(address.rstrip("/") + "/"))
        here = here or bool(command.also and path.startswith(command.also))
        return Link(
            command.name, str(command.label), command.icon, command.key, address, here, self.counts.get(command.name)
        )


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
