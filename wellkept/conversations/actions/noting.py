"""What colleagues say to each other inside a conversation. The client never sees any of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wellkept.conversations import queries
from wellkept.conversations.actions import thread
from wellkept.conversations.models import Conversation, Draft, Mention, Message
from wellkept.conversations.rules import storable
from wellkept.core.facts import record
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import actions as people_actions
from wellkept.people import queries as people
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

LONGEST_NOTE = 20_000
MOST_MENTIONS = 20


class EmptyNote(Refusal):
    """There is nothing to note."""


class WouldNotSee(Refusal):
    """The colleague has no access to this client."""


class NotAsked(Refusal):
    """The promise is not one between colleagues."""


@transaction.atomic
def note(*, conversation: Conversation, text: str, mentions: Iterable[Staff] = (), by: Staff, at: datetime) -> Message:
    """An internal note. People named with @ (or in `mentions`) are told, and must be able to read it."""
    conversation = thread.fresh(conversation=conversation)
    named = {person.pk: person for person in (*mentions, *_mentioned(text)) if person.pk != by.pk}
    for person in list(named.values())[:MOST_MENTIONS]:
        refuse_blind(staff=person, conversation=conversation)
    message = _write(conversation, text, by, at)
    people_told = list(named.values())[:MOST_MENTIONS]
    Mention.objects.bulk_create([Mention(message=message, staff=person) for person in people_told])
    ids = [person.pk for person in people_told]
    fact = record(
        "note.written",
        at=at,
        by=by,
        client=conversation.client_id,
        conversation=conversation,
        message=message,
        mentions=ids,
    )
    for person in people_told:
        with translation.override(person.language):
            sentence = _("%(name)s mentioned you in “%(subject)s”: %(text)s")
            words = {"name": by.name, "subject": conversation.subject, "text": thread.summary(text)}
            tell_person(
                staff=person, conversation=conversation, kind="mention", text=sentence % words, at=at, fact=fact
            )
    Draft.objects.filter(staff=by, conversation=conversation, mode="note").delete()
    thread.make_findable(conversation=conversation, at=at)
    thread.tell(conversation=conversation)
    return message


@transaction.atomic
def ask_colleague(
    *, conversation: Conversation, colleague: Staff, text: str, due_at: datetime | None = None, by: Staff, at: datetime
) -> Promise:
    """Ask a colleague for something on this conversation. They owe it to `by` like anything owed to a client."""
    conversation = thread.fresh(conversation=conversation)
    refuse_blind(staff=colleague, conversation=conversation)
    message = _write(conversation, text, by, at)
    promise = promises.ask_colleague(
        title=thread.summary(text)[:200],
        of=colleague,
        client=conversation.client,
        due_at=due_at,
        subject_kind="conversation",
        subject_id=conversation.pk,
        by=by,
        at=at,
    )
    Message.objects.filter(pk=message.pk).update(promise=promise)
    Mention.objects.get_or_create(message=message, staff=colleague)
    record(
        "colleague.asked",
        at=at,
        by=by,
        client=conversation.client_id,
        conversation=conversation,
        message=message,
        promise=promise,
    )
    thread.tell(conversation=conversation, owners=(colleague.pk,))
    return promise


@transaction.atomic
def answer_colleague(*, conversation: Conversation, promise: Promise, text: str, by: Staff, at: datetime) -> Message:
    """Give the colleague what they asked for, as a note; that keeps the promise and tells them."""
    conversation = thread.fresh(conversation=conversation)
    about_this = promise.subject_kind == "conversation" and promise.subject_id == conversation.pk
    if promise.kind != "colleague" or not about_this:
        raise NotAsked(_("Nobody asked a colleague for this here."))
    if promise.owner_id != by.pk:
        raise NotYours(_("%(name)s was asked for this.") % {"name": promise.owner.name if promise.owner else ""})
    message = _write(conversation, text, by, at)
    promises.keep(promise=promise, by=by, at=at)
    Message.objects.filter(pk=message.pk).update(promise=promise)
    fact = record(
        "note.written",
        at=at,
        by=by,
        client=conversation.client_id,
        conversation=conversation,
        message=message,
        mentions=[],
    )
    asker = promise.to_staff
    if asker is not None:
        with translation.override(asker.language):
            sentence = _("%(name)s answered: %(text)s") % {"name": by.name, "text": thread.summary(text)}
        tell_person(staff=asker, conversation=conversation, kind="answered", text=sentence, at=at, fact=fact)
    thread.make_findable(conversation=conversation, at=at)
    thread.tell(conversation=conversation, owners=(promise.to_staff_id,))
    return message


def refuse_blind(*, staff: Staff, conversation: Conversation) -> None:
    """Whoever is called to a conversation must be able to see it."""
    if not queries.may_see(staff, conversation):
        client = conversation.client.name if conversation.client else _("people we do not know yet")
        sentence = _("%(name)s does not work for %(client)s and would see nothing. Choose somebody who does.")
        raise WouldNotSee(sentence % {"name": staff.name, "client": client}, field="staff")


def tell_person(
    *, staff: Staff, conversation: Conversation, kind: str, text: str, at: datetime, fact: Fact | None
) -> None:
    people_actions.notify(
        staff=staff,
        kind=f"conversation.{kind}",
        subject_kind="conversation",
        subject_id=conversation.pk,
        client=conversation.client_id,
        text=text,
        at=at,
        fact=fact,
    )


def _write(conversation: Conversation, text: str, by: Staff, at: datetime) -> Message:
    words = storable(text).strip()
    if not words:
        raise EmptyNote(_("Write something for your colleagues."), field="text")
    if len(words) > LONGEST_NOTE:
        raise EmptyNote(_("Shorten the note to %(limit)s characters.") % {"limit": LONGEST_NOTE}, field="text")
    return Message.objects.create(
        conversation=conversation,
        kind=Message.Kind.NOTE,
        channel=conversation.channel,
        at=at,
        staff=by,
        author_name=by.name,
        text=words,
    )


def _mentioned(text: str) -> list[Staff]:
    """Colleagues named in full after an @; the longest name wins."""
    if "@" not in text:
        return []
    found, rest = [], text.casefold()
    for person in sorted(people.active(), key=lambda staff: -len(staff.name)):
        pattern = rf"(?<!\w)@{re.escape(person.name.casefold())}(?!\w)"
        if re.search(pattern, rest):
            rest = re.sub(pattern, " ", rest)
            found.append(person)
    return found
