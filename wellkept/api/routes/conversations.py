"""Conversations: read them, answer with a commitment, note, resolve."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from wellkept.api import shown
from wellkept.api.fields import Cursor, Id, Limit, Word, Words, pack, unpack_place
from wellkept.api.routes.door import Answer, once, reads, staff_of, writes
from wellkept.api.schemas import (
    Call,
    CallOutcome,
    Conversation,
    DueAt,
    Message,
    Note,
    NothingMore,
    NotReached,
    Page,
    Priority,
    Promise,
    Reached,
    Reply,
    Resolution,
    Thread,
    Waiting,
)
from wellkept.clients import queries as clients
from wellkept.conversations import actions, models, queries
from wellkept.core.clock import now
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.promises import queries as promises
from wellkept.promises.models import Promise as Owed

router = Router(tags=["conversations"])
View = Literal["mine", "clients", "waiting", "done", "triage", "team", "all"]
ABOVE = 100


@router.get("/conversations", response=reads(Page[Conversation]), summary="Conversations, what falls due next first")
def list_conversations(
    request: HttpRequest,
    view: View = "mine",
    client: Id | None = None,
    channel: Word | None = None,
    words: Words = "",
    after: Cursor | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    by, place = staff_of(request), unpack_place(after, ".")
    if client is not None:
        clients.for_staff(by).get(pk=client)
    page = queries.listing(by, view=view, client=client, channel=channel, words=words, after=place, limit=limit)
    rows = [shown.conversation(row.conversation) for row in page.rows]
    return {"items": rows, "next": pack(page.next) if page.next else None}


@router.get("/conversations/{id}", response=reads(Thread), summary="One conversation with its messages")
def one_conversation(request: HttpRequest, id: Id, before: Id | None = None) -> dict[str, Any]:
    """The newest hundred messages, oldest first; `before` is the id of the oldest one you have."""
    conversation = queries.one(staff_of(request), id)
    messages = queries.thread(conversation, before=before, limit=ABOVE)
    return {
        "conversation": shown.conversation(conversation),
        "messages": [shown.message(message) for message in messages],
        "promises": shown.promise_list(queries.open_promises(conversation), now()),
        "before": messages[0].pk if len(messages) == ABOVE else None,
    }


@router.post("/conversations/{id}/replies", response=writes(Message, 201), summary="Answer, and say what comes next")
def reply(request: HttpRequest, id: Id, reply: Reply) -> Answer:
    """Leaves by e-mail after ten seconds. Refused without a follow-up time, in a closed hour, or with unfilled fields."""
    by, at = staff_of(request), now()
    conversation = queries.one(by, id)

    def work() -> dict[str, Any]:
        message = actions.reply(
            conversation=conversation,
            text=reply.text,
            follow_up=_follow_up(reply.follow_up),
            by=by,
            at=at,
            to=reply.to,
            cc=reply.cc,
            seen=reply.seen,
        )
        return shown.message(message)

    return once(request, Message, 201, work)


@router.post("/conversations/{id}/notes", response=writes(Message, 201), summary="Note something the client never sees")
def note(request: HttpRequest, id: Id, note: Note) -> Answer:
    by, at = staff_of(request), now()
    conversation = queries.one(by, id)
    mentions = _colleagues(by, note.mentions)

    def work() -> dict[str, Any]:
        return shown.message(actions.note(conversation=conversation, text=note.text, mentions=mentions, by=by, at=at))

    return once(request, Message, 201, work)


@router.post("/conversations/{id}/calls", response=writes(Promise, 201), summary="Promise a call")
def promise_call(request: HttpRequest, id: Id, call: Call) -> Answer:
    """Made the same day, within 24 hours at most; a later time is refused."""
    by, at = staff_of(request), now()
    conversation = queries.one(by, id)
    contact = clients.contacts_for(by).get(pk=call.contact) if call.contact is not None else None

    def work() -> dict[str, Any]:
        promise = actions.promise_call(
            conversation=conversation,
            contact=contact,
            number=call.number,
            what=call.what,
            due_at=call.due_at,
            by=by,
            at=at,
        )
        return shown.promise(promise, at)

    return once(request, Promise, 201, work)


@router.post("/conversations/{id}/calls/{promise}/outcome", response=writes(Message, 201), summary="How a call went")
def call_outcome(request: HttpRequest, id: Id, promise: Id, outcome: CallOutcome) -> Answer:
    """Reached keeps the promise. Not reached gives it a new time where that is later than what was promised."""
    by, at = staff_of(request), now()
    conversation = queries.one(by, id)
    owed = promises.for_staff(by).get(pk=promise)

    def work() -> dict[str, Any]:
        return shown.message(_call_went(conversation, owed, outcome.went, by, at))

    return once(request, Message, 201, work)


@router.post("/conversations/{id}/resolution", response=writes(Conversation, 201), summary="Resolve")
def resolve(request: HttpRequest, id: Id, resolution: Resolution) -> Answer:
    """Refused while something promised is open; where the client waits, `answer` says why no answer is needed."""
    by, at = staff_of(request), now()
    conversation = queries.one(by, id)

    def work() -> dict[str, Any]:
        return shown.conversation(actions.resolve(conversation=conversation, by=by, at=at, answer=resolution.answer))

    return once(request, Conversation, 201, work)


@router.post("/conversations/{id}/priority", response=writes(Conversation, 201), summary="Raise or lower the priority")
def set_priority(request: HttpRequest, id: Id, given: Priority) -> Answer:
    """What is open is counted again from its own start, by what is promised for that priority."""
    by, at = staff_of(request), now()
    conversation = queries.for_staff(by).get(pk=id)

    def work() -> dict[str, Any]:
        found = actions.set_priority(conversation=conversation, priority=given.priority, by=by, at=at)
        return shown.conversation(found)

    return once(request, Conversation, 201, work)


def _follow_up(given: DueAt | NothingMore | Waiting) -> actions.FollowUp:
    if isinstance(given, DueAt):
        return actions.DueAt(given.at, given.what)
    if isinstance(given, Waiting):
        return actions.WaitingForClient(given.what, given.back_at)
    return actions.NothingMoreOwed()


def _call_went(
    conversation: models.Conversation, owed: Owed, went: Reached | NotReached, by: Staff, at: datetime
) -> models.Message:
    if isinstance(went, Reached):
        return actions.call_made(conversation=conversation, promise=owed, outcome=went.outcome, by=by, at=at)
    return actions.call_tried(
        conversation=conversation, promise=owed, outcome=went.outcome, again_at=went.again_at, by=by, at=at
    )


def _colleagues(by: Staff, ids: list[int]) -> list[Staff]:
    found = list(people.for_staff(by).filter(pk__in=ids))
    if len(found) != len(set(ids)):
        raise HttpError(422, "One of the people mentioned is not a colleague of yours.")
    return found
