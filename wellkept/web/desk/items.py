"""Rows of the inbox: one conversation, whose it is, what is owed next and by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellkept.conversations.models import Conversation
from wellkept.people.models import Staff
from wellkept.web.shell.promises import Row, state_word
from wellkept.web.shell.reading import zone_of
from wellkept.web.shell.words import Reader, clock, names_of, when

CHANNELS = {
    "email": gettext_noop("E-mail"),
    "internal": gettext_noop("Internal"),
    "chat": gettext_noop("Chat"),
    "phone": gettext_noop("Phone"),
}
WEEK = 6
ICONS = {"email": "mail", "internal": "note", "chat": "chat", "phone": "phone"}


def channel_word(channel: str) -> str:
    return _(CHANNELS[channel]) if channel in CHANNELS else channel


@dataclass(frozen=True)
class Item:
    """One conversation in a list, in words."""

    id: int
    href: str
    state: str
    state_said: str
    chip: str
    who: str
    where: str
    subject: str
    icon: str
    channel: str
    new: bool
    local: str
    left: str
    cuts: SafeString
    over: float
    due_epoch: int | None
    spans: str
    total: int
    risk: str
    day: int
    owner: str
    promise_id: int | None


class Desk:
    """The reader's desk: how conversations look from where this person stands at this instant."""

    def __init__(self, by: Staff, reader: Reader) -> None:
        self.by, self.reader = by, reader
        self._zones: dict[str, str] = {}

    def items(self, found: Iterable[Conversation], owed: Mapping[int, Row], query: str = "") -> list[Item]:
        """The conversations in the order given; `owed` holds each one's next open promise."""
        return [self.item(conversation, owed.get(conversation.pk), query) for conversation in found]

    def item(self, conversation: Conversation, owed: Row | None, query: str = "") -> Item:
        state, chip = self._chip(conversation, owed)
        client = conversation.client
        return Item(
            id=conversation.pk,
            href=f"{self._root}{conversation.pk}{query}",
            state=state,
            state_said=state_word(state),
            chip=chip,
            who=who_writes(conversation),
            where=client.name
            if client is not None
            else (_("Unknown sender") if conversation.channel != "internal" else _("Inside the firm")),
            subject=conversation.subject or _("No subject"),
            icon=ICONS.get(conversation.channel, "chat"),
            channel=channel_word(conversation.channel),
            new=conversation.unanswered_since is not None and conversation.resolved_at is None,
            local=self._local(client.time_zone) if client is not None else "",
            left=f"{owed.left:.4f}" if owed is not None else "1",
            cuts=_cuts(owed),
            over=owed.over if owed is not None else 0,
            due_epoch=owed.due_epoch if owed is not None and not chip_is_fixed(conversation) else None,
            spans=owed.spans if owed is not None else "",
            total=owed.total if owed is not None else 0,
            risk=owed.risk_share if owed is not None else "",
            day=owed.day_hours if owed is not None else 24,
            owner=_owner(conversation, self.by),
            promise_id=owed.id if owed is not None else None,
        )

    def _chip(self, conversation: Conversation, owed: Row | None) -> tuple[str, str]:
        if conversation.resolved_at is not None:
            return "kept", _("done %(time)s") % {"time": when(conversation.resolved_at, self.reader)}
        if conversation.snoozed_until is not None and conversation.snoozed_until > self.reader.now:
            return (owed.state if owed is not None else "open"), _("sleeps until %(time)s") % {
                "time": when(conversation.snoozed_until, self.reader)
            }
        if conversation.waiting_since is not None and (owed is None or owed.state == "wait"):
            if conversation.look_again_at is None:
                return "risk", _("look again")
            return "wait", self._days(conversation.waiting_since)
        if owed is None:
            return "none", ""
        return owed.state, soon(owed.due_at, self.reader) if owed.state == "open" else owed.left_text

    def _days(self, since: datetime) -> str:
        return _("day %(number)s") % {"number": (self.reader.now - since).days + 1}

    def _local(self, zone: str) -> str:
        """`Sydney 9:42` when the client lives in another zone than the reader."""
        if zone not in self._zones:
            there = zone_of(zone)
            self._zones[zone] = (
                ""
                if _same(there, self.reader)
                else f"{city(zone)} {clock(self.reader.now, Reader(self.reader.language, there, self.reader.now))}"
            )
        return self._zones[zone]

    @cached_property
    def _root(self) -> str:
        return reverse("conversation", args=[0]).removesuffix("0")


def soon(at: datetime, reader: Reader) -> str:
    """The shortest time that says all: `11:30`, `Fri 10:00` within the week, else the day."""
    there = at.astimezone(reader.zone)
    distance = (there.date() - reader.today).days
    if 0 < distance < WEEK:
        return f"{names_of(reader.language).days[there.weekday()]} {clock(at, reader)}"
    return when(at, reader)


def who_writes(conversation: Conversation) -> str:
    """The contact, else the address that wrote, else the colleague."""
    if conversation.contact is not None:
        return conversation.contact.name
    written_by = getattr(conversation, "written_by", "")
    return str(written_by) or (
        str(conversation.owner) if conversation.owner_id and conversation.channel == "internal" else _("Somebody")
    )


def chip_is_fixed(conversation: Conversation) -> bool:
    """Whether the words of the chip do not count down."""
    return bool(conversation.resolved_at or conversation.snoozed_until or conversation.waiting_since)


def city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _same(there: ZoneInfo, reader: Reader) -> bool:
    return reader.now.astimezone(there).utcoffset() == reader.now.astimezone(reader.zone).utcoffset()


def _owner(conversation: Conversation, by: Staff) -> str:
    if conversation.owner_id is None:
        return _("Nobody owns this yet")
    return "" if conversation.owner_id == by.pk else str(conversation.owner)


def _cuts(owed: Row | None) -> SafeString:
    if owed is None or not owed.cuts or owed.state not in {"open", "risk"}:
        return mark_safe("")
    return mark_safe("".join(format_html('<i style="--at:{}%"></i>', cut) for cut in owed.cuts))
