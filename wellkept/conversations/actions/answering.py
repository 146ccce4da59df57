"""Replies. Each says what comes next: a time, that nothing more is owed, or that it is the client's turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellkept.clients import queries as clients
from wellkept.conversations import queries
from wellkept.conversations.actions import clocks, closing, machine, rhythms, thread, waiting
from wellkept.conversations.actions.receiving import attach
from wellkept.conversations.incoming import IncomingFile
from wellkept.conversations.models import Conversation, Draft, Message, Rhythm
from wellkept.conversations.rules import FollowUp, NothingMoreOwed, WaitingForClient, plain, storable
from wellkept.conversations.rules.follow_up import UNDO, promised_at
from wellkept.core import bulk
from wellkept.core.addresses import email
from wellkept.core.facts import record
from wellkept.core.files import FileTooLarge
from wellkept.core.refusals import Refusal
from wellkept.knowledge import queries as knowledge
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Contact
    from wellkept.knowledge.models import Template
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

LONGEST_TEXT = 100_000
MOST_RECIPIENTS = 50
MOST_FILES = 20


class EmptyReply(Refusal):
    """There is nothing to send."""


class TextTooLong(Refusal):
    """No letter is that long."""


class Unfilled(Refusal):
    """A field of a template still stands in the text."""


class FollowUpMissing(Refusal):
    """A reply carries a time, or says that nothing more is owed."""


class WroteAgain(Refusal):
    """Somebody wrote what the writer has not seen."""


class NobodyToWriteTo(Refusal):
    """There is no address to send to."""


@transaction.atomic
def reply(
    *,
    conversation: Conversation,
    text: str,
    follow_up: FollowUp | None,
    by: Staff,
    at: datetime,
    to: Sequence[str] | None = None,
    cc: Sequence[str] = (),
    files: Sequence[IncomingFile] = (),
    template: Template | None = None,
    gives: Sequence[Promise] = (),
    seen: int | None = None,
) -> Message:
    """Answer the client. The letter leaves after ten seconds, so that it can be taken back.

    Whatever clock ran for an answer ends. `gives` are commitments this reply fulfils; when nothing more is owed it
    fulfils them all and resolves the conversation. A time in the past or in closed hours is refused by the promise.
    `seen` is the newest message the writer has read: an answer to what they have not read is refused.
    """
    conversation = thread.fresh(conversation=conversation)
    _refuse_unread(conversation, seen, by, at)
    words = checked_text(text=text)
    addresses = _addresses(to, field="to") or queries.recipients(conversation)
    copies = [copy for copy in _addresses(cc, field="cc") if copy not in addresses]
    _refuse_unsent(addresses, copies, files)
    next_step = _checked(follow_up, conversation)
    effect = _take_effect(conversation, words, next_step, gives, by, at)
    message = _write(conversation, words, addresses, copies, effect, by, at)
    for part in files:
        attach(message=message, part=part, at=at)
    thread.join(conversation=conversation, coming=map(thread.Joining, (*addresses, *copies)), at=at)
    machine.enqueue(message=message, at=at, wait=UNDO)
    Draft.objects.filter(staff=by, conversation=conversation, mode="reply").delete()
    record(
        "message.sent",
        at=at,
        by=by,
        client=conversation.client_id,
        conversation=conversation,
        message=message,
        promise=message.promise_id,
        template=template.pk if template else None,
    )
    thread.make_findable(conversation=conversation, at=at)
    thread.tell(conversation=conversation)
    return message


@transaction.atomic
def start(
    *,
    client: Client,
    contact: Contact,
    subject: str,
    text: str,
    follow_up: FollowUp | None,
    by: Staff,
    at: datetime,
    files: Sequence[IncomingFile] = (),
) -> Message:
    """Write to a contact first. The conversation is the writer's from start to end."""
    about = plain(subject) or thread.summary(text)[:80]
    conversation = open_with(client=client, contact=contact, subject=about, by=by, at=at)
    return reply(conversation=conversation, text=text, follow_up=follow_up, by=by, at=at, files=files)


@transaction.atomic
def open_with(*, client: Client, contact: Contact, subject: str, by: Staff, at: datetime) -> Conversation:
    """An empty conversation with a contact, about to be written to. It is the opener's from start to end."""
    if contact.client_id != client.pk:
        sentence = _("%(name)s is a contact of another client.")
        raise NobodyToWriteTo(sentence % {"name": contact.name}, field="contact")
    address = clients.email_of(contact)
    if not address:
        sentence = _("%(name)s has no e-mail address. Add one on the client’s page.")
        raise NobodyToWriteTo(sentence % {"name": contact.name}, field="contact")
    conversation = Conversation.objects.create(
        public_id=thread.new_number(),
        client=client,
        contact=contact,
        subject=plain(subject) or "—",
        channel="email",
        owner=by,
        opened_at=at,
        last_message_at=at,
    )
    record("conversation.opened", at=at, by=by, client=client, conversation=conversation, channel=conversation.channel)
    writer_to = thread.Joining(address, contact.name, contact.pk)
    thread.join(conversation=conversation, coming=[writer_to], at=at, new=True)
    return conversation


def checked_text(*, text: str) -> str:
    """The words to send, or why they cannot be sent yet."""
    words = storable(text).strip()
    if not words:
        raise EmptyReply(_("Write something to send."), field="text")
    if len(words) > LONGEST_TEXT:
        raise TextTooLong(_("Shorten the text, or attach it as a file."), field="text")
    if blanks := knowledge.unfilled(words):
        raise Unfilled(_("Fill in %(field)s before you send this.") % {"field": blanks[0]}, field="text")
    return words


def _refuse_unread(conversation: Conversation, seen: int | None, by: Staff, at: datetime) -> None:
    """Whoever sends has read what came in; else they are told who wrote, and when."""
    unread = queries.wrote_since(conversation, seen) if seen is not None else None
    if unread is None:
        return
    name = unread.contact.name if unread.contact is not None else unread.author_name or unread.address
    sentence = _("%(name)s wrote again at %(time)s. Read it, then send.")
    raise WroteAgain(sentence % {"name": name, "time": _clock(unread.at, by, at)}, field="seen")


def _clock(moment: datetime, by: Staff, at: datetime) -> str:
    """`9:29` on the writer's wall; with the day where it was not today."""
    there, today = moment.astimezone(ZoneInfo(by.time_zone)), at.astimezone(ZoneInfo(by.time_zone)).date()
    return date_format(there, "G:i" if there.date() == today else "D j M G:i")


def _addresses(given: Sequence[str] | None, *, field: str) -> list[str]:
    return list(dict.fromkeys(email(address, field=field) for address in given or () if address.strip()))


def _refuse_unsent(addresses: list[str], copies: list[str], files: Sequence[IncomingFile]) -> None:
    """What would not get through is refused before anything is written."""
    if not addresses:
        raise NobodyToWriteTo(_("There is no address to send to. Add one to the contact."), field="to")
    if len(addresses) + len(copies) > MOST_RECIPIENTS:
        raise NobodyToWriteTo(_("Choose at most %(limit)s recipients.") % {"limit": MOST_RECIPIENTS}, field="cc")
    size = sum(len(part.data) for part in files)
    if size > settings.ATTACHMENT_MAX_BYTES or len(files) > MOST_FILES:
        limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
        sentence = _("The attachments are larger than %(limit)s MB together. Send fewer or smaller ones.")
        raise FileTooLarge(sentence % {"limit": limit}, field="files")


def _checked(follow_up: FollowUp | None, conversation: Conversation) -> FollowUp:
    if follow_up is None:
        raise FollowUpMissing(
            _("Choose when they will hear from you next, or say that nothing more is owed."), field="follow_up"
        )
    if isinstance(follow_up, WaitingForClient):
        if not follow_up.what.strip():
            raise FollowUpMissing(_("Say what you are waiting for."), field="waiting_for")
        owes = conversation.unanswered_since is not None and conversation.acknowledged_at is None
        if owes and follow_up.back_at is None:
            sentence = _("The first answer carries a time. Choose when you come back to them, even while you wait.")
            raise FollowUpMissing(sentence, field="follow_up")
    return follow_up


@dataclass(frozen=True, slots=True)
class Effect:
    """What a reply did to its conversation, and what undoing it gives back."""

    commitment: Promise | None
    kept: list[int]
    made: list[int]
    before: dict[str, Any]

    @property
    def details(self) -> dict[str, Any]:
        return {"before": self.before, "kept": self.kept, "made": self.made}


def _take_effect(
    conversation: Conversation, text: str, follow_up: FollowUp, gives: Sequence[Promise], by: Staff, at: datetime
) -> Effect:
    """End the clocks that ran for this answer and begin what it promises."""
    rhythm = rhythms.current(conversation=conversation)
    before = {**_state(conversation, rhythm), "answered": clocks.answered(conversation=conversation)}
    if conversation.owner_id is None:
        conversation.owner = by
    running = clocks.open_on(conversation=conversation)
    kept = _keep(running, follow_up, {promise.pk for promise in gives}, by, at)
    commitment, made = _promise(conversation, follow_up, rhythm, by, at)
    running += made
    values = _turn(conversation, follow_up, running, by, at)
    thread.change(
        conversation=conversation,
        owner=conversation.owner,
        unanswered_since=None,
        acknowledged_at=conversation.acknowledged_at or at,
        snoozed_until=None,
        last_message_at=at,
        snippet=thread.summary(text),
        next_due_at=clocks.next_due(conversation=conversation, running=running)["next_due_at"],
        **values,
    )
    if isinstance(follow_up, NothingMoreOwed) and conversation.resolved_at is None:
        closing.close(conversation=conversation, by=by, at=at, event="resolved")
    return Effect(commitment, kept, [promise.pk for promise in made if promise.made_at == at], before)


def _state(conversation: Conversation, rhythm: Rhythm | None) -> dict[str, Any]:
    """What a reply changes and an undo gives back."""
    return {
        "unanswered_since": _text(conversation.unanswered_since),
        "acknowledged_at": _text(conversation.acknowledged_at),
        "waiting_since": _text(conversation.waiting_since),
        "waiting_for": conversation.waiting_for,
        "look_again_at": _text(conversation.look_again_at),
        "resolved_at": _text(conversation.resolved_at),
        "resolved_by_id": conversation.resolved_by_id,
        "snoozed_until": _text(conversation.snoozed_until),
        "owner_id": conversation.owner_id,
        "last_message_at": _text(conversation.last_message_at),
        "snippet": conversation.snippet,
        "rhythm": rhythm.pk if rhythm else None,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _keep(running: list[Promise], follow_up: FollowUp, gives: set[int], by: Staff, at: datetime) -> list[int]:
    """Keep what this answer fulfils: an acknowledgement only with a time or when nothing more is owed."""
    everything = isinstance(follow_up, NothingMoreOwed)
    kept = []
    for promise in running:
        answers = promise.kind in (*clocks.REPLY_CLOCKS, "progress")
        given = promise.kind in clocks.DATED and promise.pk in gives
        if answers or given or (everything and promise.to_staff_id is None):
            promises.keep(promise=promise, by=by, at=at)
            kept.append(promise.pk)
    return kept


def _promise(
    conversation: Conversation, follow_up: FollowUp, rhythm: Rhythm | None, by: Staff, at: datetime
) -> tuple[Promise | None, list[Promise]]:
    """The commitment this reply carries, and the next update where a rhythm runs."""
    if isinstance(follow_up, NothingMoreOwed):
        return None, []
    due_at = promised_at(follow_up)
    commitment = None
    if due_at is not None:
        title = follow_up.what.strip() or conversation.subject
        commitment = clocks.make(conversation=conversation, kind="commitment", title=title, due_at=due_at, by=by, at=at)
    progress = rhythms.renew(conversation=conversation, rhythm=rhythm, by=by, at=at)
    return commitment, [promise for promise in (commitment, progress) if promise is not None]


def _turn(
    conversation: Conversation, follow_up: FollowUp, running: list[Promise], by: Staff, at: datetime
) -> dict[str, Any]:
    """Whose turn it is now; an answer that owes something opens what was closed."""
    if isinstance(follow_up, NothingMoreOwed):
        return {}
    if conversation.resolved_at is not None:
        closing.open_again(conversation=conversation, reason="answered", by=by, at=at)
    if isinstance(follow_up, WaitingForClient):
        clocks.pause(running=running, waiting_for=follow_up.what, by=by, at=at)
        return waiting.begun(conversation=conversation, what=follow_up.what, back_at=follow_up.back_at, at=at)
    clocks.resume(running=running, by=by, at=at)
    return waiting.NOT_WAITING


def _write(
    conversation: Conversation, text: str, to: list[str], cc: list[str], effect: Effect, by: Staff, at: datetime
) -> Message:
    """The letter, quoting nothing: whoever is newly copied is shown nothing that was said before."""
    answered, references = machine.answered(conversation=conversation)
    message = Message(
        conversation=conversation,
        kind=Message.Kind.OUTBOUND,
        channel=conversation.channel,
        at=at,
        staff=by,
        author_name=by.name,
        to=to,
        cc=cc,
        text=text,
        message_id=machine.new_message_id(conversation=conversation),
        in_reply_to=answered,
        references=references,
        promise=effect.commitment,
        details=effect.details,
    )
    bulk.insert_one(message)
    return message
