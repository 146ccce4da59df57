"""The head of a conversation and the strips below it: whose it is, what is owed, what holds it up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.conversations import queries
from wellkept.conversations.models import Conversation, Handover, Looking
from wellkept.conversations.wording import priority_words
from wellkept.core import related
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.promises import kinds
from wellkept.promises import queries as owed_for
from wellkept.promises.models import OPEN, Promise
from wellkept.web.desk.items import channel_word, soon, who_writes
from wellkept.web.shell.promises import BY_ANSWERING, Row, rows
from wellkept.web.shell.words import Reader, when

MOST_OPEN = 20
UNANSWERED = {"accepted_at": None, "declined_at": None, "withdrawn_at": None}


@dataclass(frozen=True)
class Act:
    """Something one can do from here: a dialog, or one press. `name` is how the palette presses it."""

    label: str
    address: str
    icon: str = "right"
    key: str = ""
    dialog: bool = True
    go: bool = False
    name: str = ""


@dataclass(frozen=True)
class Head:
    subject: str
    who: str
    line: str
    resolved: bool
    asks_why: bool
    may_take: bool
    priority: str
    acts: list[Act]


@dataclass(frozen=True)
class Strip:
    """One line of what is the matter, with what can be done about it."""

    text: str
    icon: str = "note"
    mark: str = ""
    state: str = ""
    more: str = ""
    acts: list[Act] = field(default_factory=list)


def head(found: Conversation, *, by: Staff, reader: Reader) -> Head:
    who = who_writes(found)
    where = found.client.name if found.client is not None else channel_word(found.channel)
    return Head(
        subject=found.subject or _("No subject"),
        who=who,
        line=" · ".join((f"{who}, {where}" if found.contact_id else where, _ownership(found, by))),
        resolved=found.resolved_at is not None,
        asks_why=found.unanswered_since is not None,
        may_take=found.owner_id is None and found.is_open,
        priority=priority_words(found.priority) if found.priority else "",
        acts=acts_on(found, by),
    )


@dataclass(frozen=True)
class Owed:
    """What is open on the conversation, read once for every part of the page; each is drawn when a part shows it."""

    conversation: int
    promises: list[Promise]
    by: Staff
    reader: Reader
    _drawn: dict[int, Row] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Row]:
        """This conversation's open promises of one kind."""
        return self._rows([promise for promise in self.promises if promise.kind == kind and self._is_here(promise)])

    @property
    def here(self) -> list[Row]:
        """What is owed on this very conversation, what breaks next first; what stands still comes last."""
        here = [promise for promise in self.promises if self._is_here(promise)]
        return self._rows(sorted(here, key=lambda promise: promise.paused_at is not None))

    def of_client(self, most: int) -> list[Row]:
        """What is promised to the client, this conversation's or not; what colleagues owe each other is not."""
        theirs = [promise for promise in self.promises if promise.to_staff_id is None and promise.client_id is not None]
        return self._rows(theirs[:most])

    def _rows(self, asked: list[Promise]) -> list[Row]:
        """Each is drawn once."""
        new = [promise for promise in asked if promise.pk not in self._drawn]
        self._drawn.update((row.id, row) for row in rows(new, by=self.by, reader=self.reader))
        return [self._drawn[promise.pk] for promise in asked]

    def _is_here(self, promise: Promise) -> bool:
        return promise.subject_kind == "conversation" and promise.subject_id == self.conversation


def owing(found: Conversation, *, by: Staff, reader: Reader) -> Owed:
    """One query for the conversation and its client: whoever answers must know what else was promised."""
    promises: list[Promise] = []
    if found.client_id is not None:
        promises = list(Promise.objects.filter(OPEN, client=found.client_id).order_by("due_at", "pk")[:MOST_OPEN])
    if found.client_id is None or len(promises) == MOST_OPEN:
        here = list(owed_for.open_for_subject("conversation", found.pk).select_related(None))
        promises = here + [promise for promise in promises if promise not in here]
    introduce(promises, found, by)
    return Owed(found.pk, promises, by, reader)


def introduce(promises: list[Promise], found: Conversation, by: Staff) -> None:
    """Give each promise the people it names. Nearly all name those on the page already, so nothing is joined."""
    staff = {person.pk: person for person in (by, found.owner) if person is not None}
    contacts = {found.contact.pk: found.contact} if found.contact is not None else {}
    related.join(promises, "client", {found.client.pk: found.client} if found.client is not None else {})
    related.join(promises, "to_contact", contacts)
    for name in ("owner", "to_staff"):
        related.join(promises, name, staff)


def owed(found: Conversation, open_now: Owed, *, by: Staff, reader: Reader) -> dict[str, Any]:
    """The next promise as a strip with its thread, and everything else a reader must know before answering."""
    asked = [row for row in open_now.of_kind("colleague") if row.mine]
    here = open_now.here
    more = len(here) - 1
    return {
        "owed": here[:1],
        "owed_what": _what(here[0]) if here else "",
        "owed_by": _("by %(time)s") % {"time": soon(here[0].due_at, reader)} if here else "",
        "owed_on": " ".join(f"promise-{row.id}" for row in here),
        "owed_more": ngettext("and %(number)s more", "and %(number)s more", more) % {"number": more}
        if more > 0
        else "",
        "strips": [*_asked_of(found, asked), *_calls(found, open_now), *_strips(found, open_now, by, reader)],
    }


def _what(row: Row) -> str:
    """`Acknowledge`; a commitment by what was promised."""
    promise = row.promise
    return str(kinds.named(promise.kind).words) if promise.kind in BY_ANSWERING else promise.title


def lookers(others: Iterable[Looking], *, by: Staff, reader: Reader) -> str:
    """`Ben is typing. Ruth is looking too.`"""
    from wellkept.conversations.queries.thread import is_typing

    here = [other for other in others if other.staff_id != by.pk]
    typing = [str(other.staff) for other in here if is_typing(other, reader.now)]
    looking = [str(other.staff) for other in here if str(other.staff) not in typing]
    said = []
    if typing:
        said.append(ngettext("%(names)s is typing.", "%(names)s are typing.", len(typing)) % {"names": _names(typing)})
    if looking:
        said.append(
            ngettext("%(names)s is looking at this too.", "%(names)s are looking at this too.", len(looking))
            % {"names": _names(looking)}
        )
    return " ".join(said)


def _names(names: list[str]) -> str:
    return (
        names[0]
        if len(names) == 1
        else _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    )


def _ownership(found: Conversation, by: Staff) -> str:
    if found.owner_id is None:
        return _("nobody owns this yet")
    if found.owner_id == by.pk:
        return _("yours from start to end")
    return _("%(name)s owns it") % {"name": found.owner}


def acts_on(found: Conversation, by: Staff) -> list[Act]:
    """What the menu of a conversation offers, and the palette while it is open."""

    def act(name: str, label: str, icon: str, key: str = "") -> Act:
        return Act(label, reverse(f"conversation_{name}", args=[found.pk]), icon, key, name=f"conversation-{name}")

    acts = [act("ask", _("Ask a colleague"), "ask", "a")]
    if found.client_id is not None:
        acts.append(act("call", _("Promise a call"), "phone", "l"))
    if found.is_open:
        acts.append(act("priority", _("Change the priority"), "flag"))
    if found.is_open and found.waiting_since is None:
        acts.append(act("wait", _("Wait for the client"), "wait"))
    if found.is_open and found.client_id is not None:
        acts.append(act("rhythm", _("Promise regular updates"), "retry"))
    if found.is_open:
        acts.append(act("merge", _("Put into another conversation"), "merge"))
    return [*acts, *_whose(by, act)] if found.client_id is None else acts


def _whose(by: Staff, act: Callable[..., Act]) -> Iterable[Act]:
    """What only a stranger's letter asks for."""
    yield act("assign", _("Assign a client"), "clients")
    if people.may_manage_clients(by):
        yield act("new_client", _("Take the sender’s firm on"), "plus")


def _asked_of(found: Conversation, asked: list[Row]) -> Iterable[Strip]:
    """What a colleague asked of this person here."""
    for row in asked:
        give = Act(_("Give it"), f"{reverse('conversation_give', args=[found.pk])}?promise={row.id}")
        yield Strip(
            _("You were asked: %(title)s") % {"title": row.title},
            mark=row.state,
            state=row.state,
            more=f"{row.time}, {row.left_text}",
            acts=[give],
        )


def _calls(found: Conversation, open_now: Owed) -> Iterable[Strip]:
    """Each call that is owed here, with the door to say how it went."""
    for row in open_now.of_kind("call_back"):
        made = f"{reverse('conversation_called', args=[found.pk])}?promise={row.id}"
        yield Strip(
            row.title,
            mark=row.state,
            state=row.state,
            more=f"{row.time}, {row.left_text}",
            acts=[Act(_("Call made"), made)],
        )


def _strips(found: Conversation, open_now: Owed, by: Staff, reader: Reader) -> Iterable[Strip]:
    def post(name: str, label: str, go: bool = False) -> Act:
        return Act(label, reverse(f"conversation_{name}", args=[found.pk]), dialog=False, go=go)

    offer = queries.open_handover(found) if Handover.objects.filter(conversation=found, **UNANSWERED).exists() else None
    if offer is not None:
        yield _offered(offer, by, reader, post)
    if found.resolved_at is not None:
        who = str(found.resolved_by or _("Wellkept"))
        yield Strip(
            _("%(who)s resolved this.") % {"who": who},
            mark="kept",
            state="kept",
            more=when(found.resolved_at, reader),
            acts=[post("reopen", _("Reopen"))],
        )
    if found.snoozed_until is not None and found.snoozed_until > reader.now:
        yield Strip(
            _("Put aside until %(time)s.") % {"time": when(found.snoozed_until, reader)},
            icon="snooze",
            more=_("Its promises keep counting."),
            acts=[post("wake", _("Wake it now"))],
        )
    if found.waiting_since is not None and found.is_open:
        yield _waits(found, reader, post)
    rhythm = queries.rhythm(found) if open_now.of_kind("progress") else None
    if rhythm is not None:
        days = ngettext(
            "They hear from us every business day.",
            "They hear from us every %(days)s business days.",
            rhythm.every_days,
        ) % {"days": rhythm.every_days}
        yield Strip(days, icon="retry", acts=[post("rhythm_end", _("End the updates"))])
    if found.client_id is None and found.channel != "internal" and found.is_open:
        assign = Act(_("Assign a client"), reverse("conversation_assign", args=[found.pk]))
        yield Strip(
            _("Nobody here knows this sender."),
            icon="user",
            state="risk",
            more=_("Say whose it is, so that what they were promised counts."),
            acts=[assign],
        )


def _waits(found: Conversation, reader: Reader, post: Callable[[str, str], Act]) -> Strip:
    """It is the client's turn; once that has lasted long enough, the owner's to look again."""
    waits = (
        _("Waiting for the client: %(what)s") % {"what": found.waiting_for}
        if found.waiting_for
        else _("Waiting for the client.")
    )
    more = _("since %(time)s") % {"time": when(found.waiting_since, reader)} if found.waiting_since else ""
    go_on = post("stop_waiting", _("Go on without it"))
    if found.look_again_at is None:
        longer = Act(_("Wait longer"), reverse("conversation_wait", args=[found.pk]))
        return Strip(waits, mark="risk", state="risk", more=more, acts=[longer, go_on])
    more = _("%(since)s, look again %(time)s") % {"since": more, "time": when(found.look_again_at, reader)}
    return Strip(waits, mark="wait", state="wait", more=more, acts=[go_on])


def _offered(offer: Handover, by: Staff, reader: Reader, post: Any) -> Strip:
    said = {"giver": offer.giver, "taker": offer.taker, "time": when(offer.offered_at, reader)}
    note = f"“{offer.note}”" if offer.note else ""
    if offer.taker_id == by.pk:
        return Strip(
            _("%(giver)s asks you to take this over.") % said,
            icon="share",
            state="risk",
            more=note,
            acts=[post("accept", _("Accept"), True), post("decline", _("Decline"))],
        )
    text = _("Offered to %(taker)s on %(time)s. %(giver)s owns it until it is accepted.") % said
    mine = offer.giver_id == by.pk
    return Strip(text, icon="share", more=note, acts=[post("withdraw_offer", _("Take back"))] if mine else [])
